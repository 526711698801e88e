import { randomUUID } from 'node:crypto';
import type { JsonObject } from './json.ts';
import type { Order, Payment } from './order.ts';
import type { Refund } from './refund.ts';
import { refundNoticeView } from './refund-view.ts';
import { seal } from './sealing.ts';
import { type SignatureFlaw, type SigningKey, signatureHeaders } from './signing.ts';
import { beijingTime } from './timers.ts';
import { transactionView } from './transaction-view.ts';

/** What names a notice and where it goes, whatever it says. */
export type NoticeHead = {
  /** The same in every redelivery. */
  readonly id: string;
  readonly mchid: string;
  /** The merchant's own number of the order; of PayScore, of the thing that it is about. */
  readonly outTradeNo: string;
  /** Present when it is about a refund of the order. */
  readonly outRefundNo?: string;
  readonly url: string;
};

/** A notice of APIv3; each send of it is sealed and signed afresh. */
export type Notice = NoticeHead & {
  readonly v2?: undefined;
  readonly createdAtMs: number;
  readonly eventType: string;
  readonly content: JsonObject;
};

/** The notice that an order was paid. */
export const paymentNotice = (order: Order, payment: Payment): Notice => ({
  id: payment.noticeId,
  mchid: order.mchid,
  outTradeNo: order.outTradeNo,
  url: order.notifyUrl,
  createdAtMs: payment.paidAtMs,
  eventType: 'TRANSACTION.SUCCESS',
  content: transactionView({ ...order, state: 'SUCCESS' }),
});

/** The notice that a refund ended as it did. Throws while it is PROCESSING. */
export const refundNotice = (refund: Refund, url: string): Notice => {
  if (refund.ended === undefined) throw new Error(`refund ${refund.outRefundNo} has not ended`);
  return {
    id: refund.ended.noticeId,
    mchid: refund.mchid,
    outTradeNo: refund.outTradeNo,
    outRefundNo: refund.outRefundNo,
    url,
    createdAtMs: refund.ended.atMs,
    eventType: `REFUND.${refund.status}`,
    content: refundNoticeView(refund),
  };
};

/** A notice that says something else under an id of its own. */
export const alteredNotice = (
  notice: Notice,
  change: { readonly eventType?: string; readonly content?: JsonObject },
): Notice => ({ ...notice, ...change, id: randomUUID() });

export type NoticeMessage = {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** How one send is made; the defects are those of forgers, networks and WeChat Pay's own probes. */
export type NoticeSeal = {
  readonly apiV3Key: string;
  readonly key: SigningKey;
  readonly nowMs: number;
  readonly signatureFlaw?: SignatureFlaw | undefined;
  readonly tampered?: boolean | undefined;
};

/** Seals and signs one send of a notice (documents 4012791861 and 4013071196). */
export const composeNotice = (notice: Notice, made: NoticeSeal): NoticeMessage => {
  const { originalType, associatedData } = namesOf(notice.eventType);
  const resource = seal({
    plaintext: JSON.stringify(notice.content),
    apiV3Key: made.apiV3Key,
    associatedData,
  });
  const body = JSON.stringify({
    id: notice.id,
    create_time: beijingTime(notice.createdAtMs),
    resource_type: 'encrypt-resource',
    event_type: notice.eventType,
    summary: SUMMARIES[notice.eventType] ?? '支付成功',
    resource: { original_type: originalType, ...resource },
  });
  const signature = signatureHeaders({
    body,
    key: made.key,
    nowMs: made.nowMs,
    flaw: made.signatureFlaw,
  });
  const sent = made.tampered === true ? changeOneByte(body, resource.ciphertext) : body;
  return {
    headers: {
      Accept: '*/*',
      'Content-Type': 'application/json',
      'User-Agent': 'Mozilla/4.0',
      ...signature,
    },
    body: sent,
  };
};

/** What a notice is about; PayScore's of plans repeat it where its others say `transaction` (pages 4012286193 and 4012155283). */
const namesOf = (eventType: string): { originalType: string; associatedData: string } => {
  if (eventType.startsWith('PAYSCORE.')) {
    const associatedData = eventType.endsWith('_PLAN') ? 'payscore' : 'transaction';
    return { originalType: 'payscore', associatedData };
  }
  const originalType = eventType.startsWith('REFUND.') ? 'refund' : 'transaction';
  return { originalType, associatedData: originalType };
};

const SUMMARIES: Readonly<Record<string, string>> = {
  'REFUND.SUCCESS': '退款成功',
  'REFUND.ABNORMAL': '退款异常',
  'REFUND.CLOSED': '退款关闭',
  'PAYSCORE.USER_SIGN_PLAN': '用户签约计划',
  'PAYSCORE.USER_CANCEL_SIGN_PLAN': '用户取消签约计划',
  'PAYSCORE.USER_CONFIRM': '用户确认成功',
  'PAYSCORE.USER_PAID': '用户支付成功',
  'PAYSCORE.USER_OPEN_SERVICE': '用户授权服务',
  'PAYSCORE.USER_CLOSE_SERVICE': '用户解除授权',
};

const changeOneByte = (body: string, ciphertext: string): string => {
  const at = body.indexOf(ciphertext);
  return `${body.slice(0, at)}${body[at] === 'A' ? 'B' : 'A'}${body.slice(at + 1)}`;
};
