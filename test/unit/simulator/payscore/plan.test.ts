import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { beforeStop, exceeds, planIssue, stopPlan } from '../../../../simulator/payscore/plan.ts';
import { servicesIssue } from '../../../../simulator/payscore/services.ts';
import { aPlan, detail, NOW } from './samples.ts';

const fieldOf = (more: Parameters<typeof aPlan>[0]) => planIssue(aPlan(more))?.field;

describe('what a plan contradicts in itself', () => {
  test('the plan of the guide contradicts nothing', () => {
    assert.equal(planIssue(aPlan()), undefined);
  });

  test('another count, one too few and one too many', () => {
    assert.equal(fieldOf({ deductionQuantity: 2 }), '/body/plan_detail_list');
    assert.equal(fieldOf({ deductionQuantity: 4 }), '/body/plan_detail_list');
    assert.equal(fieldOf({ details: [] }), '/body/plan_detail_list');
  });

  test('a price above the original, be it by one fen', () => {
    const details = [detail(1, 18000), detail(2, 18001), detail(3, 0)];
    assert.equal(fieldOf({ details }), '/body/plan_detail_list/1/actual_price');
  });

  test('a price that rises, be it by one fen and in the last detail', () => {
    const details = [detail(1, 100), detail(2, 50), detail(3, 51)];
    assert.equal(fieldOf({ details }), '/body/plan_detail_list/2/actual_price');
  });

  test('equal prices do not rise', () => {
    const details = [detail(1, 10000), detail(2, 10000), detail(3, 10000)];
    assert.equal(fieldOf({ details, totalActualPrice: 30000 }), undefined);
  });

  test('sums that are off by one fen', () => {
    assert.equal(fieldOf({ totalOriginalPrice: 53999 }), '/body/total_original_price');
    assert.equal(fieldOf({ totalActualPrice: 30001 }), '/body/total_actual_price');
  });
});

describe('the limits of a service', () => {
  const service = { id: '500001', maxDays: 300, maxDeductions: 3 };

  test('a plan at the limits fits; one day or detail more does not', () => {
    assert.equal(exceeds(aPlan(), service), false);
    assert.equal(exceeds(aPlan({ durationDays: 301 }), service), true);
    assert.equal(exceeds(aPlan(), { ...service, maxDeductions: 2 }), true);
  });

  test('a service has digits, an id of its own, and limits', () => {
    assert.equal(servicesIssue([]), undefined);
    assert.equal(servicesIssue([service, { ...service, id: '500002' }]), undefined);
    assert.match(servicesIssue([service, service]) ?? '', /same id/);
    for (const wrong of [
      { id: '' },
      { id: '1'.repeat(33) },
      { id: '5a' },
      { maxDays: 0 },
      { maxDays: 1.5 },
      { maxDeductions: 0 },
      { maxDeductions: 101 },
    ]) {
      assert.notEqual(servicesIssue([{ ...service, ...wrong }]), undefined);
    }
  });
});

describe('stopping a plan', () => {
  test('the first time counts', () => {
    const stopped = stopPlan(aPlan(), NOW);
    assert.equal(stopped.stoppedAtMs, NOW);
    assert.equal(stopPlan(stopped, NOW + 1).stoppedAtMs, NOW);
    assert.deepEqual(beforeStop(stopped), aPlan());
  });
});
