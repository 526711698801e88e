import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createNoticeDesk } from '../../../simulator/notice-desk.ts';
import type { Notice } from '../../../simulator/notice-message.ts';
import {
  isReceived,
  NOTICE_WAITS_S,
  type NoticePlan,
  waitAfterTryMs,
} from '../../../simulator/notice-schedule.ts';
import type { Transmission } from '../../../simulator/transmit.ts';
import { virtualTimers } from './virtual-timers.ts';

const START = Date.parse('2026-03-01T12:00:00+08:00');
const DAY_MS = 86_400_000;

const notice: Notice = {
  id: 'n-1',
  mchid: '1900000109',
  outTradeNo: 'order-0001',
  url: 'https://pay.example.com/notify',
  createdAtMs: START,
  eventType: 'TRANSACTION.SUCCESS',
  content: {},
};

/** A desk whose receiver answers with the given statuses, the last one for ever. */
const deskWith = (...answers: readonly (number | null)[]) => {
  const clock = virtualTimers(START);
  const sends: { readonly atS: number; readonly body: string }[] = [];
  const transmit = (_url: string, message: { readonly body: string }): Promise<Transmission> => {
    const status = answers[Math.min(sends.length, answers.length - 1)] ?? null;
    sends.push({ atS: (clock.timers.now() - START) / 1000, body: message.body });
    return Promise.resolve({ status });
  };
  let made = 0;
  const desk = createNoticeDesk({
    timers: clock.timers,
    transmit,
    compose: (_notice, flaw) => {
      made += 1;
      return { headers: {}, body: `${flaw ?? 'true'} ${made}` };
    },
  });
  const start = async (plan: NoticePlan, advanceMs: number) => {
    desk.start(notice, plan);
    await clock.advance(advanceMs);
    return sends.map((send) => send.atS);
  };
  return { clock, desk, sends, start };
};

describe('schedule of a payment notice', () => {
  test('15 waits add up to 86,640 s', () => {
    assert.equal(NOTICE_WAITS_S.length, 15);
    assert.equal(
      NOTICE_WAITS_S.reduce((sum, wait) => sum + wait, 0),
      86_640,
    );
    assert.equal(waitAfterTryMs(1), 15_000);
    assert.equal(waitAfterTryMs(15), 21_600_000);
    assert.equal(waitAfterTryMs(16), undefined);
  });

  test('only 200 and 204 end it', () => {
    assert.deepEqual([200, 204].map(isReceived), [true, true]);
    assert.deepEqual([201, 202, 302, 401, 500, null].map(isReceived), Array(6).fill(false));
  });

  test('a notice nobody takes is sent at once and 15 times again, the last after 24 h 04 min', async () => {
    const { start, clock } = deskWith(500);
    assert.deepEqual(
      await start({ mode: 'normal' }, 3 * DAY_MS),
      [
        0, 15, 30, 60, 240, 840, 2_040, 3_840, 5_640, 7_440, 11_040, 21_840, 32_640, 43_440, 65_040,
        86_640,
      ],
    );
    assert.equal(clock.waiting(), 0);
  });

  test('it stops at the first 200 or 204', async () => {
    const { start, desk, clock } = deskWith(500, null, 201, 204);
    assert.deepEqual(await start({ mode: 'normal' }, DAY_MS), [0, 15, 30, 60]);
    const log = desk.deliveries(notice.mchid, notice.outTradeNo);
    assert.deepEqual(
      log.map(({ attempt, status }) => [attempt, status]),
      [
        [1, 500],
        [2, null],
        [3, 201],
        [4, 204],
      ],
    );
    assert.equal(log[3]?.at, '2026-03-01T12:01:00+08:00');
    assert.equal(clock.waiting(), 0);
  });

  test('each try has the same id and is signed afresh', async () => {
    const { start, sends, desk } = deskWith(500, 200);
    await start({ mode: 'normal' }, DAY_MS);
    assert.notEqual(sends[0]?.body, sends[1]?.body);
    const ids = desk.deliveries(notice.mchid, notice.outTradeNo).map((send) => send.notice_id);
    assert.deepEqual(ids, ['n-1', 'n-1']);
  });

  test('a lost notice is never sent', async () => {
    const { start, desk } = deskWith(200);
    assert.deepEqual(await start({ mode: 'lost' }, 3 * DAY_MS), []);
    assert.equal(desk.deliveries(notice.mchid, notice.outTradeNo)[0]?.error, 'lost on the way');
  });

  test('a tripled notice comes three times within two seconds though the first was taken', async () => {
    assert.deepEqual(await deskWith(200).start({ mode: 'tripled' }, DAY_MS), [0, 1, 2]);
  });

  test('a tripled notice that is refused goes on by the schedule', async () => {
    assert.deepEqual(
      await deskWith(500, 500, 500, 204).start({ mode: 'tripled' }, DAY_MS),
      [0, 1, 2, 15],
    );
  });

  test('a late notice starts late', async () => {
    const plan = { mode: 'late', delayMs: 60_000 } as const;
    assert.deepEqual(await deskWith(500, 204).start(plan, DAY_MS), [60, 75]);
  });

  test('a probed notice is false at first and true after', async () => {
    const { start, sends, desk } = deskWith(401, 204);
    assert.deepEqual(await start({ mode: 'probed' }, DAY_MS), [0, 15]);
    assert.deepEqual(
      sends.map((send) => send.body),
      ['probe 1', 'true 2'],
    );
    const kinds = desk.deliveries(notice.mchid, notice.outTradeNo).map((send) => send.kind);
    assert.deepEqual(kinds, ['probe', 'true']);
  });

  test('a stopped desk and a forgotten order send nothing more', async () => {
    const stopped = deskWith(500);
    await stopped.start({ mode: 'tripled' }, 500);
    stopped.desk.stop();
    await stopped.clock.advance(DAY_MS);
    assert.equal(stopped.sends.length, 1);
    const forgotten = deskWith(500);
    await forgotten.start({ mode: 'normal' }, 20_000);
    forgotten.desk.forget(notice.mchid, notice.outTradeNo);
    await forgotten.clock.advance(DAY_MS);
    assert.equal(forgotten.sends.length, 2);
    assert.deepEqual(forgotten.desk.deliveries(notice.mchid, notice.outTradeNo), []);
  });

  test('the log of an order keeps the last 100 sends', async () => {
    const { desk } = deskWith(200);
    for (let count = 1; count <= 101; count += 1) {
      await desk.sendOnce(notice, `kind ${count}`, { headers: {}, body: '' });
    }
    const log = desk.deliveries(notice.mchid, notice.outTradeNo);
    assert.equal(log.length, 100);
    assert.equal(log[0]?.kind, 'kind 2');
  });
});
