import type { Brand } from './brand.ts';

/** A merchant number at WeChat Pay: digits, 8 to 32 of them. */
export type Mchid = Brand<string, 'Mchid'>;
/** The name of an account in this deployment: part of its secret's name and of its URLs. */
export type AccountName = Brand<string, 'AccountName'>;
/** The merchant's number of an order: 6 to 32 of `0-9 A-Z a-z _ - | *` (WeChat 4012791856). */
export type OutTradeNo = Brand<string, 'OutTradeNo'>;
/** The merchant's number of a refund: up to 64 of `0-9 A-Z a-z _ - | * @` (WeChat 4013071036). */
export type OutRefundNo = Brand<string, 'OutRefundNo'>;
/** WeChat's number of a refund. */
export type RefundId = Brand<string, 'RefundId'>;
/** WeChat's number of a payment. */
export type TransactionId = Brand<string, 'TransactionId'>;
/** An app, mini program or official account bound to the mchid. */
export type Appid = Brand<string, 'Appid'>;
/** A payer, as one appid knows them; never logged. */
export type Openid = Brand<string, 'Openid'>;
/** A payer's code as the merchant scans it: 18 digits, from 10 to 15 at their head (APIv2, `/pay/micropay`). */
export type AuthCode = Brand<string, 'AuthCode'>;
/** The merchant's own business order, which several `out_trade_no`s may try to pay. */
export type Reference = Brand<string, 'Reference'>;
/** The merchant's number of a PayScore plan: up to 32 of `0-9 A-Z a-z _ - *`. */
export type MerchantPlanNo = Brand<string, 'MerchantPlanNo'>;
/** The merchant's number of one user's signature on a plan: as that of a plan. */
export type MerchantSignPlanNo = Brand<string, 'MerchantSignPlanNo'>;
/** The merchant's number of a PayScore service order, which is that of its detail in the sign plan. */
export type OutOrderNo = Brand<string, 'OutOrderNo'>;
/** A PayScore service that WeChat opened for the merchant. */
export type ServiceId = Brand<string, 'ServiceId'>;
/** WeChat's number of a plan, a sign plan or a service order. */
export type PayscoreId = Brand<string, 'PayscoreId'>;

function textOf<B extends string>(pattern: RegExp): (value: unknown) => value is Brand<string, B> {
  return (value): value is Brand<string, B> => typeof value === 'string' && pattern.test(value);
}

export const isMchid = textOf<'Mchid'>(/^[0-9]{8,32}$/);
export const isAccountName = textOf<'AccountName'>(/^[a-z][a-z0-9-]{0,31}$/);
export const isOutTradeNo = textOf<'OutTradeNo'>(/^[0-9A-Za-z_\-|*]{6,32}$/);
export const isOutRefundNo = textOf<'OutRefundNo'>(/^[0-9A-Za-z_\-|*@]{1,64}$/);
export const isRefundId = textOf<'RefundId'>(/^[0-9A-Za-z]{1,32}$/);
export const isTransactionId = textOf<'TransactionId'>(/^[0-9A-Za-z]{1,32}$/);
export const isAppid = textOf<'Appid'>(/^[0-9A-Za-z_-]{1,32}$/);
export const isOpenid = textOf<'Openid'>(/^[0-9A-Za-z_-]{1,128}$/);
export const isAuthCode = textOf<'AuthCode'>(/^1[0-5][0-9]{16}$/);
export const isReference = textOf<'Reference'>(/^[0-9A-Za-z_\-|*.:/]{1,64}$/);
const payscoreNumber = /^[0-9A-Za-z_\-*]{1,32}$/;
export const isMerchantPlanNo = textOf<'MerchantPlanNo'>(payscoreNumber);
export const isMerchantSignPlanNo = textOf<'MerchantSignPlanNo'>(payscoreNumber);
export const isOutOrderNo = textOf<'OutOrderNo'>(payscoreNumber);
export const isServiceId = textOf<'ServiceId'>(/^[0-9A-Za-z]{1,32}$/);
export const isPayscoreId = textOf<'PayscoreId'>(/^[0-9A-Za-z_-]{1,64}$/);
