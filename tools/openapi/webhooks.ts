import { type EventType, eventTypes } from '#core/events.ts';
import type { JsonObject } from '#core/values/json.ts';
import { eventExample } from './event-examples.ts';
import { eventSchemaName } from './event-schemas.ts';
import { refTo } from './request-schemas.ts';
import type { Sources } from './sources.ts';

/** What each delivery carries (Standard Webhooks 1.0.0). */
export const webhookHeaders = {
  WebhookId: headerOf(
    'webhook-id',
    "The event's `id` with `_` for each full stop; the same in each attempt.",
    { type: 'string' },
    'order#1900000001#A-1001/order_paid/1',
  ),
  WebhookTimestamp: headerOf(
    'webhook-timestamp',
    'When this attempt was signed, in Unix seconds. Refuse what is more than five minutes off.',
    { type: 'string', pattern: '^[0-9]+$' },
    '1795233621',
  ),
  WebhookSignature: headerOf(
    'webhook-signature',
    "Signatures of `{webhook-id}.{webhook-timestamp}.{body}`, one for each of the account's keys, with spaces between: `v1,` and the base64 of HMAC-SHA256, or `v1a,` and that of Ed25519. One that fits is enough.",
    { type: 'string' },
    'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
  ),
} as const;

/** One webhook for each type of event; the queue `events.fifo` carries the same JSON. */
export function webhooksOf(sources: Sources): JsonObject {
  return Object.fromEntries(eventTypes.map((type) => [type, { post: webhookOf(type, sources) }]));
}

function webhookOf(type: EventType, { events }: Sources): JsonObject {
  return {
    operationId: `on${eventSchemaName(type).replace(/Event$/, '')}`,
    tags: ['Events'],
    summary: type,
    description: events.get(type) ?? '',
    security: [],
    parameters: Object.keys(webhookHeaders).map((name) => ({
      $ref: `#/components/parameters/${name}`,
    })),
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: { $ref: refTo(eventSchemaName(type)) },
          examples: { [type]: { value: eventExample(type) } },
        },
      },
    },
    responses: {
      '2XX': { description: 'You have it: any 2xx within 5 seconds. The body is not read.' },
      default: {
        description:
          'Anything else, a redirect too: it is sent again with growing pauses, for three days. 400, 409, 413 and 422 say that this one event is at fault; of the others three in a row make all events wait.',
      },
    },
  };
}

function headerOf(name: string, description: string, schema: JsonObject, example: string) {
  return { name, in: 'header', required: true, description, schema, example };
}
