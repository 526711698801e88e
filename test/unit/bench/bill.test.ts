import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { costOf, monthPositions, orderPositions, type Position } from '../../../bench/bill.ts';
import type { FunctionName } from '../../../bench/life/functions.ts';
import { countOutput } from '../../../bench/life/output.ts';
import { prices } from '../../../bench/prices.ts';

const invocations: [FunctionName, number][] = [
  ['api', 1],
  ['watch', 4],
  ['sweep', 7],
];

const counts = {
  httpRequests: 2,
  invocations: new Map(invocations),
  awsCalls: 10,
  wechatCalls: 3,
  writeUnits: 6,
  strongReads: 2,
  standardRequests: 12,
  fifoRequests: 3,
  logs: { lines: 6, bytes: 1500 },
};

function rounded(positions: readonly Position[], times = 1): number {
  return Number(costOf(positions, times).toFixed(6));
}

describe('the bill of an order', () => {
  it('counts what it asked for, and not the sweeps that run anyway', () => {
    const quantities = orderPositions(counts).map(({ price, quantity }) => [price, quantity]);
    // 5 invocations of 10 ms, 3 calls of 150 ms and 10 of 8 ms at a quarter of a gigabyte.
    assert.deepEqual(quantities, [
      ['httpApiRequest', 2],
      ['lambdaRequest', 5],
      ['lambdaGigabyteSecond', 0.145],
      ['sqsStandardRequest', 12],
      ['sqsFifoRequest', 3],
      ['writeUnit', 6],
      ['readUnit', 2],
      ['logByte', 1500],
    ]);
  });

  it('is their sum per million', () => {
    // 2 + 1 + 1.933343 + 4.8 + 1.5 + 3.75 + 0.25 + 0.75
    assert.equal(rounded(orderPositions(counts), 1_000_000), 15.983343);
  });
});

describe('the cost of a position', () => {
  const cases: readonly (readonly [Position, number, number])[] = [
    [{ what: 'writes', price: 'writeUnit', quantity: 12 }, 1_000_000, 7.5],
    [{ what: 'logs', price: 'logByte', quantity: 1_000_000_000 }, 1, 0.5],
    [{ what: 'a secret', price: 'secretMonth', quantity: 3 }, 1, 1.2],
    [{ what: 'nothing', price: 'httpApiRequest', quantity: 0 }, 1_000_000, 0],
  ];
  for (const [position, times, usd] of cases) {
    it(`${position.quantity} x ${position.price}, ${times} times: $${usd}`, () =>
      assert.equal(rounded([position], times), usd));
  }

  it('of nothing is nothing', () => assert.equal(costOf([]), 0));
});

describe('a month without any order', () => {
  it('is the sweep, the polls and the secret', () => {
    const quantities = monthPositions().map(({ price, quantity }) => [price, quantity]);
    assert.deepEqual(quantities, [
      ['scheduledEvent', 43_200],
      ['lambdaRequest', 43_200],
      // 138 ms a minute at a quarter of a gigabyte.
      ['lambdaGigabyteSecond', 1490.4],
      ['readUnit', 345_600],
      ['sqsStandardRequest', 1_296_000],
      ['sqsFifoRequest', 1_296_000],
      ['secretMonth', 1],
    ]);
    // 0.0432 + 0.00864 + 0.019872 + 0.0432 + 0.5184 + 0.648 + 0.4
    assert.equal(rounded(monthPositions()), 1.681312);
  });
});

describe('the prices', () => {
  for (const [name, price] of Object.entries(prices)) {
    it(`${name} has a page of AWS and the month in which it was read`, () => {
      assert.ok(price.usd > 0 && price.per > 0);
      assert.match(price.page, /^https:\/\/aws\.amazon\.com\/[a-z-]+\/pricing\//);
      assert.match(price.readIn, /^20\d\d-(0[1-9]|1[0-2])$/);
    });
  }
});

describe('counted output', () => {
  it('is lines and bytes without line ends, kept from the terminal', async () => {
    const before = process.stdout.write;
    const counted = await countOutput(() => {
      process.stdout.write('one\n');
      process.stderr.write(Buffer.from('zwölf\n'));
      return Promise.resolve();
    });
    assert.deepEqual(counted, { lines: 2, bytes: 9 });
    assert.equal(process.stdout.write, before);
  });

  it('goes to the terminal again after a failure', async () => {
    const before = [process.stdout.write, process.stderr.write];
    await assert.rejects(
      countOutput(() => Promise.reject(new Error('a story that ends badly'))),
      /ends badly/,
    );
    assert.deepEqual([process.stdout.write, process.stderr.write], before);
    assert.equal(process.env['_X_AMZN_TRACE_ID'], undefined);
  });
});
