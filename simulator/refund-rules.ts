import { type FieldRules, fieldRefusal } from './field-rules.ts';
import { canonicalText, type JsonObject } from './json.ts';
import { notifyUrlIssue } from './notify-url.ts';
import { OUT_REFUND_NO, OUT_TRADE_NO, TRANSACTION_ID } from './number-rules.ts';
import type { RefundWish } from './refund.ts';
import { paramError, type Refusal } from './refusals.ts';

const INTEGER_MAX = 2_147_483_647;

const FROM: FieldRules = {
  account: {
    kind: 'string',
    required: true,
    maxLength: 32,
    oneOf: ['AVAILABLE', 'UNAVAILABLE'],
  },
  amount: { kind: 'integer', required: true, min: 1, max: INTEGER_MAX },
};

const GOODS: FieldRules = {
  merchant_goods_id: { kind: 'string', required: true, maxLength: 32 },
  wechatpay_goods_id: { kind: 'string', maxLength: 32 },
  goods_name: { kind: 'string', maxLength: 256 },
  unit_price: { kind: 'integer', required: true, min: 0, max: INTEGER_MAX },
  refund_amount: { kind: 'integer', required: true, min: 0, max: INTEGER_MAX },
  refund_quantity: { kind: 'integer', required: true, min: 1, max: INTEGER_MAX },
};

/** The fields of a refund call (document 4013071036). */
const FIELDS: FieldRules = {
  transaction_id: TRANSACTION_ID,
  out_trade_no: OUT_TRADE_NO,
  out_refund_no: { ...OUT_REFUND_NO, required: true },
  reason: { kind: 'string', maxLength: 80, maxBytes: 80 },
  notify_url: { kind: 'string', maxLength: 256 },
  funds_account: { kind: 'string', maxLength: 32, oneOf: ['AVAILABLE', 'UNSETTLED'] },
  amount: {
    kind: 'object',
    required: true,
    fields: {
      refund: { kind: 'integer', required: true, min: 1, max: INTEGER_MAX },
      total: { kind: 'integer', required: true, min: 1, max: INTEGER_MAX },
      currency: { kind: 'string', required: true, maxLength: 16, oneOf: ['CNY'] },
      from: { kind: 'list', maxItems: 10, of: { kind: 'object', fields: FROM } },
    },
  },
  goods_detail: { kind: 'list', maxItems: 6_000, of: { kind: 'object', fields: GOODS } },
};

type RefundBody = {
  readonly transaction_id?: string;
  readonly out_trade_no?: string;
  readonly out_refund_no: string;
  readonly notify_url?: string;
  readonly funds_account?: string;
  readonly amount: { readonly refund: number; readonly total: number };
};

/** What a refund call asks for, and the numbers that name its order; at least one is there. */
export type RefundApplication = {
  readonly wish: RefundWish;
  readonly transactionId: string | undefined;
  readonly outTradeNo: string | undefined;
};

type RefundCheck =
  | { readonly ok: true; readonly application: RefundApplication }
  | { readonly ok: false; readonly refusal: Refusal };

/** Checks a refund body and works out what it asks for. */
export const checkRefund = (body: JsonObject): RefundCheck => {
  const broken = fieldRefusal(FIELDS, body);
  if (broken !== undefined) return { ok: false, refusal: broken };
  const fields = body as unknown as RefundBody;
  const { transaction_id: transactionId, out_trade_no: outTradeNo } = fields;
  if (transactionId === undefined && outTradeNo === undefined) {
    const issue = 'this field or transaction_id is required';
    return { ok: false, refusal: paramError('/body/out_trade_no', issue) };
  }
  const urlIssue = fields.notify_url === undefined ? undefined : notifyUrlIssue(fields.notify_url);
  if (urlIssue !== undefined) {
    return { ok: false, refusal: paramError('/body/notify_url', urlIssue) };
  }
  const wish: RefundWish = {
    outRefundNo: fields.out_refund_no,
    refund: fields.amount.refund,
    total: fields.amount.total,
    notifyUrl: fields.notify_url,
    fundsAccount: fields.funds_account ?? 'UNSETTLED',
    fingerprint: canonicalText(body),
    origin: 'api',
  };
  return { ok: true, application: { wish, transactionId, outTradeNo } };
};
