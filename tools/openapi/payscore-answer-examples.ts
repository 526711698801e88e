import type { JsonObject } from '#core/values/json.ts';
import { appid, type Examples } from './request-examples.ts';

const mchid = '1900000001';
const service_id = '00004000000000162930000000000001';
const done = (name: string) => ({ name, outcome: 'done' });
const row = (at: string, from: string, to: string, evidence: string) => ({
  at: `2026-11-${at}Z`,
  from,
  to,
  because: 'request',
  evidence,
});
const rows = (...history: readonly JsonObject[]) => ({ history, history_count: history.length });

const newPlan = {
  merchant_plan_no: 'lessons-2026',
  mchid,
  service_id,
  appid,
  plan_name: '羽毛球课3节',
  plan_duration: 300,
  plan_detail_list: [18_000, 12_000, 0].map((actual_price, n) => ({
    plan_detail_no: n + 1,
    original_price: 18_000,
    actual_price,
  })),
  created_at: '2026-11-20T01:00:00.000Z',
};
const madeRow = row('20T01:00:00.310', 'CREATED', 'NORMAL', 'NORMAL');
const made = { ...newPlan, plan_id: '12535740000000000000000000000001', status: 'NORMAL' };
const normal = { ...made, last_command: done('create-plan'), ...rows(madeRow) };
const stopRow = row('25T01:00:00.000', 'NORMAL', 'NORMAL', 'stop-plan');

const details = (first: string) =>
  [18_000, 12_000, 0].map((actual_price, n) => ({
    plan_detail_no: n + 1,
    merchant_plan_detail_no: `lesson-1001-${n + 1}`,
    actual_price,
    plan_detail_state: n === 0 ? first : 'NOT_USED',
  }));
const newSignPlan = {
  merchant_sign_plan_no: 'sign-1001',
  mchid,
  merchant_plan_no: 'lessons-2026',
  plan_id: made.plan_id,
  details: details('NOT_USED'),
  appid,
  service_id,
  created_at: '2026-11-20T02:00:00.000Z',
};
const signPackage = 'XXIzTtMqCxwOaawoE91+VJdsFmv7b8g0VZIZkqf4GWA60Fzpc8ksZ/5ZZ=';
const query = `package=${encodeURIComponent(signPackage)}`;
const business_type = 'wxpayScorePlan';
const launchedRow = row('20T02:00:00.310', 'CREATED', 'UNSIGNED', 'UNSIGNED');
const unsigned = {
  ...newSignPlan,
  status: 'UNSIGNED',
  sign_plan_id: '12535740000000000000000000000002',
  package: signPackage,
  launch: {
    mini_program: { business_type, extra_data: { package: signPackage } },
    web: { business_type, query_string: query },
    app: { business_type, query },
  },
  last_command: done('create-sign-plan'),
  ...rows(launchedRow),
};
const signedRow = row('20T02:01:00.042', 'UNSIGNED', 'SIGNED', 'SIGNED');
const signed = {
  ...newSignPlan,
  status: 'SIGNED',
  sign_plan_id: unsigned.sign_plan_id,
  sign_time: '2026-11-20T02:00:59.000Z',
  plan_over_time: '2027-09-16T02:00:59.000Z',
  last_command: done('create-sign-plan'),
  ...rows(launchedRow, signedRow),
};
const stopSignRow = row('25T02:00:00.000', 'SIGNED', 'SIGNED', 'stop-sign-plan');
const cancelledRow = row('25T02:00:00.310', 'SIGNED', 'SIGN_PLAN_CANCEL', 'SIGN_PLAN_CANCEL');

