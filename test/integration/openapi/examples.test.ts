import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { codePaymentPlays } from './code-payment-plays.ts';
import { commonPlays } from './common-plays.ts';
import { orderPlays } from './order-plays.ts';
import { eventSchemas, operationNamed, operations } from './page.ts';
import { payscorePlays } from './payscore-plays.ts';
import type { Play } from './play.ts';
import { refundPlays } from './refund-plays.ts';
import { closedCheckerOf } from './schemas.ts';
import { serviceOrderPlays } from './service-order-plays.ts';
import { shapeOf } from './shape.ts';
import { type Stage, startStage } from './stage.ts';

const plays: readonly Play[] = [
  ...commonPlays,
  ...orderPlays,
  ...codePaymentPlays,
  ...refundPlays,
  ...payscorePlays,
  ...serviceOrderPlays,
];

/** What the page shows and nobody can bring about here. */
const unplayed: Readonly<Record<string, string>> = {
  '429 example': 'the gateway of a laptop does not throttle',
  'payServiceOrder 422 wechat_refused': 'nobody else cancels a service order here',
  '409 detail_used':
    'the details are lost or used only together with the sign plan, or by another system',
  '503 example': 'the gateway gives up on a function after 30 seconds',
};

describe('the examples of docs/openapi.yaml', () => {
  let stage: Stage;

  before(async () => {
    stage = await startStage();
    // Accepted is not done; but nobody needs to wait for it here.
    await stage.control('refunds', { status: 'SUCCESS', delay_s: 0 });
    // Nor is anybody charged before a play says so.
    await stage.control('payscore-charges', { outcome: 'failing' });
  });
  after(() => stage.stop());

  for (const { operation, status, example, request, how, act } of plays) {
    const sent = request === undefined ? '' : ` to ${request}`;
    const told = how === undefined ? '' : ` ${how}`;
    it(`${operation} answers ${status} ${example}${sent}${told}`, async () => {
      const reply = await act(stage);
      assert.equal(reply.status, status, reply.text);
      const type = reply.headers['content-type'] ?? '';
      const shown = operationNamed(operation).responses[status]?.content[type]?.examples[example];
      assert.deepEqual(shapeOf(reply.body), shapeOf(shown));
    });
  }

  it('are all played, but for those that nobody can bring about here', () => {
    const played = new Set(plays.map((play) => nameOf(play)));
    const onPage = operations.flatMap(({ id, responses }) =>
      Object.entries(responses).flatMap(([status, { content }]) =>
        Object.values(content)
          .flatMap(({ examples }) => Object.keys(examples))
          .map((example) => ({ operation: id, status: Number(status), example })),
      ),
    );
    const missing = onPage.filter(
      (shown) =>
        !played.has(nameOf(shown)) &&
        unplayed[nameOf(shown)] === undefined &&
        unplayed[`${shown.status} ${shown.example}`] === undefined,
    );
    assert.deepEqual(missing, []);
    assert.ok(onPage.length > 250, `${onPage.length}`);
  });

  it('of requests are all sent', () => {
    const onPage = operations.flatMap(({ id, requestExamples }) =>
      Object.keys(requestExamples).map((name) => `${id} ${name}`),
    );
    const sent = plays.flatMap(({ operation, request }) =>
      request === undefined ? [] : [`${operation} ${request}`],
    );
    assert.deepEqual(sent.sort(), onPage.sort());
  });

  it('have made events as the page describes them', async () => {
    const wanted = [
      ...['order.paid', 'order.closed', 'order.review', 'refund.succeeded'],
      ...['plan.refused', 'sign-plan.signed', 'sign-plan.cancelled', 'sign-plan.expired'],
      ...['sign-plan.refused', 'service-order.doing', 'service-order.completed'],
      ...['service-order.paid', 'service-order.revoked', 'service-order.refused'],
    ];
    const types = (): string[] => stage.collector.events().map(({ type }) => type);
    await stage.until('the events', async () => wanted.every((type) => types().includes(type)));
    for (const { type, event } of stage.collector.events()) {
      const schema = eventSchemas.get(type);
      assert.ok(schema !== undefined, type);
      assert.deepEqual(closedCheckerOf(schema)(event), [], JSON.stringify(event));
    }
  });
});

function nameOf({ operation, status, example }: Omit<Play, 'act'>): string {
  return `${operation} ${status} ${example}`;
}
