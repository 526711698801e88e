import { askedOf, refusedIn } from './support.ts';

export const placing = 'PUT /v1/shop/orders/A-1001';

export const native = {
  trade_type: 'NATIVE',
  description: 'Tea, 250 g',
  amount: { total: 8800, currency: 'CNY' },
};
export const jsapi = {
  ...native,
  trade_type: 'JSAPI',
  payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
};
export const h5 = {
  ...native,
  trade_type: 'H5',
  scene_info: { payer_client_ip: '203.0.113.7', h5_info: { type: 'Wap' } },
};
export const micropay = { ...native, trade_type: 'MICROPAY', auth_code: '134567890123456789' };
export const goods = { merchant_goods_id: 'tea-250', quantity: 2, unit_price: 4400 };
/** Every field that an order may have, but for the payer and the payer's code. */
export const full = {
  ...native,
  trade_type: 'H5',
  appid: 'wxd678efh567hg6787',
  time_expire: '2026-11-21T14:00:00+08:00',
  reference: 'cart-77',
  attach: 'shelf 4',
  goods_tag: 'WXG',
  support_fapiao: true,
  detail: {
    cost_price: 9000,
    invoice_id: 'inv-1',
    goods_detail: [{ ...goods, wechatpay_goods_id: '1001', goods_name: '龙井' }],
  },
  scene_info: {
    payer_client_ip: '2001:db8::7',
    device_id: 'till-3',
    store_info: { id: 's-1', name: 'Shop', area_code: '440305', address: '1 Tea Street' },
    h5_info: {
      type: 'iOS',
      app_name: 'Tea',
      app_url: 'https://tea.example.com',
      bundle_id: 'com.example.tea',
      package_name: 'com.example.tea',
    },
  },
  settle_info: { profit_sharing: false },
};

/** What the job is asked for when a body is accepted. */
export async function accepted(body: unknown): Promise<Record<string, unknown>> {
  const [order] = await askedOf('putOrder', placing, body);
  return Object(order);
}

/** Each value at this place is refused, with this pointer and no other. */
export function refusedAt(
  pointer: string,
  values: readonly unknown[],
  body: object = full,
): Promise<void> {
  return refusedIn(placing, body, pointer, values);
}
