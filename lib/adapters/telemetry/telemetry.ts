import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { LogFields, MetricName, Telemetry } from '#core/telemetry.ts';

export type TelemetryOptions = { readonly service: string; readonly stage: string };

/** A `Telemetry` of one function; `flush` writes the metrics counted since the last flush. */
export type FunctionTelemetry = Telemetry & { flush(): void };

/** Metrics whose reason an operator tells apart; it becomes a dimension and so costs a line. */
const withReason: ReadonlySet<MetricName> = new Set([
  'notice_refused',
  'wechat_unknown',
  'wechat_fault',
  'message_parked',
  'delivery_failed',
]);

const fieldNames: readonly (keyof LogFields)[] = [
  'account',
  'subject',
  'status',
  'reason',
  'code',
  'event',
  'version',
  'count',
  'receiveCount',
  'requestId',
  'durationMs',
];

/** Structured logs and CloudWatch EMF metrics on standard output. Only the allowed fields are written. */
export function createTelemetry({ service, stage }: TelemetryOptions): FunctionTelemetry {
  const logger = new Logger({ serviceName: service, jsonReplacerFn: withoutSampling });
  const metrics = new Metrics({ namespace: 'WechatPay', serviceName: service });
  metrics.setDefaultDimensions({ stage });
  return {
    count: (metric, reason) => {
      if (reason === undefined || !withReason.has(metric)) {
        metrics.addMetric(metric, MetricUnit.Count, 1);
        return;
      }
      const single = metrics.singleMetric();
      single.addDimension('reason', reason);
      single.addMetric(metric, MetricUnit.Count, 1);
    },
    log: (level, message, fields) => logger[level](message, allowed(fields)),
    flush: () => {
      if (metrics.hasStoredMetrics()) {
        metrics.publishStoredMetrics();
      }
    },
  };
}

/** Nothing is sampled, yet the logger says so in every line, which is paid by the byte. */
function withoutSampling(name: string, value: unknown): unknown {
  return name === 'sampling_rate' ? undefined : value;
}

/** A type does not stop a field at run time; a log line must hold nothing else. */
function allowed(fields: LogFields): LogFields {
  const entries = fieldNames.flatMap((name) => {
    const value = fields[name];
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(entries);
}
