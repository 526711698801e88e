import type { GateCall } from '../../../local/gate.ts';
import { isObject } from '../../../local/json.ts';

/** What a call at a gate is for, read as the wire shows it: the table's attributes are in docs/architecture.md. */
export function isAbout(call: GateCall, out_trade_no: string): boolean {
  return JSON.stringify(call.body).includes(out_trade_no);
}

/** The write that raises the version and says what is owed. */
export function isCommit(call: GateCall): boolean {
  return writes(call, 'version') && writes(call, 'historyCount');
}

/** The commit before a code payment is reversed. */
export function isReversalNote(call: GateCall): boolean {
  return isCommit(call) && writes(call, 'reversedAt');
}

/** The write that says nothing is owed any more. */
export function isClear(call: GateCall): boolean {
  return writes(call, 'outbox') && !writes(call, 'historyCount');
}

/** The write of what the prepay answered. */
export function isWriteBack(call: GateCall): boolean {
  return writes(call, 'linkAt');
}

export function isSentTo(call: GateCall, queueUrl: string): boolean {
  return call.action === 'SendMessage' && call.body['QueueUrl'] === queueUrl;
}

function writes({ action, body }: GateCall, attribute: string): boolean {
  const names = body['ExpressionAttributeNames'];
  return action === 'UpdateItem' && isObject(names) && Object.values(names).includes(attribute);
}

/** Whether the call is about the very record with this key. */
export function isOn({ body }: GateCall, pk: string): boolean {
  return pkIn(body['Key']) === pk || pkIn(body['Item']) === pk;
}

/** The write of a record that was not there. */
export function isCreation({ action }: GateCall): boolean {
  return action === 'PutItem';
}

/** The write that makes an order the owner of its `reference`. */
export function isClaim(call: GateCall): boolean {
  return writes(call, 'owner');
}

function pkIn(item: unknown): unknown {
  const pk = isObject(item) ? item['pk'] : undefined;
  return isObject(pk) ? pk['S'] : undefined;
}
