import type { TradeType } from '#core/subjects/order/order.ts';

/** What each field of a request means, by JSON pointer; `/-` is an item of a list, `''` the whole body. */
export type Words = Readonly<Record<string, string>>;

export const tradeTypeWords: Readonly<Record<TradeType, string>> = {
  NATIVE: 'The payer scans a QR code. The answer has a `code_url`.',
  JSAPI: 'The payer pays in a mini program or on a page inside WeChat. The answer has `pay`.',
  APP: 'The payer pays in your app. The answer has `pay`.',
  H5: "The payer pays in a phone's browser outside WeChat. The answer has an `h5_url`.",
  MICROPAY:
    'A code payment: the payer shows a code, you scan it at the till, and it is charged at once. The answer has no link, but tells whether it is paid. The account needs credentials for APIv2, whichever API it takes else.',
};

export const orderWords: Words = {
  '': 'A new order.',
  '/trade_type': 'How the payer pays.',
  '/description':
    'What the payer reads. No emoji: WeChat takes no character of four UTF-8 bytes, here and in any other text.',
  '/amount': 'What the payer owes.',
  '/amount/total': 'In fen: 8800 is 88.00 yuan.',
  '/amount/currency': 'Always `CNY`.',
  '/payer': 'Who pays. JSAPI needs it; no other trade type takes it.',
  '/payer/openid': 'The payer as the `appid` knows them.',
  '/auth_code':
    "The payer's code as it was scanned: 18 digits, from 10 to 15 at their head. MICROPAY needs it; no other trade type takes it. It is charged once, and neither kept nor logged.",
  '/appid': 'The app, mini program or official account. One of the account; its first when absent.',
  '/time_expire':
    'The payer can pay until then. 2 minutes to 7 days ahead, 2 hours when absent. RFC 3339 with a zone; parts of a second are cut off. MICROPAY takes none: what is not paid after 45 seconds is reversed.',
  '/reference':
    'Your business order, for example a cart. Of the orders of one reference the newest is open and one is kept: a new PUT closes the older one, and a second payment goes back.',
  '/attach': 'WeChat keeps it with the payment.',
  '/goods_tag': "WeChat's tag for discounts.",
  '/support_fapiao': 'Whether the payer may ask for an invoice.',
  '/detail': 'The goods, for discounts of single goods. At most 6144 bytes as JSON without spaces.',
  '/detail/cost_price': 'The price before discounts, in fen.',
  '/detail/invoice_id': 'Number of the receipt.',
  '/detail/goods_detail': 'The goods, one by one.',
  '/detail/goods_detail/-': 'One kind of goods.',
  '/detail/goods_detail/-/merchant_goods_id': 'Your number of the goods.',
  '/detail/goods_detail/-/wechatpay_goods_id': "WeChat's number of the goods.",
  '/detail/goods_detail/-/goods_name': 'Their name.',
  '/detail/goods_detail/-/quantity': 'How many.',
  '/detail/goods_detail/-/unit_price': 'The price of one, in fen.',
  '/scene_info': 'Where the payer pays. H5 needs it.',
  '/scene_info/payer_client_ip':
    "The payer's address, or with MICROPAY the till's: IPv4 or IPv6, without a zone.",
  '/scene_info/device_id': "Number of the till or of the shop's device.",
  '/scene_info/store_info': 'The shop.',
  '/scene_info/store_info/id': 'Your number of the shop.',
  '/scene_info/store_info/name': 'Its name.',
  '/scene_info/store_info/area_code': "WeChat's code of its region.",
  '/scene_info/store_info/address': 'Its address.',
  '/scene_info/h5_info':
    'The page from which the payer comes. H5 needs it; no other trade type takes it.',
  '/scene_info/h5_info/type': 'What the page runs in.',
  '/scene_info/h5_info/app_name': 'Name of the page or of the app.',
  '/scene_info/h5_info/app_url': 'Its address.',
  '/scene_info/h5_info/bundle_id': "The app's id on iOS.",
  '/scene_info/h5_info/package_name': "The app's package on Android.",
  '/settle_info': 'How WeChat settles the payment.',
  '/settle_info/profit_sharing': 'Whether the money waits to be shared with others.',
};

export const refundWords: Words = {
  '': 'A new refund.',
  '/out_trade_no': 'The order that was paid.',
  '/out_order_no': 'The PayScore service order that was paid.',
  '/amount': 'What goes back.',
  '/amount/refund': 'In fen. All refunds of one payment together are at most what was paid.',
  '/amount/currency': 'Always `CNY`.',
  '/reason': 'The payer reads it. At most 80 bytes of UTF-8.',
  '/funds_account':
    'Which money pays for it: `AVAILABLE`, the balance; `UNSETTLED`, what was not settled yet. WeChat chooses when absent.',
};

export const resolveWords: Words = {
  '': 'What a person decided about an order in REVIEW.',
  '/action':
    '`accept`: take it as paid, and it is announced as `order.paid`. `refund`: give all of it back under `back-{out_trade_no}`. `close`: close it.',
  '/by': 'Who decided.',
  '/why': 'Why.',
};
