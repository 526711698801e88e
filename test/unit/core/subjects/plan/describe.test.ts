import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { planEventData, planView } from '#core/subjects/plan/describe.ts';
import { now, pendingOf, planId } from '../../payscore/fixtures.ts';
import { planOf, planRecord } from './fixtures.ts';

const row = { at: now, from: 'CREATED', to: 'NORMAL', because: 'request', evidence: 'NORMAL' };
const ended = { name: 'stop-plan', sha256: 'stop', outcome: 'refused', code: 'INVALID_REQUEST' };
const record = planRecord(
  { status: 'NORMAL', history: [row], historyCount: 1 },
  { plan_id: planId, ended, pending: pendingOf('stop-plan') },
);
const last_command = { name: 'stop-plan', outcome: 'refused', reason: 'INVALID_REQUEST' };

describe('a plan', () => {
  it('is shown with its details numbered from 1, and its commands', () => {
    assert.deepEqual(planView(record, planOf(record)), {
      merchant_plan_no: 'lessons-2026',
      mchid: '1900000001',
      status: 'NORMAL',
      plan_id: planId,
      service_id: '00004000000000162930000000000001',
      appid: 'wx8888888888888888',
      plan_name: '羽毛球课3节',
      plan_duration: 300,
      plan_detail_list: [
        { plan_detail_no: 1, original_price: 18_000, actual_price: 18_000 },
        { plan_detail_no: 2, original_price: 18_000, actual_price: 12_000 },
        { plan_detail_no: 3, original_price: 18_000, actual_price: 0 },
      ],
      created_at: '2026-11-21T04:00:00.000Z',
      pending_command: 'stop-plan',
      last_command,
      history: [{ ...row, at: '2026-11-21T07:00:00.000Z' }],
      history_count: 1,
    });
  });

  it('is shown before WeChat knows it, without an id', () => {
    const fresh = planRecord();
    const view = planView(fresh, planOf(fresh));
    assert.deepEqual(
      [view['status'], view['pending_command'], 'plan_id' in view, 'last_command' in view],
      ['CREATED', 'create-plan', false, false],
    );
  });

  it('is told of by its number, its status and what became of the command', () => {
    const over = planRecord({ status: 'NORMAL' }, { pending: undefined, ended });
    assert.deepEqual(planEventData(over, planOf(over)), {
      mchid: '1900000001',
      merchant_plan_no: 'lessons-2026',
      status: 'NORMAL',
      last_command,
    });
  });

  it('is shown with a command that was done, without a reason', () => {
    const done = { name: 'create-plan', sha256: 'x', outcome: 'done' };
    const made = planRecord({ status: 'NORMAL' }, { pending: undefined, ended: done });
    const { last_command: last } = planView(made, planOf(made));
    assert.deepEqual(last, { name: 'create-plan', outcome: 'done' });
  });

  it('never shows the bytes of a command, nor what tells requests apart', () => {
    const text = JSON.stringify([
      planView(record, planOf(record)),
      planEventData(record, planOf(record)),
    ]);
    for (const word of ['body', 'sha256', 'requestId', 'refusals']) {
      assert.ok(!text.includes(word), word);
    }
  });
});
