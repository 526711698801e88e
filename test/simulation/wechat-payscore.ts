import type { Account } from '#core/account.ts';
import type {
  PayscoreCommand,
  PlanEvidence,
  SendOutcome,
  ServiceOrderEvidence,
  SignPlanEvidence,
} from '#core/payscore/evidence.ts';
import type { AskedServiceOrder } from '#core/payscore/ports.ts';
import { type SubjectKey, subjectId } from '#core/record.ts';
import { dayMs, type Instant, minuteMs, plus, secondMs } from '#core/values/time.ts';
import { createPayscoreBook, type PayscoreBook } from '../support/world-payscore.ts';
import type { RefundablePayment } from '../support/world-refunds.ts';
import {
  asLived,
  kindOfCommand,
  type Life,
  landedId,
  notThere,
  type PayscoreEvidence,
  wordOf,
} from './payscore-lives.ts';
import { dullFate, type ServiceFate } from './payscore-plan.ts';
import { createServicePayments } from './service-payments.ts';
import type { Site } from './site.ts';
import { staleMs } from './trade.ts';

/** The PayScore of the simulated WeChat: its rules are the book's, the rest is the weather. */
export type WechatPayscore = {
  readonly book: PayscoreBook;
  queryPlan(account: Account, number: string): PlanEvidence;
  querySignPlan(account: Account, number: string): SignPlanEvidence;
  queryServiceOrder(account: Account, asked: AskedServiceOrder): ServiceOrderEvidence;
  send(account: Account, command: PayscoreCommand): SendOutcome;
  /** Another system's command: nothing befalls it. */
  take(account: Account, command: PayscoreCommand): SendOutcome;
  /** What becomes of a service order that is not there yet. */
  foresee(key: SubjectKey, fate: ServiceFate): void;
  /** What WeChat lets the user do; anything else does nothing. */
  sign(account: Account, number: string): void;
  userCancel(account: Account, number: string, how: 'USER' | 'REVOKE_SERVICE'): void;
  /** What an honest answer about it would be. */
  truth(key: SubjectKey): PayscoreEvidence;
  paymentOf(transaction_id: string): RefundablePayment | undefined;
  /** Service orders that WeChat charged. */
  charged(): readonly SubjectKey[];
};

/** Whom WeChat tells what happened there. */
export type PayscoreListener = {
  readonly onSigned: (account: Account, key: SubjectKey) => void;
  /** The user ended it. */
  readonly onCancelled: (account: Account, key: SubjectKey) => void;
  readonly onPaid: (account: Account, key: SubjectKey) => void;
};

const landsAfterMs = [0, 5 * secondMs, 40 * secondMs, 90 * secondMs] as const;
const whileCharging: ReadonlySet<string> = new Set(['modify', 'cancel', 'sync', 'pay']);
const creations: ReadonlySet<string> = new Set([
  'create-plan',
  'create-sign-plan',
  'create-service-order',
]);

