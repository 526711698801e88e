import { completeAndPay } from './payscore-play.ts';
import {
  leaveUnresolved,
  type Play,
  place,
  placeAndPay,
  processingRefund,
  refund,
  requestOf,
  untilRefund,
} from './play.ts';
import type { Reply, Stage } from './stage.ts';

const dayMs = 86_400_000;

const putting = (
  status: number,
  example: string,
  act: (stage: Stage) => Promise<Reply>,
  request?: string,
): Play => ({
  operation: 'putRefund',
  status,
  example,
  act,
  ...(request !== undefined && { request }),
});

/** Asks for a refund of this order, from an example of the page. */
function ask(stage: Stage, out_trade_no: string, name = 'part'): Promise<Reply> {
  const body = { ...requestOf(stage, 'putRefund', name), out_trade_no };
  return stage.ask('putRefund', { number: `R-${stage.fresh()}`, body });
}

/** Asks for a refund of this service order. */
function askOfService(stage: Stage, out_order_no: string): Promise<Reply> {
  const body = { ...requestOf(stage, 'putRefund', 'service'), out_order_no };
  return stage.ask('putRefund', { number: `R-${stage.fresh()}`, body });
}

const starts = ['whole', 'part'].map((name) =>
  putting(201, name, async (stage) => ask(stage, (await placeAndPay(stage)).number, name), name),
);

const mostRefunds = 50;

export const refundPlays: readonly Play[] = [
  ...starts,
  putting(
    201,
    'service',
    async (stage) => askOfService(stage, (await completeAndPay(stage)).number),
    'service',
  ),
  putting(404, 'service_order_unknown', (stage) => askOfService(stage, stage.fresh())),
  putting(200, 'repeated', async (stage) => stage.ask('putRefund', await processingRefund(stage))),
  putting(404, 'order_unknown', (stage) => ask(stage, stage.fresh())),
  putting(409, 'order_unpaid', async (stage) => ask(stage, (await place(stage)).number)),
  putting(409, 'order_conflict', async (stage) => {
    const reply = await ask(stage, (await leaveUnresolved(stage)).number);
    await stage.control('faults/clear', {});
    return reply;
  }),
  putting(409, 'refund_conflict', async (stage) => {
    const { number, body } = await refund(stage, 'part');
    return stage.ask('putRefund', { number, body: { ...body, reason: 'Another' } });
  }),
  putting(409, 'refund_exceeds', async (stage) => {
    const { body } = await refund(stage, 'part');
    return ask(stage, String(body['out_trade_no']), 'whole');
  }),
  putting(409, 'refund_limit', async (stage) => {
    const { number: out_trade_no } = await placeAndPay(stage);
    const body = { out_trade_no, amount: { refund: 1, currency: 'CNY' } };
    for (let part = 0; part < mostRefunds; part += 1) {
      await stage.ask('putRefund', { number: `R-${stage.fresh()}`, body });
    }
    return stage.ask('putRefund', { number: `R-${stage.fresh()}`, body });
  }),
  putting(409, 'refund_too_late', async (stage) => {
    const { number } = await placeAndPay(stage);
    await stage.tamper(stage.orderKey(number), 'successAt', Date.now() - 365 * dayMs);
    return ask(stage, number);
  }),
  {
    operation: 'getRefund',
    status: 200,
    example: 'succeeded',
    act: async (stage) => {
      const { number } = await processingRefund(stage);
      await stage.control('refund-status', { out_refund_no: number, status: 'SUCCESS' });
      return untilRefund(stage, number, { status: 'SUCCESS' });
    },
  },
];
