import { appid, type Examples, requests } from './request-examples.ts';

const mchid = '1900000001';
const transaction_id = '4200002026112100000000000001';
const amount = { total: 8800, currency: 'CNY' };

const order = { out_trade_no: 'A-1001', status: 'AWAITING' };
const charged = { ...order, status: 'CREATED' };
const jsapiPay = {
  appId: appid,
  timeStamp: '1795233600',
  nonceStr: '5K8264ILTKCH16CQ2502SI8ZNMTM67VS',
  package: 'prepay_id=wx2112000000000000000000000000000001',
};
const native = { ...order, code_url: 'weixin://wxpay/bizpayurl?pr=NwY5Mz9c3' };

const shown = {
  out_trade_no: 'A-1001',
  mchid,
  trade_type: 'NATIVE',
  appid,
  time_expire: '2026-11-21T06:00:00.000Z',
  created_at: '2026-11-21T04:00:00.000Z',
  reference: 'cart-77',
  amount,
};
const placedRow = {
  at: '2026-11-21T04:00:00.310Z',
  from: 'CREATED',
  to: 'AWAITING',
  because: 'request',
};
const paidRow = {
  at: '2026-11-21T04:00:21.042Z',
  from: 'AWAITING',
  to: 'PAID',
  because: 'notice',
  evidence: 'SUCCESS',
};
const resolveRow = {
  at: '2026-11-21T05:00:00.000Z',
  from: 'REVIEW',
  to: 'REVIEW',
  because: 'request',
  evidence: 'resolve accept',
};
const payment = {
  transaction_id,
  paid_total: 8800,
  payer_total: 8800,
  success_time: '2026-11-21T04:00:20.000Z',
};
const resolution = {
  ...requests.resolveOrder.accept,
  at: '2026-11-21T05:00:00.000Z',
};

const whole = {
  out_refund_no: 'R-1001',
  mchid,
  status: 'CREATED',
  out_trade_no: 'A-1001',
  transaction_id,
  amount: { refund: 8800, total: 8800, currency: 'CNY' },
  origin: 'request',
  created_at: '2026-11-21T04:10:00.000Z',
  start_at: '2026-11-21T04:10:00.000Z',
  history: [],
  history_count: 0,
};
const part = {
  ...whole,
  amount: { ...whole.amount, refund: 800 },
  refund_reason: '商品已售完',
  funds_account: 'AVAILABLE',
};
const { out_trade_no: _, ...ofNothing } = whole;
const service = {
  ...ofNothing,
  out_refund_no: 'R-1002',
  out_order_no: 'lesson-1001-1',
  amount: { refund: 8_000, total: 18_000, currency: 'CNY' },
};
const acceptedRow = {
  at: '2026-11-21T04:10:01.000Z',
  from: 'CREATED',
  to: 'PROCESSING',
  because: 'timer',
  evidence: 'PROCESSING',
};

/** Answers as the API gives them; a test compares their shape with those of a running stack. */
export const answers = {
  putOrder: {
    201: {
      native,
      jsapi: {
        ...order,
        pay: {
          ...jsapiPay,
          signType: 'RSA',
          paySign: 'oR9d8PuhnIc+YZ8cBHFCwfgpaK9gd7vaRvkYD7rthRAZ…',
        },
      },
      jsapi_v2: {
        ...order,
        pay: {
          ...jsapiPay,
          signType: 'HMAC-SHA256',
          paySign: '6A9AE1657590FD6257D693A078E1C3E4BB6BA4DC30B23E0EE2496E54170DACD6',
        },
      },
      app: {
        ...order,
        pay: {
          appid,
          partnerid: mchid,
          prepayid: 'wx2112000000000000000000000000000002',
          package: 'Sign=WXPay',
          noncestr: '5K8264ILTKCH16CQ2502SI8ZNMTM67VS',
          timestamp: '1795233600',
          sign: 'oR9d8PuhnIc+YZ8cBHFCwfgpaK9gd7vaRvkYD7rthRAZ…',
        },
      },
      h5: {
        ...order,
        h5_url: 'https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx2112',
      },
      micropay: { ...order, status: 'PAID' },
    },
    202: { micropay: charged },
    200: { repeated: native, paid: { ...order, status: 'PAID' } },
  },
  getOrder: {
    200: {
      awaiting: { ...shown, status: 'AWAITING', history: [placedRow], history_count: 1 },
      paid: {
        ...shown,
        status: 'PAID',
        ...payment,
        history: [placedRow, { ...paidRow, because: 'request' }],
        history_count: 2,
        refreshed: true,
      },
      paid_at_till: {
        ...shown,
        trade_type: 'MICROPAY',
        time_expire: '2026-11-21T04:00:45.000Z',
        status: 'PAID',
        ...payment,
        history: [{ ...paidRow, from: 'CREATED', because: 'request' }],
        history_count: 1,
      },
      closed: {
        ...shown,
        status: 'CLOSED',
        close_reason: 'requested',
        history: [placedRow, { ...paidRow, to: 'CLOSED', because: 'request', evidence: 'CLOSED' }],
        history_count: 2,
      },
      refunded: {
        ...shown,
        status: 'PAID',
        ...payment,
        refunds: [
          {
            out_refund_no: 'R-1001',
            amount: { refund: 800, currency: 'CNY' },
            status: 'SUCCESS',
          },
        ],
        history: [
          placedRow,
          paidRow,
          {
            at: '2026-11-21T04:10:00.000Z',
            from: 'PAID',
            to: 'PAID',
            because: 'request',
            evidence: 'refund R-1001',
          },
          {
            at: '2026-11-21T04:10:05.400Z',
            from: 'PAID',
            to: 'PAID',
            because: 'refund',
            evidence: 'refund R-1001 SUCCESS',
          },
        ],
        history_count: 4,
      },
      review: {
        ...shown,
        status: 'REVIEW',
        ...payment,
        paid_total: 1,
        payer_total: 1,
        review_reason: 'amount',
        resolution,
        history: [placedRow, { ...paidRow, to: 'REVIEW' }, resolveRow],
        history_count: 3,
      },
      resolved: {
        ...shown,
        status: 'PAID',
        ...payment,
        paid_total: 1,
        payer_total: 1,
        resolved: { ...resolution, outcome: 'done' },
        history: [
          placedRow,
          { ...paidRow, to: 'REVIEW' },
          resolveRow,
          {
            at: '2026-11-21T05:00:00.310Z',
            from: 'REVIEW',
            to: 'PAID',
            because: 'request',
            evidence: 'SUCCESS',
          },
        ],
        history_count: 4,
      },
    },
  },
  closeOrder: {
    202: { asked: order, micropay: charged },
    200: { closed: { ...order, status: 'CLOSED' } },
  },
  resolveOrder: { 202: { noted: { ...order, status: 'REVIEW' } } },
  putRefund: {
    201: { whole, part, service },
    200: {
      repeated: {
        ...part,
        status: 'PROCESSING',
        refund_id: '50000000382019052709732678859',
        history: [acceptedRow],
        history_count: 1,
      },
    },
  },
  getRefund: {
    200: {
      succeeded: {
        ...part,
        status: 'SUCCESS',
        refund_id: '50000000382019052709732678859',
        success_time: '2026-11-21T04:10:05.000Z',
        history: [
          acceptedRow,
          {
            at: '2026-11-21T04:10:05.300Z',
            from: 'PROCESSING',
            to: 'SUCCESS',
            because: 'notice',
            evidence: 'SUCCESS',
          },
        ],
        history_count: 2,
      },
    },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<number, Examples>>>>;
