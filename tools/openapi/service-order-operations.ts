import type { ErrorCode } from '#core/errors.ts';
import { type ApiOperation, owedCodes } from './api-operation.ts';
import { payscoreAnswers as answers } from './payscore-answer-examples.ts';
import { payscoreRequests as requests } from './payscore-request-examples.ts';

type Own = Pick<ApiOperation, 'id' | 'summary' | 'description' | 'body' | 'pointers'> & {
  readonly name: 'complete' | 'cancel' | 'modify' | 'sync' | 'pay';
  /** What it answers when WeChat has done it. */
  readonly done: string;
  readonly codes?: readonly ErrorCode[];
};

const waits =
  'Noted; it is sent until it is known how it ended. GET shows it as `pending_command`.';
const repeated = 'The same bytes again are the same request.';

/** What can be asked of a service order, at this path. */
export function commandOperations(path: string): readonly ApiOperation[] {
  return commands.map(({ name, done, codes = [], ...own }) => ({
    ...own,
    method: 'post',
    path: `${path}/${name}`,
    tag: 'PayScore',
    scope: 'payscore:write',
    // While WeChat is charging it refuses for the moment; for good only what came too late.
    wechatCode: name === 'complete' || name === 'cancel' ? 'INVALID_REQUEST' : 'STATE',
    number: 'OutOrderNo',
    answers: {
      202: {
        description: waits,
        schemas: ['ServiceOrder'],
        examples: answers.commandServiceOrder[name][202],
      },
      200: {
        description: done,
        schemas: ['ServiceOrder'],
        examples: answers.commandServiceOrder[name][200],
      },
    },
    codes: [
      ...(own.body === undefined ? [] : (['body_too_large'] as const)),
      'service_order_unknown',
      'service_order_state',
      'command_pending',
      'wechat_refused',
      ...codes,
      ...owedCodes,
    ],
  }));
}

const commands: readonly Own[] = [
  {
    name: 'complete',
    id: 'completeServiceOrder',
    summary: 'Complete a service order',
    description: `The service is over: WeChat charges what it costs by itself, now and again until it is paid. \`service-order.paid\` tells that it was. Where there is nothing to pay the service order is DONE. ${repeated}`,
    done: 'It is completed.',
    body: {
      schema: 'CompleteRequest',
      examples: requests.completeServiceOrder,
      fault: { pointer: '/total_amount', detail: 'is missing or has the wrong type' },
    },
    codes: ['sum_wrong', 'amount_exceeds', 'time_range_wrong'],
    pointers: {
      sum_wrong: '/total_amount',
      amount_exceeds: '/total_amount',
      time_range_wrong: '/time_range/end_time',
    },
  },
  {
    name: 'cancel',
    id: 'cancelServiceOrder',
    summary: 'Cancel a service order',
    description: `Its detail is lost with it. While WeChat is charging it may refuse; then it is asked again every three minutes, four times. ${repeated}`,
    done: 'It is cancelled.',
    body: {
      schema: 'CancelRequest',
      examples: requests.cancelServiceOrder,
      fault: { pointer: '/reason', detail: 'is missing or has the wrong type' },
    },
  },
  {
    name: 'modify',
    id: 'modifyServiceOrder',
    summary: 'Lower the total of a service order',
    description: `While WeChat is charging; each time the total must be lower than before. ${repeated}`,
    done: 'The total is lower.',
    body: {
      schema: 'ModifyRequest',
      examples: requests.modifyServiceOrder,
      fault: { pointer: '/total_amount', detail: 'is missing or has the wrong type' },
    },
    codes: ['sum_wrong', 'amount_exceeds', 'amount_not_lower'],
    pointers: {
      sum_wrong: '/total_amount',
      amount_exceeds: '/total_amount',
      amount_not_lower: '/total_amount',
    },
  },
  {
    name: 'sync',
    id: 'syncServiceOrder',
    summary: 'Tell that a service order was paid another way',
    description: `The user paid in cash, say: WeChat charges no more, and the service order is PAID. Should WeChat have charged in the same moment, refund one of the two. ${repeated}`,
    done: 'WeChat knows it.',
    body: {
      schema: 'SyncRequest',
      examples: requests.syncServiceOrder,
      fault: {
        pointer: '/paid_time',
        detail: 'must be a time with zone as in RFC 3339, or 14 digits in Beijing time',
      },
    },
    codes: ['time_range_wrong'],
    pointers: { time_range_wrong: '/paid_time' },
  },
  {
    name: 'pay',
    id: 'payServiceOrder',
    summary: 'Ask for a service order to be charged again',
    description: 'WeChat charges by itself; this asks for it once more, now. A body is not read.',
    done: 'WeChat was asked.',
  },
];
