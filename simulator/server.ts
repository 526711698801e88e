import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { createServerIdentity, type ServerIdentity } from './certificate.ts';
import { answerControl } from './control.ts';
import { answerCall } from './gateway.ts';
import { type MerchantAccount, type MerchantOptions, openAccount } from './merchant-account.ts';
import { globalTimers, type Timers } from './timers.ts';
import { createTransmit } from './transmit.ts';
import type { Outcome } from './wire.ts';
import { createWorld, type World } from './world.ts';

export type SimulatorOptions = {
  /** 0 or absent: any free port. Only 127.0.0.1 is listened on. */
  readonly port?: number;
  /** The same for HTTPS. */
  readonly tlsPort?: number;
  readonly merchants: readonly MerchantOptions[];
  /** Clock and timers; the globals when absent. */
  readonly timers?: Timers;
  /** How long a receiver of notices may take, in real milliseconds: 5,000 when absent. */
  readonly answerLimitMs?: number;
  /** How long a call that is never answered is held, in real milliseconds: 30,000 when absent. */
  readonly holdMs?: number;
  /** Whether notices may leave this machine; no when absent. */
  readonly deliverOutside?: boolean;
};

/** What a merchant knows of WeChat Pay's keys, and what only a simulator tells: the private halves. PEM texts. */
export type MerchantKeys = {
  /** The key of the merchant's mode: the public key unless the mode is `certificate`. */
  readonly wechatpaySerial: string;
  readonly wechatpayPublicKey: string;
  readonly wechatpayPrivateKey: string;
  readonly platformSerial: string;
  readonly platformCertificate: string;
  readonly platformPrivateKey: string;
};

export type Simulator = {
  /** `http://127.0.0.1:<port>`, to be used in place of `https://api.mch.weixin.qq.com`. */
  readonly origin: string;
  /** `https://127.0.0.1:<port>`: the same over TLS, and the only place that takes back money of APIv2. */
  readonly tlsOrigin: string;
  /** PEM of the authority that vouches for `tlsOrigin`, made anew in each process. */
  readonly certificateAuthority: string;
  /** By mchid. */
  readonly keys: ReadonlyMap<string, MerchantKeys>;
  /** Calls off all notices, ends of refunds and charges, breaks all connections and frees the ports. */
  readonly close: () => Promise<void>;
};

/** Starts a WeChat Pay on this machine. Rejects with a TypeError for a wrong option, or with the error of the port. */
export const startSimulator = async (options: SimulatorOptions): Promise<Simulator> => {
  const timers = options.timers ?? globalTimers;
  const accounts = await Promise.all(
    options.merchants.map((merchant) => openAccount(merchant, timers.now())),
  );
  const world = createWorld({
    timers,
    accounts,
    transmit: createTransmit({
      answerLimitMs: options.answerLimitMs ?? 5_000,
      deliverOutside: options.deliverOutside ?? false,
    }),
  });
  const holdMs = options.holdMs ?? 30_000;
  const listener: RequestListener = (request, response) => {
    serve(world, request, response, holdMs).catch((error: Error) => {
      console.error(`simulator: ${error.stack ?? error.message}`);
      response.destroy();
    });
  };
  const tls = await serverIdentity();
  const server = createServer(listener);
  const port = await listen(server, options.port);
  const tlsServer = createTlsServer(
    { cert: tls.certificate, key: tls.privateKey, requestCert: true, rejectUnauthorized: false },
    listener,
  );
  const tlsPort = await listen(tlsServer, options.tlsPort).catch(async (error: Error) => {
    await stop(server);
    throw error;
  });
  return {
    origin: `http://127.0.0.1:${port}`,
    tlsOrigin: `https://127.0.0.1:${tlsPort}`,
    certificateAuthority: tls.certificateAuthority,
    keys: new Map(accounts.map((account) => [account.mchid, keysOf(account)])),
    close: async () => {
      world.notices.stop();
      for (const desk of Object.values(world.payscore.notices)) desk.stop();
      world.alarms.stop();
      await Promise.all([stop(server), stop(tlsServer)]);
    },
  };
};

let identity: Promise<ServerIdentity> | undefined;

/** One for all simulators of this process: its keys take a while. */
const serverIdentity = (): Promise<ServerIdentity> => {
  identity ??= createServerIdentity();
  return identity;
};

const listen = async (server: Server, port = 0): Promise<number> => {
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
};

const stop = (server: Server): Promise<void> =>
  new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeAllConnections();
  });

const keysOf = (account: MerchantAccount): MerchantKeys => {
  const { publicKey, platform } = account.keys;
  const current = account.keyMode === 'certificate' ? platform : publicKey;
  return {
    wechatpaySerial: current.signing.serial,
    wechatpayPublicKey: current.publicKeyPem,
    wechatpayPrivateKey: current.privateKeyPem,
    platformSerial: platform.serial,
    platformCertificate: platform.certificatePem,
    platformPrivateKey: platform.privateKeyPem,
  };
};

/** Longer than clients keep an idle connection, so that none of them meets one that is just being closed. */
const KEEP_ALIVE_MS = 75_000;

const MAX_BODY_BYTES = 1_048_576;

const serve = async (
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  holdMs: number,
): Promise<void> => {
  const body = await readBody(request);
  if (body === undefined) {
    send(response, { status: 413, headers: { Connection: 'close' }, body: '' });
    return;
  }
  const { method = '', url: target = '' } = request;
  const outcome = target.startsWith('/_control/')
    ? await answerControl(world, { method, target, body })
    : answerCall(world, {
        method,
        target,
        headers: request.headersDistinct,
        body,
        clientCertificate: clientCertificate(request),
      });
  if (outcome === 'reset') resetConnection(request.socket);
  else if (outcome === 'hold') request.socket.setTimeout(holdMs, () => request.socket.destroy());
  else send(response, outcome);
};

/** A connection under TLS has no handle of its own that could be reset: it is cut. */
const resetConnection = (socket: Socket): void => {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
};

/** The DER of the certificate that the caller showed, and proved to own, over TLS. */
const clientCertificate = ({ socket }: IncomingMessage): Uint8Array | undefined =>
  socket instanceof TLSSocket ? socket.getPeerX509Certificate()?.raw : undefined;

const send = (response: ServerResponse, answer: Exclude<Outcome, string>): void => {
  const length: Record<string, number> =
    answer.status === 204 ? {} : { 'Content-Length': Buffer.byteLength(answer.body) };
  response.writeHead(answer.status, { ...answer.headers, ...length });
  response.end(answer.body);
};

/** The raw bytes; undefined when there are too many, or when the caller breaks off. */
const readBody = async (request: IncomingMessage): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks);
};
