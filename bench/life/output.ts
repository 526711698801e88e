/** What the functions wrote to their logs: lines and bytes. */
export type LogCount = { readonly lines: number; readonly bytes: number };

/** Lambda sets it in every invocation; the logger writes it into every line. */
const traceHeader =
  'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0;Lineage=1:1a2b3c4d:0';

/** Keeps what this process writes while `run` lasts, and counts it instead. */
export async function countOutput(run: () => Promise<void>): Promise<LogCount> {
  const streams = [process.stdout, process.stderr];
  const writers = streams.map((stream) => stream.write);
  let text = '';
  const keep = (chunk: string | Uint8Array): boolean => {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    return true;
  };
  for (const stream of streams) {
    stream.write = keep;
  }
  process.env['_X_AMZN_TRACE_ID'] = traceHeader;
  try {
    await run();
  } finally {
    delete process.env['_X_AMZN_TRACE_ID'];
    streams.forEach((stream, index) => {
      stream.write = writers[index] ?? stream.write;
    });
  }
  const lines = text.split('\n').filter((line) => line !== '');
  return { lines: lines.length, bytes: Buffer.byteLength(text) - lines.length };
}
