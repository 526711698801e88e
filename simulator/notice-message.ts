import { randomUUID } from 'node:crypto';
import type { JsonObject } from './json.ts';
import type { Order, Payment } from './order.ts';
import { seal } from './sealing.ts';
import { type SignatureFlaw, type SigningKey, signatureHeaders } from './signing.ts';
import { beijingTime } from './timers.ts';
import { transactionView } from './transaction-view.ts';

/** What a notice says; each send of it is sealed and signed afresh. */
export type Notice = {
  /** The same in every redelivery. */
  readonly id: string;
  readonly mchid: string;
  readonly outTradeNo: string;
  readonly url: string;
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
  content: transactionView(order),
});

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
  const resource = seal({
    plaintext: JSON.stringify(notice.content),
    apiV3Key: made.apiV3Key,
    associatedData: 'transaction',
  });
  const body = JSON.stringify({
    id: notice.id,
    create_time: beijingTime(notice.createdAtMs),
    resource_type: 'encrypt-resource',
    event_type: notice.eventType,
    summary: '支付成功',
    resource: { original_type: 'transaction', ...resource },
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

const changeOneByte = (body: string, ciphertext: string): string => {
  const at = body.indexOf(ciphertext);
  return `${body.slice(0, at)}${body[at] === 'A' ? 'B' : 'A'}${body.slice(at + 1)}`;
};
