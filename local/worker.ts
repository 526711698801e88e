import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { scaleClock } from './clock.ts';
import { isObject } from './json.ts';
import type { WorkerAnswer, WorkerCall, WorkerSettings } from './worker-protocol.ts';

// One execution environment of a function. Clock and trust come first: the bundle must not see others.
const settings = workerData as WorkerSettings;
if (settings.clock.factor !== 1) {
  scaleClock(settings.clock);
}
if (settings.authorities.length > 0) {
  setDefaultCACertificates([...getCACertificates('default'), ...settings.authorities]);
}
const port = parentPort;
if (port === null) {
  throw new Error('This file is the entry of a worker thread');
}
const answer = (message: WorkerAnswer): void => port.postMessage(message);

const handler = await load();

port.on('message', (call: WorkerCall) => {
  run(call).then(
    (payload) => answer({ type: 'done', payload }),
    (error: unknown) => answer({ type: 'failed', ...described(error) }),
  );
});
answer({ type: 'ready' });

async function run({ requestId, event, timeoutMs }: WorkerCall): Promise<string> {
  const endsAt = performance.now() + timeoutMs;
  const { functionName, memoryMb, logGroup, invokedFunctionArn } = settings;
  const result: unknown = await handler(JSON.parse(event), {
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn,
    memoryLimitInMB: String(memoryMb),
    awsRequestId: requestId,
    logGroupName: logGroup,
    logStreamName: settings.logStream,
    callbackWaitsForEmptyEventLoop: true,
    // Real time, as the runner enforces it.
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(endsAt - performance.now())),
  });
  return JSON.stringify(result) ?? 'null';
}

type Handler = (event: unknown, context: object) => unknown;

async function load(): Promise<Handler> {
  const bundle: unknown = await import(pathToFileURL(settings.file).href);
  const exported = isObject(bundle) ? bundle[settings.exportName] : undefined;
  if (typeof exported !== 'function') {
    throw new Error(`${settings.file} exports no function ${settings.exportName}`);
  }
  return exported as Handler;
}

function described(error: unknown): { readonly errorType: string; readonly errorMessage: string } {
  return error instanceof Error
    ? { errorType: error.name, errorMessage: error.stack ?? error.message }
    : { errorType: 'Error', errorMessage: String(error) };
}
