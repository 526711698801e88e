import { startDynamodbLocal, whyNoDynamodbLocal } from '../../test/support/dynamodb-local.ts';
import { costOf, monthPositions, orderPositions, type Position } from '../bill.ts';
import { type LifeCounts, liveOrder, type Story } from '../life/life.ts';
import { prices, region, stated } from '../prices.ts';
import type { Bound, Figure, Row, Section } from '../report.ts';
import { openShop } from '../shop.ts';

type Budget = {
  readonly writeUnits?: Bound;
  readonly strongReads?: Bound;
  readonly sqsRequests?: Bound;
  readonly logBytes?: Bound;
};

type Told = { readonly name: string; readonly story: Story; readonly budget: Budget };

const stories: readonly Told[] = [
  {
    name: 'paid within 25 s',
    story: { paidAfterMs: 20_000, notice: 'arrives', endsAs: 'PAID' },
    budget: {
      writeUnits: { atMost: 6 },
      strongReads: { atMost: 2 },
      sqsRequests: { atMost: 9 },
      logBytes: { atMost: 1500 },
    },
  },
  {
    name: 'paid at 8 min',
    story: { paidAfterMs: 480_000, notice: 'arrives', endsAs: 'PAID' },
    budget: {},
  },
  {
    name: 'healed (notice lost)',
    story: { paidAfterMs: 20_000, notice: 'lost', endsAs: 'PAID' },
    budget: {},
  },
  {
    name: 'unpaid 2 h',
    story: { endsAs: 'CLOSED' },
    budget: { writeUnits: { atMost: 12 } },
  },
];

const countNotes = [
  "The deployed jobs and adapters in virtual time, the table on DynamoDB Local, which tells each write's units, " +
    'index included. An order by JSAPI without reference, its number 28 characters long.',
  'SQS requests: every send, and for each message one receive and one delete, as its mapping makes them when a ' +
    "batch holds one message; the merchant's own receive and delete of the event included. A fuller batch needs " +
    'fewer. Empty polls come with the clock, not with an order: they are in the bill of an idle month.',
  'Log bytes as written at level INFO, EMF metrics included; the functions themselves log only warnings. ' +
    'Nobody reads the secret here: a function does so once in five minutes.',
];

/** The whole life of an order: what it asks of AWS, and what that costs. */
export const orderLifeRow: Row = {
  name: 'order life and bill',
  measure: async () => {
    const reason = whyNoDynamodbLocal();
    if (reason !== false) {
      const skipped = reason.replace(/^SKIPPED: /, '');
      return ['whole life of an order', 'bill'].map((title) => ({
        title,
        lines: [{ what: title, skipped }],
        notes: [],
      }));
    }
    const emulator = await startDynamodbLocal();
    try {
      const shop = await openShop();
      const lives: (Told & { counts: LifeCounts })[] = [];
      for (const told of stories) {
        lives.push({ ...told, counts: await liveOrder(emulator.origin, shop, told.story) });
      }
      return [
        { title: 'whole life of an order', lines: lives.flatMap(lifeLines), notes: countNotes },
        billSection(lives),
      ];
    } finally {
      await emulator.stop();
    }
  },
};

function lifeLines({ name, counts, budget }: Told & { readonly counts: LifeCounts }) {
  const { writeUnits, strongReads, standardRequests, fifoRequests, logs } = counts;
  const line = (what: string, figure: number, unit: string, bound: Bound | undefined): Figure => ({
    what: `${name}: ${what}`,
    figure,
    unit,
    ...(bound !== undefined && { bound }),
  });
  return [
    line('write units', writeUnits, 'WU', budget.writeUnits),
    line('strong reads', strongReads, 'reads', budget.strongReads),
    line('SQS requests', standardRequests + fifoRequests, 'requests', budget.sqsRequests),
    line('logs', logs.bytes, 'bytes', budget.logBytes),
  ];
}

const million = 1_000_000;

function billSection(
  lives: readonly { readonly name: string; readonly counts: LifeCounts }[],
): Section {
  const unit = '$';
  const lines = lives.flatMap(({ name, counts }) => {
    const positions = orderPositions(counts);
    const figure = costOf(positions, million);
    const what = `a million orders, ${name}`;
    return [{ what, figure, unit }, ...positions.map((one) => positionLine(one, million))];
  });
  const month = monthPositions();
  const idle = { what: 'a month without any order', figure: costOf(month), unit };
  const unsure = Object.entries(prices).filter(([, { isConfirmed }]) => !isConfirmed);
  const oldest = Object.values(prices).map(({ readIn }) => readIn);
  return {
    title: 'bill of AWS',
    lines: [...lines, idle, ...month.map((one) => positionLine(one, 1))],
    notes: [
      `List prices of ${region} without free tier, read ${oldest.sort()[0]} to ${oldest.sort().at(-1)}; ` +
        `page and month of each in bench/prices.ts. Not confirmed by AWS itself: ` +
        `${unsure.map(([name]) => name).join(', ')}.`,
      `Durations are stated, not measured: ${stated.invocationMs} ms an invocation, ${stated.wechatCallMs} ms a call ` +
        `to WeChat, ${stated.awsCallMs} ms a call to AWS, at ${stated.memoryMegabytes} MB on ARM.`,
      'Not in it: storage, backups, custom metrics, traces, data transfer, taxes.',
    ],
  };
}

function positionLine(position: Position, times: number): Figure {
  const { quantity } = position;
  const shown = quantity.toLocaleString('en-US', { maximumFractionDigits: 3 });
  return { what: `  ${shown} ${position.what}`, figure: costOf([position], times), unit: '$' };
}
