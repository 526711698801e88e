import { startKills } from '../../../local/kills.ts';
import { operationNamed } from './page.ts';
import { payscoreSubjects } from './payscore-subjects.ts';
import { type Placed, type Play, place, refund, requestOf, untilRefund } from './play.ts';
import type { Call, Reply, Stage } from './stage.ts';
import type { Subject } from './subject.ts';

const orderKeyOf: Subject['keyOf'] = (stage, { number }) => stage.orderKey(number);

/** Nobody writes to it any more, so that what is tampered with stays so. */
async function settledRefund(stage: Stage): Promise<Placed> {
  const refunded = await refund(stage, 'part');
  await untilRefund(stage, refunded.number, { status: 'SUCCESS' });
  return refunded;
}

const subjects: readonly Subject[] = [
  {
    operation: 'putOrder',
    call: place,
    keyOf: orderKeyOf,
    fault: (body) => ({
      body: { ...Object(body), amount: { total: '8800', currency: 'CNY' } },
    }),
  },
  {
    operation: 'getOrder',
    unknown: 'order_unknown',
    call: async (stage) => ({ number: (await place(stage)).number }),
    keyOf: orderKeyOf,
    fault: () => ({ number: 'A 1001' }),
  },
  {
    operation: 'closeOrder',
    unknown: 'order_unknown',
    call: async (stage) => ({ number: (await place(stage)).number }),
    keyOf: orderKeyOf,
    fault: () => ({ number: 'A-100' }),
  },
  {
    operation: 'resolveOrder',
    unknown: 'order_unknown',
    call: async (stage) => ({
      number: (await place(stage)).number,
      body: requestOf(stage, 'resolveOrder', 'accept'),
    }),
    keyOf: orderKeyOf,
    fault: (body) => ({ body: { ...Object(body), action: 'ship' } }),
  },
  {
    operation: 'putRefund',
    call: settledRefund,
    keyOf: (stage, { number }) => stage.refundKey(number),
    fault: (body) => ({ body: { ...Object(body), amount: { refund: 0, currency: 'CNY' } } }),
  },
  {
    operation: 'getRefund',
    unknown: 'refund_unknown',
    call: async (stage) => ({ number: (await settledRefund(stage)).number }),
    keyOf: (stage, { number }) => stage.refundKey(number),
    fault: () => ({ number: 'R 1001' }),
  },
  ...payscoreSubjects,
];

const tooLarge = 65_537;
const tooLargeForGateway = 10 * 1024 * 1024 + 1;

type Common = {
  readonly status: number;
  readonly example: string;
  readonly act: (stage: Stage, call: Call, subject: Subject) => Promise<Reply>;
};

const commons: readonly Common[] = [
  {
    status: 400,
    example: 'request_invalid',
    act: (stage, call, { operation, fault }) =>
      stage.ask(operation, { ...call, ...fault(call.body) }),
  },
  {
    status: 400,
    example: 'example',
    act: (stage, call, { operation }) => stage.ask(operation, { ...call, rawNumber: 'A-%zz' }),
  },
  {
    status: 401,
    example: 'token_invalid',
    act: (stage, call, { operation }) => stage.ask(operation, { ...call, token: '' }),
  },
  {
    status: 403,
    example: 'scope_missing',
    act: async (stage, call, { operation }) => {
      const token = await stage.stack.token({ tenant: 'dev', scope: 'bills:read' });
      return stage.ask(operation, { ...call, token });
    },
  },
  {
    status: 404,
    example: 'account_unknown',
    act: (stage, call, { operation }) => stage.ask(operation, { ...call, account: 'nobody' }),
  },
  {
    status: 405,
    example: 'method_not_allowed',
    act: (stage, call, { operation }) => stage.ask(operation, { ...call, method: 'DELETE' }),
  },
  {
    status: 413,
    example: 'example',
    act: (stage, call, { operation }) =>
      stage.ask(operation, { ...call, body: ' '.repeat(tooLargeForGateway) }),
  },
  {
    status: 500,
    example: 'record_undecodable',
    act: async (stage, call, { operation, keyOf }) => {
      await stage.tamper(keyOf(stage, call), 'status', 'NONSENSE');
      return stage.ask(operation, call);
    },
  },
  {
    status: 500,
    example: 'example',
    act: async (stage, call, { operation }) => {
      const { stack } = stage;
      const kills = startKills(stack, [stack.gates.dynamodb], ({ caller }) =>
        caller === 'api' ? 'before' : undefined,
      );
      const reply = await stage.ask(operation, call);
      kills.end();
      return reply;
    },
  },
  {
    status: 503,
    example: 'store_unavailable',
    act: async (stage, call, { operation }) => {
      const removeRule = stage.stack.gates.dynamodb.addRule(({ caller }) =>
        caller === 'api' ? { status: 400, code: 'AccessDeniedException' } : undefined,
      );
      const reply = await stage.ask(operation, call);
      removeRule();
      return reply;
    },
  },
];

export const commonPlays: readonly Play[] = subjects.flatMap((subject) => {
  const { operation, unknown, call } = subject;
  const plays = commons.map(
    ({ status, example, act }): Play => ({
      operation,
      status,
      example,
      act: async (stage) => act(stage, await call(stage), subject),
    }),
  );
  const hasBody = operationNamed(operation).body !== undefined;
  return [
    ...plays,
    ...(unknown === undefined
      ? []
      : [
          {
            operation,
            status: 404,
            example: unknown,
            act: async (stage: Stage) =>
              stage.ask(operation, { ...(await call(stage)), number: stage.fresh() }),
          },
        ]),
    ...(hasBody
      ? [
          {
            operation,
            status: 413,
            example: 'body_too_large',
            act: async (stage: Stage) =>
              stage.ask(operation, { ...(await call(stage)), body: ' '.repeat(tooLarge) }),
          },
        ]
      : []),
  ];
});
