import type { MerchantAccount } from '../merchant-account.ts';
import type { Refusal } from '../refusals.ts';
import { noAuth } from './refusals.ts';
import type { Service } from './services.ts';

type Caller =
  | { readonly ok: true; readonly service: Service }
  | { readonly ok: false; readonly refusal: Refusal };

/** The service that a call names; both it and the appid must be the merchant's. */
export const callerService = (
  account: MerchantAccount,
  named: { readonly serviceId: string; readonly appid: string },
): Caller => {
  const service = account.services.find(({ id }) => id === named.serviceId);
  return service === undefined || !account.appids.includes(named.appid)
    ? { ok: false, refusal: noAuth }
    : { ok: true, service };
};
