import assert from 'node:assert/strict';
import type { LogFields, MetricName, Telemetry } from '#core/telemetry.ts';

type Line = { readonly level: string; readonly message: string; readonly fields: LogFields };

export type MemoryTelemetry = Telemetry & {
  /** How often this was counted, with this reason or with any. */
  countOf(metric: MetricName, reason?: string): number;
  readonly lines: readonly Line[];
};

const allowedFields = new Set(
  'account subject status reason code event version count receiveCount requestId durationMs'.split(
    ' ',
  ),
);

/** Keeps what is counted and logged; a field that may not be logged ends the test. */
export function createTelemetry(): MemoryTelemetry {
  const counted: { readonly metric: MetricName; readonly reason: string | undefined }[] = [];
  const lines: Line[] = [];
  return {
    lines,
    count: (metric, reason) => {
      counted.push({ metric, reason });
    },
    log: (level, message, fields) => {
      for (const name of Object.keys(fields)) {
        assert.ok(allowedFields.has(name), `the field ${name} may be logged`);
      }
      lines.push({ level, message, fields });
    },
    countOf: (metric, reason) =>
      counted.filter(
        (one) => one.metric === metric && (reason === undefined || one.reason === reason),
      ).length,
  };
}
