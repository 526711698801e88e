import type { JsonObject } from '../../../local/json.ts';
import { begin, complete, completeAndPay, type Lesson, unanswered } from './payscore-play.ts';
import { type Play, requestOf } from './play.ts';
import type { Reply, Stage } from './stage.ts';

/** How one command is played. */
type Command = {
  readonly operation: string;
  /** Its call at WeChat. */
  readonly call: string;
  /** Its example, where it has a body. */
  readonly request?: string;
  readonly example: string;
  /** A lesson that it can be asked of, and one that it cannot. */
  readonly right: (stage: Stage) => Promise<Lesson>;
  readonly wrong: (stage: Stage) => Promise<Lesson>;
};

const commands: readonly Command[] = [
  {
    operation: 'completeServiceOrder',
    call: 'complete',
    request: 'lesson',
    example: 'completed',
    right: begin,
    wrong: completeAndPay,
  },
  {
    operation: 'cancelServiceOrder',
    call: 'cancel',
    request: 'ill',
    example: 'revoked',
    right: begin,
    wrong: completeAndPay,
  },
  {
    operation: 'modifyServiceOrder',
    call: 'modify',
    request: 'lower',
    example: 'lowered',
    right: complete,
    wrong: begin,
  },
  {
    operation: 'syncServiceOrder',
    call: 'sync',
    request: 'cash',
    example: 'paid',
    right: complete,
    wrong: begin,
  },
  {
    operation: 'payServiceOrder',
    call: 'pay',
    example: 'asked',
    right: complete,
    wrong: begin,
  },
];

/** Asks for a command, with its example unless another body is given. */
function ask(
  stage: Stage,
  { operation, request }: Command,
  number: string,
  change: JsonObject = {},
): Promise<Reply> {
  const body = request && { ...requestOf(stage, operation, request), ...change };
  return stage.ask(operation, { number, ...(body !== undefined && { body }) });
}

const playsOf = (command: Command): readonly Play[] => {
  const { operation, call, request, example, right, wrong } = command;
  const playing = (status: number, name: string, act: Play['act']): Play => ({
    operation,
    status,
    example: name,
    act,
  });
  return [
    {
      ...playing(200, example, async (stage) => ask(stage, command, (await right(stage)).number)),
      ...(request !== undefined && { request }),
    },
    playing(202, 'waits', async (stage) => {
      const { number } = await right(stage);
      return unanswered(stage, call, () => ask(stage, command, number));
    }),
    playing(409, 'service_order_state', async (stage) => {
      const { number } = await wrong(stage);
      // Another body than the one that was done, so that it is no repeat.
      return ask(stage, command, number, call === 'complete' ? { goods_tag: 'X' } : {});
    }),
    playing(409, 'command_pending', async (stage) => {
      const { number } = await begin(stage);
      const completion = requestOf(stage, 'completeServiceOrder', 'lesson');
      return unanswered(stage, 'complete', async () => {
        await stage.ask('completeServiceOrder', { number, body: completion });
        return ask(stage, command, number, call === 'complete' ? { goods_tag: 'X' } : {});
      });
    }),
  ];
};

const refusals = commands.flatMap((command): readonly Play[] => {
  const { operation, call, right } = command;
  // Nothing ends a service order but these commands and its payment, which is what `pay` asks for.
  return call === 'pay'
    ? []
    : [
        {
          operation,
          status: 422,
          example: 'wechat_refused',
          act: async (stage) => {
            const { number } = await right(stage);
            if (right === begin) {
              stage.proxy.refuse(number, { status: 400, code: 'INVALID_REQUEST' });
            } else {
              await stage.control('payscore-pay', { out_order_no: number, notice: 'lost' });
            }
            return ask(stage, command, number);
          },
        },
      ];
});

/** A rule that a body breaks. */
const breaking = (call: string, example: string, change: JsonObject): Play => {
  const command = commands.find((each) => each.call === call);
  if (command === undefined) {
    throw new Error(`There is no command ${call}.`);
  }
  const { operation, right } = command;
  return {
    operation,
    status: 400,
    example,
    act: async (stage) => ask(stage, command, (await right(stage)).number, change),
  };
};

const charging = (total_amount: number): JsonObject => ({
  post_payments: [{ name: '课', amount: total_amount }],
  post_discounts: [],
  total_amount,
});

const longAgo = '2020-01-01T00:00:00Z';

export const serviceOrderPlays: readonly Play[] = [
  ...commands.flatMap(playsOf),
  ...refusals,
  {
    operation: 'completeServiceOrder',
    status: 200,
    example: 'completed',
    request: 'everything',
    act: async (stage) => (await complete(stage, 'everything')).reply,
  },
  breaking('complete', 'sum_wrong', { total_amount: 1 }),
  breaking('complete', 'amount_exceeds', charging(18_001)),
  breaking('complete', 'time_range_wrong', { time_range: { end_time: longAgo } }),
  breaking('modify', 'sum_wrong', { total_amount: 1 }),
  breaking('modify', 'amount_exceeds', charging(18_001)),
  breaking('modify', 'amount_not_lower', charging(18_000)),
  breaking('sync', 'time_range_wrong', { paid_time: longAgo }),
];
