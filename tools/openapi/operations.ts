import { answers } from './answer-examples.ts';
import { type ApiOperation, owedCodes } from './api-operation.ts';
import { payscoreOperations } from './payscore-operations.ts';
import { requests } from './request-examples.ts';

const orderPath = '/v1/{account}/orders/{out_trade_no}';
const refundPath = '/v1/{account}/refunds/{out_refund_no}';

const placedSchemas = ['NativeOrderPlaced', 'AppOrderPlaced', 'H5OrderPlaced', 'OrderSettled'];

const paymentOperations: readonly ApiOperation[] = [
  {
    id: 'putOrder',
    method: 'put',
    path: orderPath,
    tag: 'Orders',
    scope: 'orders:write',
    number: 'OutTradeNo',
    summary: 'Place an order',
    description:
      "Places the order at WeChat and answers with what the payer needs. The same bytes again are the same order: repeat the request after a 503, and when a link has got old (an `h5_url` after 5 minutes, the others after 2 hours). Another body under the same number is `order_conflict`. An order that nobody pays is closed after its `time_expire`. With MICROPAY the payer's code is charged, once: the same bytes again tell how it stands, and another code needs another number, unless WeChat refused the first (422).",
    body: {
      schema: 'OrderRequest',
      examples: requests.putOrder,
      fault: { pointer: '/amount/total', detail: 'is missing or has the wrong type' },
    },
    answers: {
      201: {
        description: 'Placed by this request.',
        schemas: placedSchemas,
        examples: answers.putOrder[201],
      },
      202: {
        description:
          'Of a code payment: it is not known yet whether it is paid, mostly because the payer is asked for a password. Look again with GET every few seconds, or wait for the event: within a minute or so it is PAID, or reversed and CLOSED.',
        schemas: ['CodePaymentWaits'],
        examples: answers.putOrder[202],
      },
      200: {
        description: 'It was there before. Without a link once nobody can or need pay it.',
        schemas: placedSchemas,
        examples: answers.putOrder[200],
      },
    },
    codes: [
      'body_too_large',
      'order_conflict',
      'order_expired',
      'order_closing',
      'order_settled',
      'wechat_refused',
      'wechat_looking',
      'wechat_unavailable',
    ],
  },
  {
    id: 'getOrder',
    method: 'get',
    path: orderPath,
    tag: 'Orders',
    scope: 'orders:read',
    number: 'OutTradeNo',
    isRefreshing: true,
    summary: 'Show an order',
    description:
      'The order as its record has it. With `refresh=true` WeChat is asked first, and `refreshed` tells whether it answered.',
    answers: {
      200: { description: 'The order.', schemas: ['Order'], examples: answers.getOrder[200] },
    },
    codes: ['order_unknown', ...owedCodes],
  },
  {
    id: 'closeOrder',
    method: 'post',
    path: `${orderPath}/close`,
    tag: 'Orders',
    scope: 'orders:write',
    number: 'OutTradeNo',
    summary: 'Close an unpaid order',
    description:
      'Asks for the order to be closed, a code payment to be reversed. It is once WeChat agrees; `order.closed` or `order.paid` tells how it ended. WeChat agrees to no close of an order that was placed by APIv2 in the last 5 minutes; a code payment is not reversed in its first 25 seconds. A body is not read. Repeating is safe.',
    answers: {
      202: {
        description: 'It will be closed.',
        schemas: ['CloseRequested'],
        examples: answers.closeOrder[202],
      },
      200: {
        description: 'It is closed already.',
        schemas: ['OrderClosed'],
        examples: answers.closeOrder[200],
      },
    },
    codes: ['order_unknown', 'order_settled'],
  },
  {
    id: 'resolveOrder',
    method: 'post',
    path: `${orderPath}/resolve`,
    tag: 'Orders',
    scope: 'orders:resolve',
    number: 'OutTradeNo',
    summary: 'Resolve an order in REVIEW',
    description:
      'Notes what a person decided. It is done once WeChat was asked, if its answer allows it; the order then shows `resolved`. The same decision again changes nothing.',
    body: {
      schema: 'ResolveRequest',
      examples: requests.resolveOrder,
      fault: { pointer: '/action', detail: 'is missing or not one of the allowed values' },
    },
    answers: {
      202: {
        description: 'Noted.',
        schemas: ['ResolutionNoted'],
        examples: answers.resolveOrder[202],
      },
    },
    codes: [
      'body_too_large',
      'order_unknown',
      'order_not_in_review',
      'order_conflict',
      ...owedCodes,
    ],
  },
  {
    id: 'putRefund',
    method: 'put',
    path: refundPath,
    tag: 'Refunds',
    scope: 'refunds:write',
    number: 'NewOutRefundNo',
    summary: 'Refund an order or a service order',
    description:
      'Starts a refund of a paid order (`out_trade_no`) or of a paid service order (`out_order_no`). WeChat is asked under this number until it has decided; `refund.succeeded` and the other refund events tell how it ended. The same bytes again are the same refund. Parts of one payment start a minute apart.',
    body: {
      schema: 'RefundRequest',
      examples: requests.putRefund,
      fault: { pointer: '/amount/refund', detail: 'is too small or too short' },
    },
    answers: {
      201: {
        description: 'Started by this request.',
        schemas: ['Refund'],
        examples: answers.putRefund[201],
      },
      200: {
        description: 'It was there before.',
        schemas: ['Refund'],
        examples: answers.putRefund[200],
      },
    },
    codes: [
      'body_too_large',
      'order_unknown',
      'service_order_unknown',
      'order_unpaid',
      'order_conflict',
      'refund_conflict',
      'refund_exceeds',
      'refund_limit',
      'refund_too_late',
      ...owedCodes,
    ],
  },
  {
    id: 'getRefund',
    method: 'get',
    path: refundPath,
    tag: 'Refunds',
    scope: 'refunds:read',
    number: 'OutRefundNo',
    isRefreshing: true,
    summary: 'Show a refund',
    description:
      'The refund as its record has it. With `refresh=true` WeChat is asked first, and `refreshed` tells whether it answered. Automatic refunds have the number `back-{out_trade_no}`.',
    answers: {
      200: { description: 'The refund.', schemas: ['Refund'], examples: answers.getRefund[200] },
    },
    codes: ['refund_unknown', ...owedCodes],
  },
];

/** Every operation of the API. */
export const operations: readonly ApiOperation[] = [...paymentOperations, ...payscoreOperations];
