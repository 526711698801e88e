import { createServer, request as openRequest, type ServerResponse } from 'node:http';
import { readBody } from '../../../local/http-body.ts';
import { closeServer, listenOnLoopback } from '../../../local/listen.ts';

/** Stands before the simulator and says what the real WeChat Pay also says, and a simulator has no reason to. */
export type WechatProxy = {
  readonly origin: string;
  readonly passTo: (origin: string) => void;
  /** From now on what is made under this number, or asked of it, is refused so. */
  readonly refuse: (number: string, refusal: Refusal) => void;
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
    const { method, url = '', headers } = incoming;
    const refusal = refusals.get(numberIn(body.toString('utf8'), url));
    if (refusal !== undefined) {
      answer(outgoing, refusal);
      return;
    }
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
    refuse: (number, refusal) => {
      refusals.set(number, refusal);
    },
    asked: () => asked,
    stop: () => closeServer(server),
  };
}

const named = /"(?:out_trade_no|merchant_plan_no|merchant_sign_plan_no)":"([^"]+)"/;
const commanded = /\/([^/]+)\/(?:stop|complete|cancel|modify|sync|pay)$/;

/** The number of what a call makes, or asks something of. */
function numberIn(body: string, url: string): string {
  return named.exec(body)?.[1] ?? commanded.exec(url)?.[1] ?? '';
}

function answer(outgoing: ServerResponse, { status, code }: Refusal): void {
  outgoing.writeHead(status, { 'content-type': 'application/json' });
  outgoing.end(JSON.stringify({ code, message: 'refused' }));
}
