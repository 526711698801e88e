import { decodeAccount } from '#adapters/secrets/account-secret.ts';
import type { Account } from '#core/account.ts';
import type { RawNotice } from '#core/notices.ts';
import { isAccountName } from '#core/values/ids.ts';
import { createMerchant, type Merchant } from '../simulator/merchant.ts';
import { composeNotice } from '../simulator/notice-message.ts';
import { composeV2Notice } from '../simulator/v2/notice-message.ts';
import { createWechatKeys, type WechatKeys } from '../simulator/wechat-keys.ts';
import { valid } from '../test/support/order-builder.ts';

/** A merchant of ours, and the keys of the WeChat Pay that it talks to. */
export type Shop = {
  readonly merchant: Merchant;
  readonly wechat: WechatKeys;
  readonly account: Account;
  /** The account's secret, as its owner would fill it in. */
  readonly secret: string;
};

export type PaidOrder = {
  readonly outTradeNo: string;
  readonly amountFen: number;
  readonly paidAtMs: number;
};

export async function openShop(): Promise<Shop> {
  const merchant = await createMerchant({ keyMode: 'certificate' });
  const { mchid, appids, apiV3Key, merchantSerial, merchantPrivateKey } = merchant;
  const wechat = await createWechatKeys(mchid, Date.now());
  const secret = JSON.stringify({
    mchid,
    appids,
    tenant: 'shop',
    api: 'v3',
    apiV3Key,
    merchantSerial,
    merchantPrivateKey,
    wechatpayKeys: { [wechat.platform.serial]: wechat.platform.certificatePem },
  });
  return {
    merchant,
    wechat,
    account: decodeAccount(valid('main', isAccountName), secret, { allowsLoopback: false }),
    secret,
  };
}

/** What WeChat tells about a paid order, as long as the sample on its page (4012791861). */
export function transactionOf({ merchant }: Shop, order: PaidOrder) {
  const { outTradeNo: out_trade_no, amountFen: total, paidAtMs } = order;
  const amount = { total, payer_total: total, currency: 'CNY', payer_currency: 'CNY' };
  const goods = { quantity: 1, unit_price: 100, discount_amount: 0, goods_remark: '商品备注信息' };
  const promotion = {
    coupon_id: '109519',
    name: '单品惠-6',
    scope: 'SINGLE',
    type: 'CASH',
    amount: 0,
    stock_id: '931386',
    wechatpay_contribute: 0,
    merchant_contribute: 0,
    other_contribute: 0,
    currency: 'CNY',
    goods_detail: [{ goods_id: 'M1006', ...goods }],
  };
  return {
    transaction_id: `4200002001${out_trade_no.replace(/\D/g, '').padStart(18, '0')}`,
    mchid: merchant.mchid,
    appid: merchant.appid,
    out_trade_no,
    trade_type: 'NATIVE',
    trade_state: 'SUCCESS',
    trade_state_desc: '支付成功',
    bank_type: 'CMC',
    attach: '自定义数据',
    success_time: new Date(paidAtMs).toISOString().replace(/\.\d+Z$/, '+00:00'),
    payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
    amount,
    scene_info: { device_id: '013467007045764' },
    promotion_detail: [promotion],
  };
}

export type ShopNotice = RawNotice & { readonly body: Buffer };

/** The callback about it, sealed and signed at `nowMs`. */
export function noticeOf(shop: Shop, order: PaidOrder, nowMs: number): ShopNotice {
  const notice = {
    id: '5d3f6f2c-8b0a-5c4e-9d57-2b1f0a7e6c31',
    mchid: shop.merchant.mchid,
    outTradeNo: order.outTradeNo,
    url: 'https://pay.example.com/notify/main',
    createdAtMs: order.paidAtMs,
    eventType: 'TRANSACTION.SUCCESS',
    content: transactionOf(shop, order),
  };
  const key = shop.wechat.platform.signing;
  const sent = composeNotice(notice, { apiV3Key: shop.merchant.apiV3Key, key, nowMs });
  const headers = Object.entries(sent.headers).map(([name, value]) => [name.toLowerCase(), value]);
  return { headers: Object.fromEntries(headers), body: Buffer.from(sent.body) };
}

/** The callback of APIv2 about the same, signed by MD5. */
export function xmlNoticeOf({ merchant }: Shop, order: PaidOrder): ShopNotice {
  const { outTradeNo: out_trade_no, amountFen, paidAtMs } = order;
  const { mchid, appid, apiKey } = merchant;
  const beijing = new Date(paidAtMs + 8 * 3_600_000).toISOString();
  const fields = {
    return_code: 'SUCCESS',
    result_code: 'SUCCESS',
    appid,
    mch_id: mchid,
    openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
    is_subscribe: 'N',
    trade_type: 'NATIVE',
    bank_type: 'CMC',
    total_fee: String(amountFen),
    fee_type: 'CNY',
    cash_fee: String(amountFen),
    transaction_id: `4200002001${out_trade_no.replace(/\D/g, '').padStart(18, '0')}`,
    out_trade_no,
    attach: '自定义数据',
    time_end: beijing.slice(0, 19).replaceAll(/\D/g, ''),
  };
  const sent = composeV2Notice(
    {
      id: '5d3f6f2c-8b0a-5c4e-9d57-2b1f0a7e6c31',
      mchid,
      outTradeNo: out_trade_no,
      url: 'https://pay.example.com/notify/main',
      v2: { about: 'payment', signType: 'MD5', fields: new Map(Object.entries(fields)) },
    },
    { apiKey, signTypeNaming: 'usual' },
  );
  return { headers: {}, body: Buffer.from(sent.body) };
}

/** The same account on APIv2. */
export function v2AccountOf({ account, merchant }: Shop): Account {
  const { apiKey, merchantCertificate: certificate, merchantPrivateKey: privateKey } = merchant;
  const v2 = { apiKey, signType: 'MD5', certificate: { certificate, privateKey } } as const;
  return { ...account, api: 'v2', credentials: { v2 } };
}
