import type { Server } from 'node:http';

/**
 * Listens on 127.0.0.1: on the preferred port, or on any free one when that is taken (0 asks for any).
 * Answers the origin, `http://127.0.0.1:<port>`.
 */
export async function listenOnLoopback(server: Server, preferredPort = 0): Promise<string> {
  try {
    await listen(server, preferredPort);
  } catch (error) {
    if (preferredPort === 0 || !isPortTaken(error)) {
      throw error;
    }
    await listen(server, 0);
  }
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('The server has no port');
  }
  return `http://127.0.0.1:${address.port}`;
}

/** Frees the port and breaks the connections that are still open. */
export async function closeServer(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** Whether an attempt to listen failed because somebody else has the port, or only root may have it. */
export function isPortTaken(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'EADDRINUSE' || code === 'EACCES';
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}
