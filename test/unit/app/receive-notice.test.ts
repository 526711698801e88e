import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ReceiveNoticePorts, receiveNotice } from '#app/receive-notice.ts';
import type { Account } from '#core/account.ts';
import { isAppError } from '#core/errors.ts';
import { type Notice, type NoticeProblem, noticeProblems, type RawNotice } from '#core/notices.ts';
import { fail, ok, type Result } from '#core/result.ts';
import { isAccountName } from '#core/values/ids.ts';
import { at } from '../../support/clock.ts';
import { account, hint, outTradeNo, valid } from '../../support/order-builder.ts';
import { createTestBed, type TestBed } from '../../support/test-bed.ts';

const raw: RawNotice = { headers: {}, body: Buffer.from('{}') };

const paidNotice: Notice = {
  id: 'EV-2018022511223320873',
  event_type: 'TRANSACTION.SUCCESS',
  createdAt: at('2026-11-21T04:00:21Z'),
  resource: { mchid: account.mchid, out_trade_no: outTradeNo, trade_state: 'SUCCESS' },
};

type Read = (account: Account) => Result<Notice, NoticeProblem>;

function portsOf(
  bed: TestBed,
  read: Read,
  overrides: Partial<ReceiveNoticePorts> = {},
): ReceiveNoticePorts {
  return { ...bed, reader: { read }, ...overrides };
}

test('a notice of a payment becomes one hint, and is acknowledged only then', async () => {
  const bed = createTestBed();
  const ports = portsOf(bed, () => ok(paidNotice));
  assert.deepEqual(await receiveNotice(ports, account.name, raw), ok(undefined));
  assert.deepEqual(bed.hints.messages(), [hint({ reason: 'notice', says: 'SUCCESS' })]);
  assert.equal(bed.telemetry.countOf('notice_accepted', 'hint'), 1);
});

test('the hint carries no money and no payer', async () => {
  const bed = createTestBed();
  const resource = { ...paidNotice.resource, amount: { total: 8800 }, payer: { openid: 'oUpF8' } };
  await receiveNotice(
    portsOf(bed, () => ok({ ...paidNotice, resource })),
    account.name,
    raw,
  );
  const { body = '' } = bed.hints.queued()[0] ?? {};
  assert.equal(body.includes('8800') || body.includes('oUpF8'), false);
});

test('no table is touched', async () => {
  const bed = createTestBed();
  await receiveNotice(
    portsOf(bed, () => ok(paidNotice)),
    account.name,
    raw,
  );
  assert.ok(Object.values(bed.store.counts).every((count) => count === 0));
});

for (const problem of noticeProblems) {
  test(`a notice with the problem ${problem} is refused, counted and not queued`, async () => {
    const bed = createTestBed();
    const ports = portsOf(bed, () => fail(problem));
    assert.deepEqual(await receiveNotice(ports, account.name, raw), fail(problem));
    assert.equal(bed.hints.sends(), 0);
    const metric = problem === 'probe' ? 'notice_probe' : 'notice_refused';
    assert.equal(bed.telemetry.countOf(metric, problem), 1);
    assert.equal(bed.telemetry.countOf('notice_accepted'), 0);
  });
}

test('a notice for an account that nobody knows is refused before it is read', async () => {
  const bed = createTestBed();
  const ports = portsOf(bed, () => assert.fail('nothing to read it with'));
  const name = valid('nobody', isAccountName);
  assert.deepEqual(await receiveNotice(ports, name, raw), fail('account_unknown'));
  assert.deepEqual([bed.hints.sends(), bed.telemetry.countOf('notice_refused')], [0, 1]);
});

for (const mchid of ['1900000002', undefined, 1900000001]) {
  test(`a payment notice about the mchid ${mchid} is refused`, async () => {
    const bed = createTestBed();
    const { mchid: _, ...rest } = paidNotice.resource;
    const resource = mchid === undefined ? rest : { ...rest, mchid };
    const ports = portsOf(bed, () => ok({ ...paidNotice, resource }));
    assert.deepEqual(await receiveNotice(ports, account.name, raw), fail('mchid'));
    assert.equal(bed.hints.sends(), 0);
  });
}

