import { randomBytes } from 'node:crypto';
import { logged } from '../call-log.ts';
import type { Fault, FaultName } from '../faults.ts';
import type { V2Operation } from '../routes.ts';
import type { ApiCall, HttpAnswer, Outcome } from '../wire.ts';
import type { World } from '../world.ts';
import { admit } from './admission.ts';
import { type V2Call, type V2Refusal, type V2Reply, type V2Values, v2Refuse } from './call.ts';
import { performV2Call } from './operations.ts';
import { signFields } from './signing.ts';
import { type Fields, readXml, writeXml, xmlText } from './xml.ts';

/** Answers one call of APIv2 as WeChat Pay does, faults included, and logs it. */
export const answerV2Call = (world: World, call: ApiCall, operation: V2Operation): Outcome => {
  const fields = readXml(call.body);
  const mchid = fields?.get('mch_id');
  const { method, target } = call;
  const fault = world.faults.take({ mchid, method, operation, target });
  const broken = fault === undefined ? undefined : FAILURES[fault.fault];
  const settle = (answer: Outcome, code: string | undefined) => {
    const details = broken === undefined ? { answer, code } : { answer: broken };
    return logged(world, call, { ...details, operation, mchid, fault, numbers: numbersIn(fields) });
  };
  const admitted = admit({ ...call, operation, fields }, world.accounts);
  if (!admitted.ok) return settle(returnFail(admitted.refusal), admitted.refusal.code);
  const asked: V2Call = { operation, ...admitted, stale: fault?.fault === 'stale' };
  const reply = replyUnder(fault, () => performV2Call(world, asked));
  const answer = signedAnswer(asked, reply, fault?.fault);
  return settle(answer, reply.ok ? undefined : reply.refusal.code);
};

const numbersIn = (fields: Fields | undefined): readonly string[] =>
  ['out_trade_no', 'transaction_id', 'out_refund_no', 'refund_id'].flatMap((name) => {
    const value = fields?.get(name) ?? '';
    return value === '' ? [] : [value];
  });

const BUSY: V2Refusal = { code: 'SYSTEMERROR', message: 'the system is busy' };

/** One that refuses before the merchant's key is used: it carries nothing else. */
const returnFail = ({ message }: V2Refusal): HttpAnswer =>
  xmlAnswer([
    ['return_code', 'FAIL'],
    ['return_msg', message],
  ]);

const xmlAnswer = (fields: Iterable<readonly [string, string]>): HttpAnswer => ({
  status: 200,
  headers: { 'Content-Type': 'text/xml; charset=utf-8', Server: 'nginx' },
  body: writeXml(fields),
});

/** Faults that replace the answer by one that nobody signed. */
const FAILURES: Partial<Record<FaultName, Outcome>> = {
  '500': { status: 500, headers: {}, body: '' },
  timeout: 'hold',
  reset: 'reset',
  'return-fail': returnFail(BUSY),
};

/** What the call comes to; a fault that fails it keeps it from being carried out, unless told otherwise. */
const replyUnder = (fault: Fault | undefined, perform: () => V2Reply): V2Reply => {
  const failure = fault === undefined ? undefined : failureOf(fault);
  if (failure === undefined) return perform();
  if (fault?.carryOut === true) perform();
  return v2Refuse(failure.code, failure.message);
};

const failureOf = ({ fault, errCode }: Fault): V2Refusal | undefined => {
  if (fault === 'err-code') return { code: errCode ?? BUSY.code, message: 'refused as told' };
  return fault === 'SYSTEMERROR' || FAILURES[fault] !== undefined ? BUSY : undefined;
};

const signedAnswer = (call: V2Call, reply: V2Reply, fault: FaultName | undefined): HttpAnswer => {
  const fields = fieldsOf({
    return_code: 'SUCCESS',
    return_msg: 'OK',
    appid: call.appid,
    mch_id: call.account.mchid,
    nonce_str: randomBytes(16).toString('hex'),
    ...(reply.ok
      ? { result_code: 'SUCCESS', ...reply.values }
      : {
          result_code: 'FAIL',
          err_code: reply.refusal.code,
          err_code_des: reply.refusal.message,
        }),
  });
  if (fault === 'unsigned-2xx') return xmlAnswer(fields);
  const signed = fault === 'bad-signature' ? [...fields, ['spoilt', '1'] as const] : fields;
  const sign = signFields(signed, call.account.apiKey, call.signType);
  return xmlAnswer([...fields, ['sign', sign]]);
};

const fieldsOf = (values: V2Values): readonly (readonly [string, string])[] =>
  Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, xmlText(String(value))] as const],
  );
