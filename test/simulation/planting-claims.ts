import { claimReference } from '#app/claim-reference.ts';
import type { Look } from '#app/subject-kind.ts';
import type { StoredRecord } from '#core/record.ts';
import { type ClaimFinding, referenceToClaim } from '#core/subjects/order/claim.ts';
import { decideOrder } from '#core/subjects/order/decide.ts';
import type { OrderName } from '#core/subjects/order/order.ts';
import { isOutTradeNo } from '#core/values/ids.ts';
import { valid } from '../support/order-builder.ts';
import { withOrders } from './planting.ts';
import type { SimulationPorts } from './ports.ts';
import { orderIn } from './records.ts';

type Claiming = (
  ports: SimulationPorts,
  key: Parameters<typeof claimReference>[1],
  me: OrderName,
) => Promise<ClaimFinding>;

/** Orders that claim their `reference` in another way. */
export function withClaiming(ports: SimulationPorts, claiming: Claiming): SimulationPorts {
  return withOrders(ports, (subject, record) => ({
    ...subject,
    consider: async (look) =>
      (await considerPaid(ports, record, { look, claiming })) ?? subject.consider(look),
  }));
}

/** The decision about an order that is about to be announced; of any other, none. */
async function considerPaid(
  ports: SimulationPorts,
  record: StoredRecord,
  { look, claiming }: { readonly look: Look; readonly claiming: Claiming },
) {
  const order = orderIn(record);
  const { account } = look;
  const out_trade_no = valid(record.key.number, isOutTradeNo);
  if (order.terms?.reference === undefined) {
    return undefined;
  }
  const evidence = await ports.gateway.query(account, { out_trade_no });
  const reference = referenceToClaim(order, evidence, account);
  if (reference === undefined) {
    return undefined;
  }
  const me = { account: account.name, mchid: account.mchid, out_trade_no };
  const claim = await claiming(ports, { tenant: account.tenant, reference }, me);
  const decision = decideOrder(order, evidence, { now: look.now(), account, claim });
  return { decision, answer: 'SUCCESS' };
}

/** The first one has it; whoever comes later, in whatever state that one is, is one too many. */
export const putIfAbsent: Claiming = async ({ claims }, key, me) => {
  if ((await claims.take(key, me)) === 'done') {
    return { type: 'taken' };
  }
  const owner = (await claims.load(key))?.owner;
  return owner === undefined ? { type: 'taken' } : { type: 'duplicate', owner };
};

/** An owner that is with a person, or was given back, passes for paid. */
export const believeOwner: Claiming = async (ports, key, me) => {
  const found = await claimReference(ports, key, me);
  return found.type === 'doubtful' ? { ...found, type: 'duplicate' } : found;
};

/** Claims only after the commit that announces: in between two may announce. */
export function claimAfterCommit(ports: SimulationPorts): SimulationPorts {
  const { store } = ports;
  let owed: (() => Promise<unknown>) | undefined;
  const claimed = withClaiming(ports, async ({ claims }, key, me) => {
    const owner = (await claims.load(key))?.owner;
    if (owner !== undefined && owner.out_trade_no !== me.out_trade_no) {
      return claimReference(ports, key, me);
    }
    owed = () => claims.take(key, me);
    return { type: 'taken' };
  });
  return {
    ...claimed,
    store: {
      ...store,
      commit: async (commit) => {
        const outcome = await store.commit(commit);
        await owed?.();
        owed = undefined;
        return outcome;
      },
    },
  };
}
