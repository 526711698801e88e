import type { Shown } from '#adapters/lambda/merchant-route.ts';
import type { PayscoreJobs } from '#adapters/lambda/payscore-api.ts';
import type { LoopPorts } from '#app/confirm.ts';
import { getPlan, getServiceOrder, getSignPlan } from '#app/get-subject.ts';
import { createPlan, stopPlan } from '#app/payscore/plans.ts';
import { commandServiceOrder, createServiceOrder } from '#app/payscore/service-orders.ts';
import { createSignPlan, stopSignPlan } from '#app/payscore/sign-plans.ts';
import type { Account } from '#core/account.ts';
import type { Kind } from '#core/record.ts';
import type { Answer } from '#core/refusal.ts';
import type { JsonObject } from '#core/values/json.ts';

/** The jobs of PayScore plans; `notifyUrl` is where WeChat sends an account's notices. */
export function createPayscoreJobs(
  ports: LoopPorts,
  notifyUrl: (account: Account) => string,
): PayscoreJobs {
  const asking = (kind: Kind, { name, mchid }: Account, number: string, refresh: boolean) => ({
    account: name,
    key: { kind, mchid, number },
    refresh,
  });
  return {
    putPlan: async (account, plan) => carried(await createPlan(ports, account, plan)),
    getPlan: async (account, number, refresh) =>
      found(await getPlan(ports, asking('plan', account, number, refresh))),
    stopPlan: async (account, number) => carried(await stopPlan(ports, account, number)),
    putSignPlan: async (account, signPlan) => {
      const asked = { ...signPlan, notify_url: notifyUrl(account) };
      return carried(await createSignPlan(ports, account, asked));
    },
    getSignPlan: async (account, number, refresh) =>
      found(await getSignPlan(ports, asking('sign-plan', account, number, refresh))),
    stopSignPlan: async (account, stop) => carried(await stopSignPlan(ports, account, stop)),
    putServiceOrder: async (account, serviceOrder) => {
      const asked = { ...serviceOrder, notify_url: notifyUrl(account) };
      return carried(await createServiceOrder(ports, account, asked));
    },
    getServiceOrder: async (account, number, refresh) =>
      found(await getServiceOrder(ports, asking('service-order', account, number, refresh))),
    commandServiceOrder: async (account, command) =>
      carried(await commandServiceOrder(ports, account, command)),
  };
}

type Carried = { readonly created: boolean; readonly waits: boolean; readonly view: JsonObject };

/** 202 while WeChat has not said what became of it. */
function carried(given: Answer<Carried>): Answer<Shown> {
  if (!given.ok) {
    return given;
  }
  const { created, waits, view } = given.value;
  return { ok: true, value: { statusCode: waits ? 202 : created ? 201 : 200, body: view } };
}

function found(given: Answer<JsonObject>): Answer<Shown> {
  return given.ok ? { ok: true, value: { statusCode: 200, body: given.value } } : given;
}
