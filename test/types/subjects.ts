import type { Account } from '#core/account.ts';
import type { Change, Command, Decision } from '#core/decision.ts';
import { AppError } from '#core/errors.ts';
import type { OrderEvidence, PrepayLink } from '#core/evidence.ts';
import { encodeMessage, type Hint, type Wake } from '#core/messages.ts';
import type { Commit, OrderGateway, RecordStore } from '#core/ports.ts';
import type { StoredRecord, SubjectKey } from '#core/record.ts';
import { assertNever } from '#core/result.ts';
import { decideOrder, type OrderContext } from '#core/subjects/order/decide.ts';
import type { Order } from '#core/subjects/order/order.ts';
import type { LogFields } from '#core/telemetry.ts';
import type { Instant } from '#core/values/time.ts';

/** Programs that must not compile: each expected error is a mistake that the types catch. */
export function decideWrongly(order: Order, evidence: OrderEvidence, context: OrderContext): void {
  const { account, now } = context;
  // @ts-expect-error Deciding is told the time.
  decideOrder(order, evidence, { account });
  // @ts-expect-error Deciding is told whose order it is.
  decideOrder(order, evidence, { now });
  // @ts-expect-error A trade_state is one that WeChat knows.
  use(evidence.type === 'state' && evidence.state === 'PAID');
  // @ts-expect-error Only a signed answer has a trade_state.
  use(evidence.state);
  // @ts-expect-error A payment may be missing from an answer.
  use(evidence.type === 'state' && evidence.payment.amountFen);
}

export function concludeWrongly(decision: Decision): void {
  // @ts-expect-error An order has one command so far.
  const command: Command = 'refund';
  // @ts-expect-error The merchant is told events of a closed list.
  const change: Change = { patch: {}, events: ['order.payed'], evidence: 'SUCCESS' };
  // @ts-expect-error A change says what WeChat said.
  const silent: Change = { patch: {}, events: [] };
  // @ts-expect-error A decision has a change only when it is a commit.
  use(decision.change);
  // @ts-expect-error A decision is not changed afterwards.
  decision.type = 'quiet';
  use(command, change, silent);
}

export function forgetACase(decision: Decision): string {
  switch (decision.type) {
    case 'quiet':
    case 'wait':
    case 'unknown':
    case 'command':
      return decision.type;
    default:
      // @ts-expect-error A commit is still possible here.
      return assertNever(decision, 'decision');
  }
}

export function keepWrongly(record: StoredRecord, store: RecordStore, at: Instant): void {
  // @ts-expect-error A record is written through its store.
  record.status = 'PAID';
  // @ts-expect-error Its data too.
  record.data['amountFen'] = 1;
  // @ts-expect-error Its history too.
  record.history.push({ at, from: 'AWAITING', to: 'PAID', because: 'notice' });
  // @ts-expect-error A subject is of a kind that we track.
  const key: SubjectKey = { ...record.key, kind: 'coupon' };
  const { key: about, version } = record;
  // @ts-expect-error A write asks for the version as loaded.
  const commit: Commit = { key: about, patch: {}, outbox: [], eventCounts: {} };
  // @ts-expect-error To end the looks one says null, which is not forgetting to say when.
  void store.arm({ key: about, version, unknownLooks: 0 });
  use(key, commit);
}

export function sendWrongly(hint: Hint, wake: Wake): void {
  // @ts-expect-error A hint has one of four reasons.
  encodeMessage({ ...hint, reason: 'gossip' });
  // @ts-expect-error A hint carries no fact about money.
  const paid: Hint = { ...hint, amountFen: 8_800 };
  // @ts-expect-error A wake has a slot.
  const late: Wake = { ...wake, slot: undefined };
  use(paid, late);
}

export function askWrongly(gateway: OrderGateway, account: Account, link: PrepayLink): void {
  // @ts-expect-error WeChat is asked about a number that was checked.
  void gateway.close(account, 'A-1001-20261121');
  // @ts-expect-error A JSAPI order has no code_url.
  use(link.trade_type === 'JSAPI' && link.code_url);
  // @ts-expect-error A NATIVE link is not signed for a front end.
  use(gateway.jsapiPayParameters(account, account.appids[0], { ...link, trade_type: 'NATIVE' }));
}

export function tellTooMuch(order: Order): void {
  // @ts-expect-error No payer in the logs.
  const payer: LogFields = { openid: order.terms?.openid };
  // @ts-expect-error No bodies in the logs.
  const body: LogFields = { body: '{}' };
  // @ts-expect-error An error has a code that is explained.
  use(new AppError('something_else', 'What?'));
  use(payer, body);
}

function use(...values: readonly unknown[]): void {
  if (values.length === 0) {
    throw new Error('Nothing to use.');
  }
}
