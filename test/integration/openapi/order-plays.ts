import { isAbout, isWriteBack } from '../stack/calls.ts';
import {
  closed,
  leaveUnresolved,
  type Play,
  place,
  placeAndPay,
  placeForReview,
  refund,
  requestOf,
  untilOrder,
} from './play.ts';
import type { Reply, Stage } from './stage.ts';

const ofPlacing = (request: string, example = request): Play => ({
  operation: 'putOrder',
  status: 201,
  example,
  request,
  act: (stage) =>
    stage.ask('putOrder', { number: stage.fresh(), body: requestOf(stage, 'putOrder', request) }),
});

const putting = (status: number, example: string, act: (stage: Stage) => Promise<Reply>): Play => ({
  operation: 'putOrder',
  status,
  example,
  act,
});

/** WeChat refuses the number of a new order so. */
const refused = (status: number, code: string, answer: number, example: string): Play =>
  putting(answer, example, (stage) => {
    const number = stage.fresh();
    stage.proxy.refuse(number, { status, code });
    return stage.ask('putOrder', { number, body: requestOf(stage, 'putOrder', 'native') });
  });

const placings: readonly Play[] = [
  ofPlacing('native'),
  ofPlacing('jsapi'),
  ofPlacing('app'),
  ofPlacing('h5'),
  ofPlacing('everything', 'native'),
  putting(200, 'repeated', async (stage) => stage.ask('putOrder', await place(stage))),
  putting(200, 'paid', async (stage) => stage.ask('putOrder', await placeAndPay(stage))),
  putting(409, 'order_conflict', async (stage) => {
    const { number, body } = await place(stage);
    return stage.ask('putOrder', { number, body: { ...body, description: 'Coffee' } });
  }),
  putting(409, 'order_expired', async (stage) => {
    const placed = await place(stage);
    await stage.tamper(stage.orderKey(placed.number), 'expiresAt', Date.now());
    return stage.ask('putOrder', placed);
  }),
  putting(409, 'order_closing', async (stage) => {
    const placed = await place(stage);
    const { number } = placed;
    await stage.control('paying', { out_trade_no: number, paying: true });
    await stage.ask('closeOrder', { number });
    return stage.ask('putOrder', placed);
  }),
  putting(409, 'order_settled', closedWhilePlaced),
  refused(403, 'NO_AUTH', 422, 'wechat_refused'),
  refused(403, 'OUT_TRADE_NO_USED', 409, 'wechat_looking'),
  refused(500, 'SYSTEM_ERROR', 503, 'wechat_unavailable'),
];

/** Its link comes back from WeChat only after the order was closed. */
async function closedWhilePlaced(stage: Stage): Promise<Reply> {
  const number = stage.fresh();
  const { promise: isClosed, resolve: letGo } = Promise.withResolvers<void>();
  const { promise: isHeld, resolve: hold } = Promise.withResolvers<void>();
  const removeRule = stage.stack.gates.dynamodb.addRule(async (call) => {
    if (isWriteBack(call) && isAbout(call, number)) {
      hold();
      await isClosed;
    }
    return undefined;
  });
  const reply = stage.ask('putOrder', { number, body: requestOf(stage, 'putOrder', 'app') });
  // An answer instead would be the end of it.
  await Promise.race([isHeld, reply]);
  await stage.ask('closeOrder', { number });
  await untilOrder(stage, number, { status: 'CLOSED' });
  letGo();
  removeRule();
  return reply;
}

const showing = (example: string, act: (stage: Stage) => Promise<Reply>): Play => ({
  operation: 'getOrder',
  status: 200,
  example,
  act,
});

const views: readonly Play[] = [
  showing('awaiting', async (stage) =>
    stage.ask('getOrder', { number: (await place(stage)).number }),
  ),
  showing('paid', async (stage) => {
    const { number } = await place(stage);
    await stage.control('pay', { out_trade_no: number, notice: 'lost' });
    return stage.ask('getOrder', { number, query: '?refresh=true' });
  }),
  showing('closed', async (stage) =>
    stage.ask('getOrder', { number: (await closed(stage)).number }),
  ),
  showing('refunded', async (stage) => {
    const { body } = await refund(stage, 'part');
    const number = String(body['out_trade_no']);
    return stage.until('the order shows its refund', async () => {
      const shown = await stage.ask('getOrder', { number });
      return shown.text.includes('"SUCCESS"}]') && shown;
    });
  }),
  showing('review', async (stage) => {
    const { number } = await leaveUnresolved(stage);
    const shown = await stage.ask('getOrder', { number });
    await stage.control('faults/clear', {});
    return shown;
  }),
  showing('resolved', async (stage) => {
    const { number } = await placeForReview(stage);
    await stage.ask('resolveOrder', { number, body: requestOf(stage, 'resolveOrder', 'accept') });
    return untilOrder(stage, number, { status: 'PAID' });
  }),
];

const closings: readonly Play[] = [
  {
    operation: 'closeOrder',
    status: 202,
    example: 'asked',
    act: async (stage) => stage.ask('closeOrder', { number: (await place(stage)).number }),
  },
  {
    operation: 'closeOrder',
    status: 200,
    example: 'closed',
    act: async (stage) => stage.ask('closeOrder', { number: (await closed(stage)).number }),
  },
  {
    operation: 'closeOrder',
    status: 409,
    example: 'order_settled',
    act: async (stage) => stage.ask('closeOrder', { number: (await placeAndPay(stage)).number }),
  },
];

const resolutions: readonly Play[] = [
  ...['accept', 'refund', 'close'].map(
    (request): Play => ({
      operation: 'resolveOrder',
      status: 202,
      example: 'noted',
      request,
      act: async (stage) => {
        const { number } = await placeForReview(stage);
        const body = requestOf(stage, 'resolveOrder', request);
        return stage.ask('resolveOrder', { number, body });
      },
    }),
  ),
  {
    operation: 'resolveOrder',
    status: 409,
    example: 'order_not_in_review',
    act: async (stage) => {
      const { number } = await place(stage);
      const body = requestOf(stage, 'resolveOrder', 'close');
      return stage.ask('resolveOrder', { number, body });
    },
  },
  {
    operation: 'resolveOrder',
    status: 409,
    example: 'order_conflict',
    act: async (stage) => {
      const { number } = await leaveUnresolved(stage);
      const body = requestOf(stage, 'resolveOrder', 'close');
      const reply = await stage.ask('resolveOrder', { number, body });
      await stage.control('faults/clear', {});
      return reply;
    },
  },
];

export const orderPlays: readonly Play[] = [...placings, ...views, ...closings, ...resolutions];
