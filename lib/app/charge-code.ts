import { afterCloseLookMs } from '#core/commit.ts';
import type { MicropayRequest } from '#core/ports.ts';
import { type StoredRecord, subjectId } from '#core/record.ts';
import { type Answer, refuse } from '#core/refusal.ts';
import { mayCharge } from '#core/timing.ts';
import { plus } from '#core/values/time.ts';
import { confirm, type LoopPorts } from './confirm.ts';
import { loadOrder } from './load-order.ts';
import {
  answerOf,
  lookAtNumber,
  type PlacedOrder,
  type Placement,
  type PlacePorts,
  refuseNumber,
} from './place-order.ts';

export type ChargePorts = PlacePorts & LoopPorts;

/**
 * Charges the payer's code, once: a repeat would hide what became of the first try. Where WeChat says paid
 * the loop looks at once, so that the answer is what our own query says; whatever else came, the order's
 * wakes look every few seconds, and an order that is not paid in time is reversed.
 */
export async function chargeCode(
  ports: ChargePorts,
  placement: Placement,
): Promise<Answer<PlacedOrder>> {
  const { account, order } = placement;
  const asked = micropayOf(placement);
  if (asked === undefined) {
    return refuse('record_undecodable');
  }
  if (!mayCharge(order.createdAt, ports.clock.now())) {
    // Nothing was charged: the loop finds no such order and closes this one.
    return asItStands(ports, placement);
  }
  const outcome = await ports.gateway.micropay(account, asked);
  switch (outcome.type) {
    case 'paid':
      await look(ports, placement.record);
      return asItStands(ports, placement);
    case 'unknown':
      return asItStands(ports, placement);
    case 'look':
      return lookAtNumber(ports, placement, outcome.code);
    case 'refused': {
      const refused = await refuseNumber(ports, placement, outcome);
      await lookLater(ports, placement.record);
      return refused;
    }
  }
}

function micropayOf({ request, order }: Placement): MicropayRequest | undefined {
  const { out_trade_no, description, details, auth_code } = request;
  const { terms } = order;
  if (terms === undefined || auth_code === undefined) {
    return undefined;
  }
  const { appid, amountFen, currency } = terms;
  return { appid, out_trade_no, description, amountFen, currency, details, auth_code };
}

/** Should it fail, the order's first wake is seconds away. */
async function look(ports: ChargePorts, record: StoredRecord): Promise<void> {
  const { account, key: subject } = record;
  try {
    const hint = { type: 'hint', account, subject, reason: 'request' } as const;
    await confirm(ports, hint, { receiveCount: 1 });
  } catch {
    ports.telemetry.log('warn', 'paid, not looked at yet', {
      account,
      subject: subjectId(subject),
    });
  }
}

async function asItStands(ports: ChargePorts, placement: Placement): Promise<Answer<PlacedOrder>> {
  const loaded = await loadOrder(ports.store, placement.record.key);
  return loaded === undefined
    ? refuse('record_undecodable')
    : answerOf(ports.gateway, { ...placement, order: loaded.order, created: true }, false);
}

/** Merchants have seen a refused try paid later all the same: look once more. */
async function lookLater(ports: ChargePorts, record: StoredRecord): Promise<void> {
  const { account, key: subject } = record;
  const slot = plus(ports.clock.now(), afterCloseLookMs);
  const wake = { type: 'wake', account, subject, origin: 'after-close', slot, hop: 0 } as const;
  try {
    await ports.timers.send(wake, afterCloseLookMs);
  } catch {
    ports.telemetry.log('warn', 'look not planned', { account, subject: subjectId(subject) });
  }
}