test('a notice of a kind we do not handle is queued without its content', async () => {
  const bed = createTestBed();
  const notice = { ...paidNotice, event_type: 'PAYSCORE.USER_PAID', resource: { secret: 'plain' } };
  const ports = portsOf(bed, () => ok(notice));
  assert.deepEqual(await receiveNotice(ports, account.name, raw), ok(undefined));
  assert.equal(bed.hints.messages()[0]?.type, 'unhandled-notice');
  assert.equal(bed.hints.queued()[0]?.body.includes('plain'), false);
});

test('a payment notice without a number that could be ours is kept as unhandled', async () => {
  const bed = createTestBed();
  const resource = { ...paidNotice.resource, out_trade_no: 'a b' };
  await receiveNotice(
    portsOf(bed, () => ok({ ...paidNotice, resource })),
    account.name,
    raw,
  );
  assert.equal(bed.hints.messages()[0]?.type, 'unhandled-notice');
});

test('an unhandled notice with an id too long for a key is refused', async () => {
  const bed = createTestBed();
  const notice = { ...paidNotice, event_type: 'OTHER', id: 'x'.repeat(65) };
  const ports = portsOf(bed, () => ok(notice));
  assert.deepEqual(await receiveNotice(ports, account.name, raw), fail('body'));
  assert.equal(bed.hints.sends(), 0);
});

for (const fault of ['fail', 'unknown-not-done', 'unknown-done'] as const) {
  test(`a hint queue that ends ${fault} is never acknowledged`, async () => {
    const bed = createTestBed();
    bed.faults.hints.plan('send', fault);
    await assert.rejects(
      () =>
        receiveNotice(
          portsOf(bed, () => ok(paidNotice)),
          account.name,
          raw,
        ),
      (error) => isAppError(error) && error.code === 'queue_unavailable',
    );
    assert.equal(bed.telemetry.countOf('notice_accepted'), 0);
  });
}

test('an account that cannot be read ends the callback with its error', async () => {
  const bed = createTestBed();
  const accounts = { ...bed.accounts, get: () => Promise.reject(new Error('secrets are down')) };
  const ports = portsOf(bed, () => ok(paidNotice), { accounts });
  await assert.rejects(() => receiveNotice(ports, account.name, raw));
  assert.equal(bed.hints.sends(), 0);
});

function refreshing(bed: TestBed, fresh: Account | undefined) {
  let refreshes = 0;
  const accounts = {
    ...bed.accounts,
    refresh: () => {
      refreshes += 1;
      return Promise.resolve(fresh);
    },
  };
  return { accounts, count: () => refreshes };
}

test('a serial that nobody knows is tried once more with freshly read keys', async () => {
  const bed = createTestBed();
  const fresh = { ...account };
  const { accounts, count } = refreshing(bed, fresh);
  const read: Read = (given) => (given === fresh ? ok(paidNotice) : fail('unknown_serial'));
  const ports = portsOf(bed, read, { accounts });
  assert.deepEqual(await receiveNotice(ports, account.name, raw), ok(undefined));
  assert.deepEqual([count(), bed.hints.sends()], [1, 1]);
});

test('a serial that stays unknown is refused after one refresh', async () => {
  for (const fresh of [account, { ...account }, undefined]) {
    const bed = createTestBed();
    const { accounts, count } = refreshing(bed, fresh);
    const ports = portsOf(bed, () => fail('unknown_serial'), { accounts });
    assert.deepEqual(await receiveNotice(ports, account.name, raw), fail('unknown_serial'));
    assert.deepEqual([count(), bed.hints.sends()], [1, 0]);
    assert.equal(bed.telemetry.countOf('notice_refused', 'unknown_serial'), 1);
  }
});

test('no other problem reads the keys afresh', async () => {
  const bed = createTestBed();
  const { accounts, count } = refreshing(bed, { ...account });
  await receiveNotice(
    portsOf(bed, () => fail('signature'), { accounts }),
    account.name,
    raw,
  );
  assert.equal(count(), 0);
});