export function createWechatPayscore(site: Site, listener: PayscoreListener): WechatPayscore {
  const { agenda, choices, weather } = site;
  const book = createPayscoreBook({ now: () => plus(agenda.now(), site.wechatSkewMs) });
  const fates = new Map<string, ServiceFate>();
  const lives = new Map<string, Life>();
  const earlier = new Map<
    string,
    { readonly evidence: PayscoreEvidence; readonly until: Instant }
  >();
  const payments = createServicePayments(site, listener.onPaid);

  function truth({ kind, mchid, number }: SubjectKey): PayscoreEvidence {
    const account = site.accounts.find((each) => each.mchid === mchid);
    if (account === undefined) {
      return notThere;
    }
    switch (kind) {
      case 'plan':
        return book.queryPlan(account, number);
      case 'sign-plan':
        return book.querySignPlan(account, number);
      default: {
        const terms = book.serviceOrder(number)?.terms;
        return terms === undefined
          ? notThere
          : orderTruth(account, { ...terms, out_order_no: terms.out_trade_no });
      }
    }
  }

  function orderTruth(account: Account, asked: AskedServiceOrder): ServiceOrderEvidence {
    const evidence = book.queryServiceOrder(account, asked);
    const life = lives.get(asked.out_order_no);
    return evidence.type !== 'state' || life === undefined
      ? evidence
      : asLived(evidence, life, agenda.now());
  }

  /** From now on for a while an answer may still say what was true before. */
  function changing<T>(key: SubjectKey, change: () => T): T {
    const before = truth(key);
    const result = change();
    earlier.set(subjectId(key), { evidence: before, until: plus(agenda.now(), staleMs) });
    return result;
  }

  function answer<E extends PayscoreEvidence>(
    key: SubjectKey,
    honest: () => E,
  ): E | typeof notThere {
    if (choices.chance(weather.rates().queryNotFound)) {
      return notThere;
    }
    const stale = earlier.get(subjectId(key));
    const isStale =
      stale !== undefined &&
      stale.until > agenda.now() &&
      choices.chance(weather.rates().queryStale);
    const evidence = isStale ? (stale.evidence as E) : honest();
    site.tell?.(() => `WeChat: asked about ${key.number}: ${wordOf(evidence)}`);
    return evidence;
  }

  /** The charge succeeds, if there is anything to charge. */
  function charge(account: Account, key: SubjectKey): void {
    const order = book.serviceOrder(key.number);
    const life = lives.get(key.number);
    if (order?.state !== 'DOING' || order.totalFen === undefined || life === undefined) {
      return;
    }
    const { totalFen } = order;
    const transaction_id = changing(key, () => book.charge(key.number));
    payments.keep(account, key, {
      transaction_id,
      paidFen: life.fate.chargedAs === 'amount' ? 1 : totalFen,
    });
  }

  /** A charge was under way when it was cancelled. */
  function landLater(account: Account, key: SubjectKey): void {
    agenda.after(choices.pick([300, 40, secondMs, 10 * secondMs, 8 * minuteMs]), () => {
      const life = lives.get(key.number);
      const totalFen = book.serviceOrder(key.number)?.totalFen;
      if (life !== undefined && totalFen !== undefined) {
        life.landedAt = agenda.now();
        payments.keep(account, key, { transaction_id: landedId(key.number), paidFen: totalFen });
      }
    });
  }

  function take(account: Account, command: PayscoreCommand): SendOutcome {
    const { name, number } = command;
    const key: SubjectKey = { kind: kindOfCommand(name), mchid: account.mchid, number };
    if (whileCharging.has(name) && choices.chance(weather.rates().payerRaces)) {
      charge(account, key);
    }
    const wasCharging = book.serviceOrder(number)?.totalFen !== undefined;
    const outcome = changing(key, () => book.send(account, command));
    site.tell?.(() => `WeChat: ${name} ${number}: ${wordOf(outcome)}`);
    if (outcome.type === 'accepted' && key.kind === 'service-order') {
      live(account, key, command);
      if (name === 'cancel' && wasCharging && choices.chance(weather.rates().landsAfterClose)) {
        landLater(account, key);
      }
    }
    return outcome;
  }

  function live(account: Account, key: SubjectKey, { name }: PayscoreCommand): void {
    const { number } = key;
    const life = lives.get(number);
    const later = (afterMs: number): void => agenda.after(afterMs, () => charge(account, key));
    if (life === undefined) {
      begin(account, key);
    } else if (name === 'complete' && !life.isCompleted) {
      life.isCompleted = true;
      if (life.fate.chargedAfterMs !== undefined) {
        later(life.fate.chargedAfterMs);
      }
    } else if ((name === 'pay' || name === 'modify') && life.fate.chargedWhenAsked) {
      later(choices.pick([2 * secondMs, 90 * secondMs]));
    }
  }

  function begin(account: Account, key: SubjectKey): void {
    const fate = fates.get(key.number) ?? dullFate;
    const life: Life = { fate, isCompleted: false };
    lives.set(key.number, life);
    if (fate.createdMs > 0) {
      life.createdUntil = plus(agenda.now(), fate.createdMs);
      agenda.at(life.createdUntil, () => expire(account, key, life));
    }
  }

  /** CREATED and unchanged for 30 days: the detail is lost. */
  function expire(account: Account, { number }: SubjectKey, life: Life): void {
    const order = book.serviceOrder(number);
    if (!life.fate.expires || order?.state !== 'DOING' || order.totalFen !== undefined) {
      return;
    }
    const { appid, service_id } = order.terms;
    const body = JSON.stringify({ appid, service_id, reason: 'expired' });
    book.send(account, { name: 'cancel', number, body });
    life.isExpired = true;
    site.tell?.(() => `WeChat: ${number} is EXPIRED`);
  }

  /** It ends by itself; the schedule goes on until then. */
  function endLater(number: string): void {
    const lastsMs = (book.signPlan(number)?.lastsDays ?? 0) * dayMs;
    if (lastsMs <= 2 * dayMs) {
      agenda.after(lastsMs, () => site.tell?.(() => `WeChat: the time of ${number} is over`));
    }
  }

  return {
    book,
    take,
    truth,
    foresee: (key, fate) => {
      fates.set(key.number, fate);
    },
    queryPlan: (account, number) =>
      answer({ kind: 'plan', mchid: account.mchid, number }, () => book.queryPlan(account, number)),
    querySignPlan: (account, number) =>
      answer({ kind: 'sign-plan', mchid: account.mchid, number }, () =>
        book.querySignPlan(account, number),
      ),
    queryServiceOrder: (account, asked) => {
      const key = {
        kind: 'service-order',
        mchid: account.mchid,
        number: asked.out_order_no,
      } as const;
      const isCharging = lives.get(key.number)?.isCompleted === true;
      const evidence = answer(key, () => orderTruth(account, asked));
      if (isCharging && choices.chance(weather.rates().payerRaces)) {
        charge(account, key);
      }
      return evidence;
    },
    send: (account, command) => {
      const rates = weather.rates();
      const isCreation = creations.has(command.name);
      if (choices.chance(isCreation ? rates.placingRefused : rates.closeRefused)) {
        return { type: 'refused', code: 'INVALID_REQUEST' };
      }
      if (choices.chance(rates.applyMisreported)) {
        agenda.after(choices.pick(landsAfterMs), () => take(account, command));
        return { type: 'refused', code: 'INVALID_REQUEST' };
      }
      if (choices.chance(rates.callLate)) {
        agenda.after(choices.pick([5, 20, 45]) * secondMs, () => take(account, command));
        return { type: 'unknown', code: 'TIMEOUT' };
      }
      return take(account, command);
    },
    sign: (account, number) => {
      const signPlan = book.signPlan(number);
      if (signPlan?.state === 'UNSIGNED' && book.plan(signPlan.plan)?.state === 'NORMAL') {
        const key = { kind: 'sign-plan', mchid: account.mchid, number } as const;
        changing(key, () => book.sign(number));
        site.tell?.(() => `WeChat: ${number} is SIGNED`);
        endLater(number);
        listener.onSigned(account, key);
      }
    },
    userCancel: (account, number, how) => {
      const key = { kind: 'sign-plan', mchid: account.mchid, number } as const;
      if (wordOf(truth(key)) === 'SIGNED') {
        changing(key, () => book.userCancel(number, how));
        site.tell?.(() => `WeChat: ${number} is cancelled by ${how}`);
        listener.onCancelled(account, key);
      }
    },
    paymentOf: payments.of,
    charged: payments.subjects,
  };
}
