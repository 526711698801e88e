import type { FieldProblem } from '#adapters/lambda/problem.ts';
import type { ErrorCode } from '#core/errors.ts';
import type { Scope } from '#core/principal.ts';
import type { JsonObject } from '#core/values/json.ts';

/** One answer that is not a problem: its words, the schemas it may have, an example of each kind. */
export type GoodAnswer = {
  readonly description: string;
  readonly schemas: readonly string[];
  readonly examples: Readonly<Record<string, JsonObject>>;
};

/** The number in an operation's path, by its name among the parameters. */
export type NumberName =
  | 'OutTradeNo'
  | 'OutRefundNo'
  | 'NewOutRefundNo'
  | 'MerchantPlanNo'
  | 'MerchantSignPlanNo'
  | 'OutOrderNo';

export type ApiOperation = {
  readonly id: string;
  readonly method: 'get' | 'put' | 'post';
  readonly path: string;
  readonly tag: 'Orders' | 'Refunds' | 'PayScore';
  readonly scope: Scope;
  readonly number: NumberName;
  readonly isRefreshing?: true;
  readonly summary: string;
  readonly description: string;
  readonly body?: {
    readonly schema: string;
    readonly examples: Readonly<Record<string, JsonObject>>;
    /** What is said of a body that a problem's example stands for. */
    readonly fault: FieldProblem;
  };
  readonly answers: Readonly<Record<string, GoodAnswer>>;
  /** The problems of its own, besides `commonCodes`. */
  readonly codes: readonly ErrorCode[];
  /** WeChat's code in the example of its refusal. */
  readonly wechatCode?: string;
  /** Where the field stands that breaks one of these rules. */
  readonly pointers?: Readonly<Partial<Record<ErrorCode, string>>>;
};

/** What any request may meet. */
export const commonCodes: readonly ErrorCode[] = [
  'request_invalid',
  'token_invalid',
  'scope_missing',
  'account_unknown',
  'route_unknown',
  'method_not_allowed',
  'account_invalid',
  'record_undecodable',
  'internal',
  'secret_unavailable',
  'store_unavailable',
  'keys_unavailable',
];

/** What may also meet whoever carries out what a record owes, before or after its own work. */
export const owedCodes: readonly ErrorCode[] = ['queue_unavailable', 'message_too_large'];
