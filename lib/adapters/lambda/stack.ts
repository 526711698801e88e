import middy, { type MiddlewareObj } from '@middy/core';
import type { Context } from 'aws-lambda';

/** Writes the metrics of an invocation, however it ended. */
export function flushing(telemetry: { flush(): void }): MiddlewareObj {
  const flush = (): void => telemetry.flush();
  return { after: flush, onError: flush };
}

/** Turns whatever a handler throws into an answer; nothing of the error reaches the outside. */
export function answering<Event, Answer>(
  answerOf: (error: unknown, event: Event, requestId: string) => Answer,
): MiddlewareObj<Event, Answer> {
  return {
    onError: (request) => {
      request.response = answerOf(request.error, request.event, request.context.awsRequestId);
    },
  };
}

/** A Lambda handler of the house: the business function inside, its middlewares around it. */
export function handlerOf<Event, Answer>(
  handle: (event: Event, context: Context) => Promise<Answer>,
  ...middlewares: readonly MiddlewareObj<Event, Answer>[]
): (event: Event, context: Context) => Promise<Answer> {
  const stack = middy<Event, Answer>((event: Event, context: Context) => handle(event, context));
  return stack.use([...middlewares]);
}

/** Remembers when the running invocation must be over; Lambda runs one at a time. */
export function createDeadline(): {
  readonly begin: (context: Pick<Context, 'getRemainingTimeInMillis'>) => void;
  readonly hasLeft: (ms: number) => boolean;
} {
  let remainingMs = (): number => 0;
  return {
    begin: (context) => {
      remainingMs = () => context.getRemainingTimeInMillis();
    },
    hasLeft: (ms) => remainingMs() >= ms,
  };
}
