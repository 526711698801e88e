import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CommandName } from '#core/payscore/evidence.ts';
import { noteCommand, type ServiceOrderRequest } from '#core/subjects/service-order/commands.ts';
import { serviceOrderStatuses } from '#core/subjects/service-order/service-order.ts';
import type { JsonObject } from '#core/values/json.ts';
import { moment } from '../../fixtures.ts';
import { now, pendingOf, sha } from '../../payscore/fixtures.ts';
import { completedData, orderIn, orderOf } from './fixtures.ts';

const endAt = moment('2026-11-21T05:00:00Z');
const payments = { post_payments: [{ name: '羽毛球课', amount: 12_000 }], total_amount: 12_000 };
const lower = { post_payments: [{ name: '羽毛球课', amount: 9_000 }], total_amount: 9_000 };
const requests = {
  complete: { name: 'complete', ...payments, timeRange: { endAt } },
  modify: { name: 'modify', ...lower, reason: '少上半小时' },
  cancel: { name: 'cancel', reason: '停课' },
  sync: { name: 'sync', paidAt: moment('2026-11-21T06:00:00Z') },
  pay: { name: 'pay' },
} as const satisfies Readonly<Record<string, ServiceOrderRequest>>;
type Name = keyof typeof requests;
const names = Object.keys(requests) as readonly Name[];

const allowed: Readonly<Record<Name, readonly string[]>> = {
  complete: ['DOING'],
  modify: ['COMPLETED'],
  cancel: ['DOING', 'COMPLETED'],
  sync: ['COMPLETED'],
  pay: ['COMPLETED'],
};

function note(status: string, name: Name, data: JsonObject = {}) {
  const order = orderOf(orderIn(status, { ...(status === 'COMPLETED' && completedData), ...data }));
  return noteCommand(order, requests[name], { sha256: sha, now });
}

const nothing = { ok: true, value: undefined };

for (const name of names) {
  describe(`the command ${name}`, () => {
    for (const status of serviceOrderStatuses) {
      const isAllowed = allowed[name].includes(status);
      it(`is ${isAllowed ? 'noted' : 'refused'} while the service is ${status}`, () => {
        const answer = note(status, name);
        const refusal = answer.ok ? undefined : answer.refusal;
        assert.deepEqual(refusal, isAllowed ? undefined : { code: 'service_order_state' });
        assert.equal(answer.ok && answer.value !== undefined, isAllowed);
      });
    }

    it('is noted with its name and hash, and a look two minutes later', () => {
      const answer = note(allowed[name][0] ?? '', name);
      assert.ok(answer.ok && answer.value !== undefined);
      const { patch, ...rest } = answer.value;
      assert.deepEqual(rest, { events: [], evidence: name, nextLookAt: now + 120_000 });
      const pending = patch.set?.['pending'] as JsonObject;
      const { body: _, ...noted } = pending;
      assert.deepEqual(noted, { name, sha256: sha, at: now, refusals: 0 });
      assert.deepEqual(Object.keys(patch.set ?? {}), ['pending']);
      assert.equal(patch.unset, undefined);
    });

    for (const status of serviceOrderStatuses) {
      it(`changes nothing while this very request is pending, ${status}`, () => {
        assert.deepEqual(note(status, name, { pending: pendingOf(name) }), nothing);
      });
    }

    const others: readonly (readonly [CommandName, string])[] = [
      [name, 'another hash'],
      ['create-service-order', sha],
      [name === 'cancel' ? 'sync' : 'cancel', sha],
    ];
    for (const [other, sha256] of others) {
      it(`waits for a pending ${other} with ${sha256 === sha ? 'its own hash' : sha256}`, () => {
        const pending = pendingOf(other, { sha256 });
        const refusal = { code: 'command_pending' };
        for (const status of ['DOING', 'COMPLETED', 'PAID']) {
          assert.deepEqual(note(status, name, { pending }), { ok: false, refusal });
        }
      });
    }

    it('is noted anew after it was refused, or after another one was done', () => {
      const status = allowed[name][0] ?? '';
      for (const ended of [
        { name, sha256: sha, outcome: 'refused', code: 'INVALID_REQUEST' },
        { name, sha256: 'another hash', outcome: 'done' },
        { name: name === 'cancel' ? 'sync' : 'cancel', sha256: sha, outcome: 'done' },
      ]) {
        const answer = note(status, name, { ended });
        assert.ok(answer.ok && answer.value !== undefined);
      }
    });
  });
}

describe('a command that was done', () => {
  const ended = (name: Name): JsonObject => ({ name, sha256: sha, outcome: 'done' });

  for (const [name, status] of [
    ['complete', 'COMPLETED'],
    ['complete', 'PAID'],
    ['cancel', 'REVOKED'],
    ['modify', 'COMPLETED'],
    ['modify', 'REVIEW'],
    ['sync', 'PAID'],
  ] as const) {
    it(`is not done again: ${name}, ${status}`, () => {
      assert.deepEqual(note(status, name, { ended: ended(name) }), nothing);
    });
  }

  it('is asked for again where it is a charge: every such request is the same', () => {
    const answer = note('COMPLETED', 'pay', { ended: ended('pay') });
    assert.ok(answer.ok && answer.value !== undefined);
    const late = note('PAID', 'pay', { ended: ended('pay') });
    assert.deepEqual(late, { ok: false, refusal: { code: 'service_order_state' } });
  });
});
