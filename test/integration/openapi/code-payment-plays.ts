import { type Placed, type Play, requestOf } from './play.ts';
import type { Reply, Stage } from './stage.ts';

type Act = (stage: Stage) => Promise<Reply>;

const putting = (status: number, example: string, act: Act, how?: string): Play => ({
  operation: 'putOrder',
  status,
  example,
  act,
  ...(how !== undefined && { how }),
});

/** A code of somebody who need not type a password, and of somebody who has to: above 1,000 CNY WeChat asks. */
const free = { total: 8800, currency: 'CNY' };
const beyondFree = { total: 100_001, currency: 'CNY' };

type Charged = Placed & { readonly reply: Reply };

/** A code is scanned at the till. */
async function charge(stage: Stage, amount = free): Promise<Charged> {
  const number = stage.fresh();
  const body = { ...requestOf(stage, 'putOrder', 'micropay'), amount, reference: `cart-${number}` };
  return { number, body, reply: await stage.ask('putOrder', { number, body }) };
}

/** A code payment that waits for its password. */
export const chargeWaiting = (stage: Stage): Promise<Placed> => charge(stage, beyondFree);

/** WeChat does not take the code, and says why. */
const refused = (wechatCode: string, example: string): Play =>
  putting(422, example, async (stage) => {
    await stage.control('micropay', { outcome: wechatCode, times: 1 });
    return (await charge(stage)).reply;
  });

const again =
  (amount: typeof free, change: (stage: Stage) => object = () => ({})): Act =>
  async (stage) => {
    const { number, body } = await charge(stage, amount);
    return stage.ask('putOrder', { number, body: { ...body, ...change(stage) } });
  };

const anotherCode = (stage: Stage): object => ({ auth_code: stage.freshCode() });

export const codePaymentPlays: readonly Play[] = [
  {
    ...putting(201, 'micropay', (stage) => {
      const body = requestOf(stage, 'putOrder', 'micropay');
      return stage.ask('putOrder', { number: stage.fresh(), body });
    }),
    request: 'micropay',
  },
  putting(202, 'micropay', async (stage) => (await charge(stage, beyondFree)).reply),
  putting(202, 'micropay', again(beyondFree), 'once more, with the same code'),
  putting(200, 'paid', again(free), 'at the till'),
  putting(409, 'order_conflict', again(free, anotherCode), 'with another code'),
  putting(409, 'order_conflict', again(beyondFree, anotherCode), 'with another code, too early'),
  refused('AUTHCODEEXPIRE', 'code_expired'),
  refused('NOTENOUGH', 'not_enough'),
  putting(
    201,
    'micropay',
    async (stage) => {
      await stage.control('micropay', { outcome: 'NOTENOUGH', times: 1 });
      const { number, body } = await charge(stage);
      return stage.ask('putOrder', { number, body: { ...body, ...anotherCode(stage) } });
    },
    'with another code, after one that was refused',
  ),
  {
    operation: 'getOrder',
    status: 200,
    example: 'paid_at_till',
    act: async (stage) => stage.ask('getOrder', { number: (await charge(stage)).number }),
  },
  {
    operation: 'closeOrder',
    status: 202,
    example: 'micropay',
    act: async (stage) => stage.ask('closeOrder', { number: (await chargeWaiting(stage)).number }),
  },
  putting(201, 'jsapi_v2', (stage) => {
    const body = requestOf(stage, 'putOrder', 'jsapi');
    return stage.ask('putOrder', { number: stage.fresh(), body, account: 'v2' });
  }),
];
