import assert from 'node:assert/strict';
import type { Merchant } from '../../../simulator/merchant.ts';
import type { SimulatorOptions } from '../../../simulator/server.ts';
import { openShop } from './outside-client.ts';

export const PLANS = '/v3/payscore/plan/payscore-plans';
export const SIGN_PLANS = '/v3/payscore/sign-plan/user-sign-plans';
export const NEW_ORDER = '/v3/payscore/sign-plan/serviceorder';
export const ORDERS = '/v3/payscore/serviceorder';

const NOTIFY_URL = 'https://pay.example.com/payscore';

/** The three lessons of the official guide: 180, 120 and 0 CNY. */
const LESSONS = [
  { plan_detail_name: '第一节课', original_price: 18000, actual_price: 18000 },
  {
    plan_detail_name: '第二节课',
    original_price: 18000,
    actual_price: 12000,
    plan_discount_description: '优惠60元',
  },
  {
    plan_detail_name: '第三节课',
    original_price: 18000,
    actual_price: 0,
    plan_discount_description: '送一节课',
  },
];

type Body = Readonly<Record<string, unknown>>;

/** A shop that sells lessons by a plan; its calls go through the outside library, which verifies every answer. */
export const openSchool = async (options: Partial<SimulatorOptions> = {}, owner?: Merchant) => {
  const shop = await openShop('public-key', options, owner);
  const [service] = shop.merchant.services;
  if (service === undefined) throw new Error('the merchant has no service');
  const { appid } = shop.merchant;
  const caller = { service_id: service.id, appid };

  const good = async (method: string, url: string, body?: unknown): Promise<Body> => {
    const { data, failure, status } = await shop.call(method, url, body);
    assert.deepEqual([failure, status], [undefined, 200], JSON.stringify(data));
    return data;
  };

  const planBody = (number: string, more: object = {}): Body => ({
    ...caller,
    merchant_plan_no: `plan-${number}`,
    plan_name: '羽毛球课3节',
    plan_duration: 300,
    deduction_quantity: 3,
    total_original_price: 54000,
    total_actual_price: 30000,
    plan_detail_list: LESSONS,
    ...more,
  });

  const signPlanBody = (number: string, planId: unknown, more: object = {}): Body => ({
    ...caller,
    plan_id: planId,
    openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
    merchant_sign_plan_no: `sign-${number}`,
    notify_url: NOTIFY_URL,
    sign_plan_detail: [1, 2, 3].map((no) => ({
      plan_detail_no: no,
      merchant_plan_detail_no: `lesson-${number}-${no}`,
    })),
    ...more,
  });

  const orderBody = (number: string, no: number, signPlanId: unknown, more: object = {}): Body => ({
    ...caller,
    sign_plan_id: signPlanId,
    plan_detail_no: no,
    openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
    notify_url: NOTIFY_URL,
    service_introduction: '羽毛球基础课程',
    time_range: { start_time: '20260101091010' },
    out_trade_no: `lesson-${number}-${no}`,
    ...more,
  });

  const completeBody = (total: number, more: object = {}): Body => ({
    ...caller,
    post_payments: [{ name: '羽毛球课', amount: total }],
    total_amount: total,
    time_range: { end_time: '20260101121010' },
    ...more,
  });

  const modifyBody = (total: number, more: object = {}): Body => ({
    ...caller,
    post_payments: [{ name: '羽毛球课', amount: total }],
    total_amount: total,
    reason: '少上半节',
    ...more,
  });

  /** A plan, and a sign plan that nobody signed yet. */
  const offered = async (number: string, more: object = {}): Promise<Body> => {
    const plan = await good('POST', PLANS, planBody(number));
    const answer = await good('POST', SIGN_PLANS, signPlanBody(number, plan['plan_id'], more));
    return answer['sign_plan'] as Body;
  };

  const control = async (name: string, input: object): Promise<Body> => {
    const { data, status } = await shop.control(name, input);
    assert.equal(status, 200, JSON.stringify(data));
    return data;
  };

  /** The same, signed; its notice is lost. */
  const signed = async (number: string, more: object = {}): Promise<Body> => {
    const signPlan = await offered(number, more);
    const named = { merchant_sign_plan_no: `sign-${number}` };
    await control('payscore-sign', { ...named, notice: 'lost' });
    return signPlan;
  };

  /** A service order for one detail of a sign plan that is signed. */
  const use = async (number: string, no: number, more: object = {}): Promise<string> => {
    const signPlan = await good('GET', `${SIGN_PLANS}/merchant-sign-plan-no/sign-${number}`);
    const body = orderBody(number, no, signPlan['sign_plan_id'], more);
    await good('POST', NEW_ORDER, body);
    return `lesson-${number}-${no}`;
  };

  /** A sign plan, signed, whose first detail is in use; gives the number of its order. */
  const started = async (number: string, more: object = {}): Promise<string> => {
    await signed(number);
    return use(number, 1, more);
  };

  /** The same, completed: 180 CNY are to be paid, and no charge comes by itself. */
  const owed = async (number: string, more: object = {}): Promise<string> => {
    const order = await started(number, more);
    await control('payscore-charges', { outcome: 'failing', times: 1 });
    await good('POST', `${ORDERS}/${order}/complete`, completeBody(18000));
    return order;
  };

  const query = (order: string): Promise<Body> =>
    good('GET', `${ORDERS}?service_id=${service.id}&out_order_no=${order}&appid=${appid}`);
  const querySignPlan = (number: string): Promise<Body> =>
    good('GET', `${SIGN_PLANS}/merchant-sign-plan-no/sign-${number}`);

  /** Status, code and, where one is named, the field of a call that is refused; no refusal is ever signed. */
  const refused = async (method: string, target: string, body?: unknown) => {
    const answer = await shop.raw({
      method,
      target,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const headers = new Map(Object.entries(answer.headers));
    const signatures = [...headers.keys()].filter((name) => name.startsWith('wechatpay-'));
    assert.deepEqual(signatures, []);
    const { code, detail } = JSON.parse(answer.body);
    return [answer.status, code, ...(detail === undefined ? [] : [detail.field])];
  };

  return {
    ...shop,
    service,
    /** A control call that may be refused. */
    tryControl: shop.control,
    caller,
    good,
    control,
    planBody,
    signPlanBody,
    orderBody,
    completeBody,
    modifyBody,
    offered,
    signed,
    use,
    started,
    owed,
    query,
    querySignPlan,
    refused,
  };
};

/** The details of a sign plan in its answer. */
export const detailsOf = (signPlan: Body): readonly Body[] =>
  signPlan['signed_detail_list'] as readonly Body[];

/** What came of the charge, in the answer about an order. */
export const collectionOf = (order: Body): Body => order['collection'] as Body;
