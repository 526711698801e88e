import { readConfig } from '#config/config.ts';
import { createConsumer } from '../wiring/consumer.ts';

/** Queue `timers`: look at a subject because it is time. */
export const handler = createConsumer('watch', readConfig('timersQueueUrl').timersQueueUrl);
