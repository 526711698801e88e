import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { appidOf, serviceOf, sumOf } from '#core/payscore/rules.ts';
import { isAppid } from '#core/values/ids.ts';
import { account, appid, checked, secondAppid } from '../fixtures.ts';
import { otherServiceId, school, serviceId } from './fixtures.ts';

describe('the rules of PayScore', () => {
  it('find a service by its id, and none that WeChat did not open', () => {
    assert.deepEqual(serviceOf(school, serviceId), {
      id: serviceId,
      maxDays: 300,
      maxDeductions: 3,
    });
    assert.equal(serviceOf(school, otherServiceId), undefined);
    assert.equal(serviceOf(account, serviceId), undefined);
  });

  it("take an appid of the account's, and its first where none was asked for", () => {
    assert.equal(appidOf(school, undefined), appid);
    assert.equal(appidOf(school, secondAppid), secondAppid);
    assert.equal(appidOf(school, checked(isAppid, 'wx6666666666666666')), undefined);
  });

  it('add amounts', () => {
    assert.equal(sumOf([]), 0);
    assert.equal(sumOf([18_000, 12_000, 0]), 30_000);
  });
});
