import { type ControlAnswer, controlError, controlOk } from './control-answer.ts';
import { declineControl, setMicropayPlan, setReversePlan } from './control-code.ts';
import { armFault, setBalance, setKeyMode } from './control-means.ts';
import { nameSignType, sendNotices, sendRefundNotices, setStandingPlan } from './control-notice.ts';
import { payControl, payDuringCloseControl, payingControl } from './control-payer.ts';
import {
  readCalls,
  readDeliveries,
  readOrders,
  readRefunds,
  readState,
} from './control-reading.ts';
import { consoleRefund, endRefundControl, setRefundPlan } from './control-refund.ts';
import { type JsonObject, parseJsonObject } from './json.ts';
import { PAYSCORE_COMMANDS, PAYSCORE_READERS } from './payscore/control.ts';
import type { HttpAnswer } from './wire.ts';
import type { World } from './world.ts';

type ControlCall = {
  readonly method: string;
  readonly target: string;
  readonly body: Uint8Array;
};

type Command = (world: World, input: JsonObject) => ControlAnswer | Promise<ControlAnswer>;
type Reader = (world: World, query: URLSearchParams) => ControlAnswer;

const COMMANDS: Readonly<Record<string, Command>> = {
  pay: payControl,
  paying: payingControl,
  'pay-during-close': payDuringCloseControl,
  decline: declineControl,
  micropay: setMicropayPlan,
  reverse: setReversePlan,
  notice: sendNotices,
  'refund-notice': sendRefundNotices,
  notices: setStandingPlan,
  'notice-sign-type': nameSignType,
  refunds: setRefundPlan,
  'refund-status': endRefundControl,
  'console-refund': consoleRefund,
  balance: setBalance,
  faults: armFault,
  'faults/clear': (world) => {
    world.faults.clear();
    return controlOk({ armed: 0 });
  },
  'key-mode': setKeyMode,
  ...PAYSCORE_COMMANDS,
};

const READERS: Readonly<Record<string, Reader>> = {
  state: readState,
  orders: readOrders,
  refunds: readRefunds,
  deliveries: readDeliveries,
  calls: readCalls,
  ...PAYSCORE_READERS,
};

const PREFIX = '/_control/';

/** Answers one control call (see README.md): 400 names the field that is wrong, 404 an unknown order or call, 409 a state that forbids it. */
export const answerControl = async (world: World, call: ControlCall): Promise<HttpAnswer> => {
  const [path = '', ...rest] = call.target.split('?');
  const name = path.slice(PREFIX.length);
  return asHttp(await dispatch(world, call, name, rest.join('?')));
};

const dispatch = (
  world: World,
  call: ControlCall,
  name: string,
  query: string,
): ControlAnswer | Promise<ControlAnswer> => {
  if (call.method === 'GET' && Object.hasOwn(READERS, name)) {
    return READERS[name]?.(world, new URLSearchParams(query)) ?? unknownCall(name);
  }
  if (call.method !== 'POST' || !Object.hasOwn(COMMANDS, name)) return unknownCall(name);
  const parsed =
    call.body.length === 0 ? { ok: true as const, value: {} } : parseJsonObject(call.body);
  if (!parsed.ok) return controlError(400, parsed.issue);
  return COMMANDS[name]?.(world, parsed.value) ?? unknownCall(name);
};

const unknownCall = (name: string): ControlAnswer =>
  controlError(
    404,
    `no such control call: ${name}; POST ${Object.keys(COMMANDS).join(', ')}; GET ${Object.keys(READERS).join(', ')}`,
  );

const asHttp = (answer: ControlAnswer): HttpAnswer => ({
  status: answer.status,
  headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' },
  body: JSON.stringify(answer.value),
});
