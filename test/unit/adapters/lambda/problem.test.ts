import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { problemAnswer, problemOfError, problemOfRefusal } from '#adapters/lambda/problem.ts';
import { AppError, type ErrorCode } from '#core/errors.ts';

const bodyOf = ({ body = '' }: { body?: string | undefined }): Record<string, unknown> =>
  JSON.parse(body);

describe('a problem', () => {
  const statuses: readonly (readonly [ErrorCode, number])[] = [
    ['order_unpaid', 409],
    ['order_not_in_review', 409],
    ['refund_unknown', 404],
    ['refund_conflict', 409],
    ['refund_exceeds', 409],
    ['refund_limit', 409],
    ['refund_too_late', 409],
    ['order_unknown', 404],
    ['order_conflict', 409],
    ['wechat_refused', 422],
    ['record_undecodable', 500],
    ['token_invalid', 401],
    ['scope_missing', 403],
    ['body_too_large', 413],
  ];
  for (const [code, status] of statuses) {
    it(`${code} is a ${status}`, () => {
      const answer = problemAnswer(code);
      const body = bodyOf(answer);
      assert.deepEqual([answer.statusCode, body['status'], body['code']], [status, status, code]);
      assert.equal(answer.headers?.['content-type'], 'application/problem+json');
      assert.equal(answer.headers['cache-control'], 'no-store');
      assert.equal(answer.headers['retry-after'], undefined);
    });
  }

  it('that orders and refunds share speaks of neither', () => {
    const shared: readonly ErrorCode[] = [
      'record_undecodable',
      'wechat_refused',
      'wechat_looking',
      'wechat_unavailable',
      'store_unavailable',
      'request_invalid',
    ];
    for (const code of shared) {
      assert.doesNotMatch(String(bodyOf(problemAnswer(code))['title']), /order|refund/i);
    }
  });

  it('of a failure tells nothing of it', () => {
    const failures: readonly (readonly [unknown, string, number])[] = [
      [new AppError('store_unavailable', 'table secret-1 is gone'), 'store_unavailable', 503],
      [new Error('secret-1'), 'internal', 500],
      ['secret-1', 'internal', 500],
      [undefined, 'internal', 500],
    ];
    for (const [failure, code, status] of failures) {
      const answer = problemOfError(failure, 'request-1');
      assert.deepEqual([answer.statusCode, bodyOf(answer)['code']], [status, code]);
      assert.doesNotMatch(String(answer.body), /secret-1/);
    }
  });

  it('that may pass says when to come back', () => {
    assert.equal(problemAnswer('wechat_unavailable').headers?.['retry-after'], '2');
  });

  it('of a refusal names the field, and who refused it', () => {
    const errorsOf = (refusal: Parameters<typeof problemOfRefusal>[0]) =>
      bodyOf(problemOfRefusal(refusal, 'request-1'))['errors'];
    const pointer = '/time_expire';
    assert.deepEqual(errorsOf({ code: 'request_invalid', pointer }), [
      { pointer, detail: 'must be 2 minutes to 7 days ahead' },
    ]);
    assert.deepEqual(errorsOf({ code: 'wechat_refused', pointer, wechatCode: 'PARAM_ERROR' }), [
      { pointer, detail: 'was refused by WeChat Pay' },
    ]);
    assert.deepEqual(errorsOf({ code: 'request_invalid', pointer: '/amount/refund' }), [
      { pointer: '/amount/refund', detail: 'is more than is left of what was paid' },
    ]);
    assert.deepEqual(errorsOf({ code: 'request_invalid', pointer: '/reference' }), [
      { pointer: '/reference', detail: 'is not allowed here' },
    ]);
    assert.equal(errorsOf({ code: 'refund_limit' }), undefined);
  });
});
