import { createPrivateKey, randomBytes } from 'node:crypto';
import { createPemKeyPair } from './key-pair.ts';
import type { MerchantAccount } from './merchant-account.ts';
import {
  alteredNotice,
  composeNotice,
  type Notice,
  type NoticeMessage,
  paymentNotice,
  refundNotice,
} from './notice-message.ts';
import { type Order, payOrder } from './order.ts';
import type { Refund } from './refund.ts';
import { noticeSeal } from './world.ts';

/**
 * `true` is the own notice again; `untrue` is well signed but the order is not paid or the refund not done. Signature: `forged` by
 * another key, `tampered` one byte changed after signing, `stale` ten minutes old, `probe` WeChat Pay's own test.
 * Content, well signed: `unknown-event`, `wrong-apiv3-key`, `foreign-mchid`.
 */
export const NOTICE_KINDS = [
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

export type NoticeKind = (typeof NOTICE_KINDS)[number];

type OddNotice = {
  readonly notice: Notice;
  /** Makes one send of it. */
  readonly compose: (nowMs: number) => NoticeMessage;
};

const STALE_MS = 600_000;

/** A notice of the wanted kind, made of one that says what it should. */
export const oddNotice = async (
  kind: NoticeKind,
  proper: Notice,
  account: MerchantAccount,
): Promise<OddNotice> => {
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
  return { notice, compose };
};

const noticeOf = (kind: NoticeKind, notice: Notice): Notice => {
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
export const claimedPayment = (order: Order, nowMs: number): Notice => {
  if (order.payment !== undefined) return paymentNotice(order, order.payment);
  const facts = {
    transactionId: '4200002001202601019999999999',
    noticeId: order.outTradeNo,
    payerOpenid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
  };
  const claimed = payOrder(order, { force: true }, facts, nowMs);
  if (!claimed.ok) throw new Error(`unpaid order ${order.outTradeNo} could not be paid`);
  return paymentNotice(claimed.order, claimed.payment);
};

/** A notice that the refund is done, whatever became of it. */
export const claimedRefund = (refund: Refund, url: string, nowMs: number): Notice => {
  const ended = { atMs: nowMs, noticeId: refund.refundId };
  return refundNotice({ ...refund, status: 'SUCCESS', ended }, url);
};

let stranger: ReturnType<typeof createPemKeyPair> | undefined;

/** One key that belongs to nobody, made when first needed. */
const strangerKey = (): ReturnType<typeof createPemKeyPair> => {
  stranger ??= createPemKeyPair();
  return stranger;
};
