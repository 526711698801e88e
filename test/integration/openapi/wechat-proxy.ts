import { createServer, request as openRequest, type ServerResponse } from 'node:http';
import { readBody } from '../../../local/http-body.ts';
import { closeServer, listenOnLoopback } from '../../../local/listen.ts';

/** Stands before the simulator and says what the real WeChat Pay also says, and a simulator has no reason to. */
export type WechatProxy = {
  readonly origin: string;
  readonly passTo: (origin: string) => void;
  /** From now on a prepay of this number is refused so. */
  readonly refuse: (out_trade_no: string, refusal: Refusal) => void;
  /** The paths of all calls so far. */
  readonly asked: () => readonly string[];
  readonly stop: () => Promise<void>;
};

type Refusal = { readonly status: number; readonly code: string };

const bodyLimitBytes = 1_048_576;

export async function startWechatProxy(): Promise<WechatProxy> {
  const refusals = new Map<string, Refusal>();
  const asked: string[] = [];
  let target = '';
  const server = createServer(async (incoming, outgoing) => {
    const body = (await readBody(incoming, bodyLimitBytes)) ?? Buffer.alloc(0);
    const number = /"out_trade_no":"([^"]+)"/.exec(body.toString('utf8'))?.[1] ?? '';
    const refusal = refusals.get(number);
    if (refusal !== undefined) {
      answer(outgoing, refusal);
      return;
    }
    const { method, url = '', headers } = incoming;
    asked.push(url);
    const passed = openRequest(`${target}${url}`, { method, headers, agent: false }, (reply) => {
      outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(outgoing);
    });
    // What breaks there breaks here.
    passed.on('error', () => outgoing.destroy());
    passed.end(body);
  });
  return {
    origin: await listenOnLoopback(server),
    passTo: (origin) => {
      target = origin;
    },
    refuse: (out_trade_no, refusal) => {
      refusals.set(out_trade_no, refusal);
    },
    asked: () => asked,
    stop: () => closeServer(server),
  };
}

function answer(outgoing: ServerResponse, { status, code }: Refusal): void {
  outgoing.writeHead(status, { 'content-type': 'application/json' });
  outgoing.end(JSON.stringify({ code, message: 'refused' }));
}
