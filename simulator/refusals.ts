import type { JsonObject } from './json.ts';

/** An error answer of APIv3: never signed. `number` ends the Request-ID (document 4020634199); absent where none is sent. */
export type Refusal = {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly number?: number;
  readonly detail?: JsonObject;
};

export const paramError = (field: string, issue: string, number = 268435457): Refusal => ({
  status: 400,
  code: 'PARAM_ERROR',
  message: `Parameter rule not met at ${field}: ${issue}`,
  number,
  detail: { field, issue, location: field.split('/')[1] ?? 'body' },
});

export const invalidRequest = (message: string, number = 268435458): Refusal => ({
  status: 400,
  code: 'INVALID_REQUEST',
  message,
  number,
});

/** Authentication failed; the transaction paths send no Request-ID with it. */
export const signError = (message: string): Refusal => ({
  status: 401,
  code: 'SIGN_ERROR',
  message,
});

export const appidNotBound: Refusal = {
  status: 400,
  code: 'APPID_MCHID_NOT_MATCH',
  message: 'appid and mchid do not match',
  number: 268435459,
};

export const outTradeNoUsed: Refusal = {
  status: 403,
  code: 'OUT_TRADE_NO_USED',
  message: 'This out_trade_no was used with other parameters',
  number: 268435461,
};

export const orderClosed: Refusal = {
  status: 400,
  code: 'ORDER_CLOSED',
  message: 'The order is closed',
  number: 268447914,
};

export const orderNotExist: Refusal = {
  status: 404,
  code: 'ORDER_NOT_EXIST',
  message: 'No such order',
  number: 268512771,
};

/** The direct close page lists no text code of its own for a paid order; this one it does list. */
export const orderPaidOnClose: Refusal = {
  status: 400,
  code: 'INVALID_REQUEST',
  message: 'The order is paid and cannot be closed',
  number: 268449538,
};

export const frequencyLimited: Refusal = {
  status: 429,
  code: 'FREQUENCY_LIMITED',
  message: 'Too many requests, or the order is busy; try again later',
  number: 268435464,
};

export const systemError: Refusal = {
  status: 500,
  code: 'SYSTEM_ERROR',
  message: 'System error, try again with the same parameters',
  number: 268435465,
};

export const noPlatformCertificate: Refusal = {
  status: 404,
  code: 'RESOURCE_NOT_EXISTS',
  message: 'No usable platform certificate; use the WeChat Pay public key',
  number: 268435466,
};

/** Document 4013071036: no such order; one that nobody paid answers the same. */
export const refundWithoutOrder: Refusal = {
  status: 404,
  code: 'RESOURCE_NOT_EXISTS',
  message: 'No such paid order',
  number: 268892180,
};

export const refundNotExist: Refusal = {
  status: 404,
  code: 'RESOURCE_NOT_EXISTS',
  message: 'No such refund',
  number: 268435466,
};

/** A second refund of an order within a minute: it goes through all the same (document 4013071036). */
export const refundTooFast: Refusal = {
  status: 429,
  code: 'FREQUENCY_LIMITED',
  message: 'Refunds of one order come too fast; query before you try again',
  number: 268448746,
};

export const notEnough: Refusal = {
  status: 403,
  code: 'NOT_ENOUGH',
  message: 'The balance does not suffice; top it up and repeat with the same number',
  number: 268435463,
};
