import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PAYSCORE_OPERATIONS } from '../../../../simulator/payscore/routes.ts';
import { OPERATIONS, routeCall } from '../../../../simulator/routes.ts';

const found = (method: string, path: string) => {
  const routed = routeCall(method, `/v3/payscore/${path}`);
  return routed.kind === 'operation' ? [routed.operation, routed.number] : routed.kind;
};

describe('routes of PayScore', () => {
  const routes: readonly (readonly [string, string, string, string])[] = [
    ['POST', 'plan/payscore-plans', 'payscore-create-plan', ''],
    ['GET', 'plan/payscore-plans/merchant-plan-no/a*b', 'payscore-query-plan', 'a*b'],
    ['POST', 'plan/payscore-plans/merchant-plan-no/a/stop', 'payscore-stop-plan', 'a'],
    ['POST', 'sign-plan/user-sign-plans', 'payscore-create-sign-plan', ''],
    ['GET', 'sign-plan/user-sign-plans/merchant-sign-plan-no/a', 'payscore-query-sign-plan', 'a'],
    [
      'POST',
      'sign-plan/user-sign-plans/merchant-sign-plan-no/a/stop',
      'payscore-stop-sign-plan',
      'a',
    ],
    ['POST', 'sign-plan/serviceorder', 'payscore-create-order', ''],
    ['GET', 'serviceorder', 'payscore-query-order', ''],
    ['POST', 'serviceorder/a/complete', 'payscore-complete', 'a'],
    ['POST', 'serviceorder/a/cancel', 'payscore-cancel', 'a'],
    ['POST', 'serviceorder/a/modify', 'payscore-modify', 'a'],
    ['POST', 'serviceorder/a/sync', 'payscore-sync', 'a'],
    ['POST', 'serviceorder/a/pay', 'payscore-pay', 'a'],
  ];
  for (const [method, path, operation, number] of routes) {
    test(`${method} ${path} is ${operation}; another method is not`, () => {
      assert.deepEqual(found(method, path), [operation, number]);
      assert.equal(found('PUT', path), 'wrong-method');
    });
  }

  test('each operation has its route, and a name that faults know', () => {
    assert.deepEqual(
      routes.map(([, , operation]) => operation),
      PAYSCORE_OPERATIONS,
    );
    assert.equal(
      PAYSCORE_OPERATIONS.every((operation) => OPERATIONS.includes(operation)),
      true,
    );
  });

  for (const path of [
    'plan/payscore-plans/',
    'plan/payscore-plans/a',
    'plan/partner/payscore-plans',
    'plan/payscore-plans/merchant-plan-no/',
    'plan/payscore-plans/merchant-plan-no/a/b/stop',
    'sign-plan/user-sign-plans/a/stop',
    'sign-plan/serviceorder/a',
    'serviceorder/a',
    'serviceorder/a/refund',
    'serviceorder/a/b/cancel',
    'partner/serviceorder/a/cancel',
  ]) {
    test(`${path} is unknown`, () => {
      assert.equal(found('POST', path), 'unknown-path');
    });
  }
});
