import { createPrivateKey, randomBytes } from 'node:crypto';
import { createPemKeyPair } from './key-pair.ts';
import type { MerchantAccount } from './merchant-account.ts';
import { type AnyNotice, noticeOfPayment } from './notice-format.ts';
import { alteredNotice, composeNotice, type Notice, type NoticeMessage } from './notice-message.ts';
import { type Order, payOrder } from './order.ts';
import type { Refund } from './refund.ts';
import type { V2Notice } from './v2/notice.ts';
import { composeOddV2Notice, missingV2Kind, oddV2Notice, V2_KINDS } from './v2/notice-odd.ts';
import { noticeSeal, v2NoticeSeal, type World } from './world.ts';

/**
 * `true` is the own notice again; `untrue` is well signed but the order is not paid or the refund not done. Signature: `forged` by
 * another key, `tampered` one byte changed after signing, `stale` ten minutes old, `probe` WeChat Pay's own test.
 * Content, well signed: `unknown-event`, `wrong-apiv3-key`, `foreign-mchid`.
 */
const V3_KINDS = [
  'true',
  'untrue',
  'forged',
  'tampered',
  'stale',
  'probe',
  'unknown-event',
  'wrong-apiv3-key',
  'foreign-mchid',
] as const;

/** The kinds of both formats, each once. */
export const NOTICE_KINDS: readonly string[] = [...new Set([...V3_KINDS, ...V2_KINDS])];

type OddNotice = {
  readonly ok: true;
  readonly notice: AnyNotice;
  /** Makes one send of it. */
  readonly compose: (nowMs: number) => NoticeMessage;
};

type NoSuchNotice = { readonly ok: false; readonly because: string };

/** A notice of the wanted kind, made of one that says what it should; not every kind exists in its format. */
export const oddNotice = async (
  world: World,
  account: MerchantAccount,
  kind: string,
  proper: AnyNotice,
): Promise<OddNotice | NoSuchNotice> =>
  proper.v2 === undefined
    ? await oddV3(account, kind, proper)
    : oddV2(world, account, kind, proper);

const oddV2 = (
  world: World,
  account: MerchantAccount,
  kind: string,
  proper: V2Notice,
): OddNotice | NoSuchNotice => {
  const because = missingV2Kind(kind, proper);
  if (because !== undefined) return { ok: false, because };
  if (account.apiKey === '') return { ok: false, because: 'the merchant has no APIv2 key' };
  const notice = oddV2Notice(kind, proper);
  const compose = () => composeOddV2Notice(kind, notice, v2NoticeSeal(world, account));
  return { ok: true, notice, compose };
};

const STALE_MS = 600_000;

const oddV3 = async (
  account: MerchantAccount,
  kind: string,
  proper: Notice,
): Promise<OddNotice | NoSuchNotice> => {
  if (!V3_KINDS.some((known) => known === kind)) return { ok: false, because: 'only APIv2 has it' };
  const notice = noticeOf(kind, proper);
  const forger = kind === 'forged' ? createPrivateKey((await strangerKey()).privateKeyPem) : null;
  const compose = (sendMs: number) => {
    const seal = noticeSeal(account, kind === 'stale' ? sendMs - STALE_MS : sendMs);
    return composeNotice(notice, {
      ...seal,
      key: forger === null ? seal.key : { ...seal.key, privateKey: forger },
      apiV3Key: kind === 'wrong-apiv3-key' ? randomBytes(16).toString('hex') : seal.apiV3Key,
      tampered: kind === 'tampered',
      signatureFlaw: kind === 'probe' ? 'probe' : undefined,
    });
  };
  return { ok: true, notice, compose };
};

const noticeOf = (kind: string, notice: Notice): Notice => {
  switch (kind) {
    case 'true':
      return notice;
    case 'unknown-event':
      return alteredNotice(notice, { eventType: `${notice.eventType.split('.')[0]}.UNHEARD_OF` });
    case 'foreign-mchid':
      return alteredNotice(notice, { content: { ...notice.content, mchid: '1900000001' } });
    default:
      return alteredNotice(notice, {});
  }
};

/** The notice of an order's payment; an unpaid order is said to be paid as ordered. */
export const claimedPayment = (order: Order, nowMs: number): AnyNotice => {
  if (order.payment !== undefined) return noticeOfPayment(order, order.payment);
  const facts = {
    transactionId: '4200002001202601019999999999',
    noticeId: order.outTradeNo,
    payerOpenid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
  };
  const claimed = payOrder(order, { force: true }, facts, nowMs);
  if (!claimed.ok) throw new Error(`unpaid order ${order.outTradeNo} could not be paid`);
  return noticeOfPayment(claimed.order, claimed.payment);
};

/** The refund as if it were done, whatever became of it. */
export const claimedRefund = (refund: Refund, nowMs: number): Refund => ({
  ...refund,
  status: 'SUCCESS',
  ended: { atMs: nowMs, noticeId: refund.refundId },
});

let stranger: ReturnType<typeof createPemKeyPair> | undefined;

/** One key that belongs to nobody, made when first needed. */
const strangerKey = (): ReturnType<typeof createPemKeyPair> => {
  stranger ??= createPemKeyPair();
  return stranger;
};
