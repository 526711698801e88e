import type { JsonObject } from '#core/values/json.ts';

export type Examples = Readonly<Record<string, JsonObject>>;

export const appid = 'wxd678efh567hg6787';

const amount = { total: 8800, currency: 'CNY' };

/** Bodies that the API takes; a test sends each of them to a running stack. */
export const requests = {
  putOrder: {
    native: { trade_type: 'NATIVE', description: 'Tea, 250 g', amount, reference: 'cart-77' },
    jsapi: {
      trade_type: 'JSAPI',
      description: 'Tea, 250 g',
      amount,
      payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
    },
    app: { trade_type: 'APP', description: 'Tea, 250 g', amount },
    h5: {
      trade_type: 'H5',
      description: 'Tea, 250 g',
      amount,
      scene_info: {
        payer_client_ip: '203.0.113.7',
        h5_info: { type: 'Wap', app_name: 'Tea', app_url: 'https://tea.example.org' },
      },
    },
    micropay: {
      trade_type: 'MICROPAY',
      description: 'Tea, 250 g',
      amount,
      auth_code: '134567890123456789',
      scene_info: { payer_client_ip: '203.0.113.7', device_id: 'till-3' },
    },
    everything: {
      trade_type: 'NATIVE',
      description: '龙井 250 g',
      amount,
      appid,
      time_expire: '2026-11-21T14:00:00+08:00',
      reference: 'cart-78',
      attach: 'shelf 4',
      goods_tag: 'WXG',
      support_fapiao: true,
      detail: {
        cost_price: 9000,
        invoice_id: 'inv-1',
        goods_detail: [
          {
            merchant_goods_id: 'tea-250',
            wechatpay_goods_id: '1001',
            goods_name: '龙井',
            quantity: 2,
            unit_price: 4400,
          },
        ],
      },
      scene_info: {
        payer_client_ip: '2001:db8::7',
        device_id: 'till-3',
        store_info: { id: 's-1', name: 'Shop', area_code: '440305', address: '1 Tea Street' },
      },
      settle_info: { profit_sharing: false },
    },
  },
  resolveOrder: {
    accept: { action: 'accept', by: 'Li Wei', why: 'The payer sent the receipt.' },
    refund: { action: 'refund', by: 'Li Wei', why: 'The till was set wrong.' },
    close: { action: 'close', by: 'Li Wei', why: 'The payer has given up.' },
  },
  putRefund: {
    whole: { out_trade_no: 'A-1001', amount: { refund: 8800, currency: 'CNY' } },
    part: {
      out_trade_no: 'A-1001',
      amount: { refund: 800, currency: 'CNY' },
      reason: '商品已售完',
      funds_account: 'AVAILABLE',
    },
    service: { out_order_no: 'lesson-1001-1', amount: { refund: 8_000, currency: 'CNY' } },
  },
} as const satisfies Readonly<Record<string, Examples>>;