const newServiceOrder = {
  out_order_no: 'lesson-1001-1',
  mchid,
  merchant_sign_plan_no: 'sign-1001',
  appid,
  service_id,
  created_at: '2026-11-21T03:00:00.000Z',
};
const doingRow = row('21T03:00:00.310', 'CREATED', 'DOING', 'DOING USER_CONFIRM');
const begun = { ...newServiceOrder, order_id: '12535740000000000000000000000003' };
const doing = {
  ...begun,
  status: 'DOING',
  last_command: done('create-service-order'),
  ...rows(doingRow),
};
const charging = 'DOING MCH_COMPLETE USER_PAYING';
const cancelRow = row('21T03:05:00.000', 'DOING', 'DOING', 'cancel');
const completeRow = row('21T05:00:00.000', 'DOING', 'DOING', 'complete');
const completedRow = row('21T05:00:00.310', 'DOING', 'COMPLETED', charging);
const completed = {
  ...begun,
  status: 'COMPLETED',
  total_amount: 18_000,
  last_command: done('complete'),
  ...rows(doingRow, completeRow, completedRow),
};
/** A command that WeChat has not answered, and one that changed nothing of the status. */
const asked = (name: string) => ({
  ...completed,
  pending_command: name,
  ...rows(...completed.history, row('21T05:30:00.000', 'COMPLETED', 'COMPLETED', name)),
});
const after = (name: string, status: string, evidence: string) => ({
  ...completed,
  status,
  last_command: done(name),
  ...rows(...asked(name).history, row('21T05:30:00.310', 'COMPLETED', status, evidence)),
});
const paid = {
  ...completed,
  status: 'PAID',
  paid_amount: 18_000,
  paid_type: 'NEWTON',
  transaction_id: '4200002026112100000000000001',
  success_time: '2026-11-21T05:00:20.000Z',
  ...rows(...completed.history, row('21T05:00:21.042', 'COMPLETED', 'PAID', 'DONE USER_PAID')),
};
const refundRow = row('21T06:00:00.000', 'PAID', 'PAID', 'refund R-1002');
const refundedRow = {
  ...row('21T06:00:05.400', 'PAID', 'PAID', 'refund R-1002 SUCCESS'),
  because: 'refund',
};

/** Answers about PayScore as the API gives them; a test compares their shape with those of a running stack. */
export const payscoreAnswers = {
  putPlan: {
    201: { made: normal },
    202: { waits: { ...newPlan, status: 'CREATED', pending_command: 'create-plan', ...rows() } },
    200: { repeated: normal },
  },
  getPlan: { 200: { normal } },
  stopPlan: {
    202: { waits: { ...normal, pending_command: 'stop-plan', ...rows(madeRow, stopRow) } },
    200: {
      stopped: {
        ...made,
        status: 'STOP',
        last_command: done('stop-plan'),
        ...rows(madeRow, stopRow, row('25T01:00:00.310', 'NORMAL', 'STOP', 'STOP')),
      },
    },
  },
  putSignPlan: {
    201: { unsigned },
    202: {
      waits: { ...newSignPlan, status: 'CREATED', pending_command: 'create-sign-plan', ...rows() },
    },
    200: { repeated: unsigned },
  },
  getSignPlan: { 200: { unsigned, signed: { ...signed, refreshed: true } } },
  stopSignPlan: {
    202: {
      waits: {
        ...signed,
        pending_command: 'stop-sign-plan',
        ...rows(...signed.history, stopSignRow),
      },
    },
    200: {
      stopped: {
        ...signed,
        status: 'SIGN_PLAN_CANCEL',
        cancel_sign_type: 'MERCHANT',
        last_command: done('stop-sign-plan'),
        ...rows(...signed.history, stopSignRow, cancelledRow),
      },
    },
  },
  putServiceOrder: {
    201: { doing },
    202: {
      waits: {
        ...newServiceOrder,
        status: 'CREATED',
        pending_command: 'create-service-order',
        ...rows(),
      },
    },
    200: { repeated: doing },
  },
  getServiceOrder: {
    200: {
      doing,
      paid,
      refunded: {
        ...paid,
        refunds: [
          {
            out_refund_no: 'R-1002',
            amount: { refund: 8_000, currency: 'CNY' },
            status: 'SUCCESS',
          },
        ],
        ...rows(...paid.history, refundRow, refundedRow),
      },
    },
  },
  commandServiceOrder: {
    complete: {
      202: { waits: { ...doing, pending_command: 'complete', ...rows(doingRow, completeRow) } },
      200: { completed },
    },
    cancel: {
      202: { waits: { ...doing, pending_command: 'cancel', ...rows(doingRow, cancelRow) } },
      200: {
        revoked: {
          ...doing,
          status: 'REVOKED',
          last_command: done('cancel'),
          ...rows(doingRow, cancelRow, row('21T03:05:00.310', 'DOING', 'REVOKED', 'REVOKED')),
        },
      },
    },
    modify: {
      202: { waits: asked('modify') },
      200: { lowered: { ...after('modify', 'COMPLETED', charging), total_amount: 15_000 } },
    },
    sync: {
      202: { waits: asked('sync') },
      200: {
        paid: {
          ...after('sync', 'PAID', 'DONE USER_PAID'),
          paid_amount: 18_000,
          paid_type: 'MCH',
          success_time: '2026-11-21T05:30:00.000Z',
        },
      },
    },
    pay: {
      202: { waits: asked('pay') },
      200: { asked: after('pay', 'COMPLETED', charging) },
    },
  },
} as const satisfies Readonly<
  Record<
    string,
    | Readonly<Record<number, Examples>>
    | Readonly<Record<string, Readonly<Record<number, Examples>>>>
  >
>;
