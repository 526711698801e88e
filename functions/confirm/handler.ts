import { readConfig } from '#config/config.ts';
import { createConsumer } from '../wiring/consumer.ts';

/** Queue `hints`: look at a subject because something happened. */
export const handler = createConsumer('confirm', readConfig('hintsQueueUrl').hintsQueueUrl);
