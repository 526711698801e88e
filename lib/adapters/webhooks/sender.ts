import { type LookupAddress, lookup as lookupName } from 'node:dns';
import { type ClientRequest, Agent as HttpAgent, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
// Sockets live in real time: a replaced global clock must not shorten these waits.
import { clearTimeout, setTimeout } from 'node:timers';
import { TLSSocket } from 'node:tls';
import type { DeliveryOutcome, DeliveryProblem, WebhookSender } from '#core/deliveries.ts';
import { fail, ok, type Result } from '#core/result.ts';
import { isWebhookUrl, type WebhookRules } from '#core/values/webhook.ts';
import { isAllowedAddress } from './public-address.ts';
import { type SignedHeaders, signedHeaders } from './signature.ts';

/** Finds all addresses of a name. */
export type Lookup = (
  name: string,
  answer: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void;

export type WebhookSenderOptions = WebhookRules & {
  /** Name, connection, TLS and answer together. */
  readonly timeoutMs: number;
  readonly userAgent: string;
  /** The machine's own when absent. */
  readonly lookup?: Lookup;
};

/** The head of an answer; only its status is looked at. */
const maxHeaderBytes = 16_384;
/**
 * Of the addresses of a name, one that is silent for this long loses its turn. Node's own 250 ms give
 * up whoever is an ocean away.
 */
const addressTimeoutMs = 1_000;

/**
 * Posts events to the endpoints of merchants. An endpoint is not trusted with where we connect, nor
 * with our time and memory:
 * - A name is looked up once, by the connection itself. Each address found must be public, and one of
 *   these is connected to; so a name that stands for another address a moment later changes nothing.
 *   A host that is an address is checked as well.
 * - Redirects are not followed, TLS is verified, proxies of the environment are not used.
 * - All of it ends after `timeoutMs`. Once the status is there the connection is destroyed: the body
 *   of the answer is not read.
 * - An outcome names a reason and a status and nothing that was sent or received.
 */
export function createWebhookSender(options: WebhookSenderOptions): WebhookSender {
  const agents = createAgents();
  return {
    send: async (webhook, delivery, now) => {
      const url = readUrl(webhook.url, options);
      if (!url.ok) {
        return failed(url.error);
      }
      const signed = signedHeaders(webhook.keys, delivery, now);
      if (!signed.ok) {
        return failed(signed.error);
      }
      const headers = headersOf(signed.value, delivery.body, options.userAgent);
      return await post({ url: url.value, headers, body: delivery.body }, agents, options);
    },
  };
}

/** Why there was no status. */
type Failure = Exclude<DeliveryProblem, 'status'>;

type Agents = { readonly https: HttpsAgent; readonly http: HttpAgent };

type Post = {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: string;
};

function createAgents(): Agents {
  const settings = {
    keepAlive: false,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: addressTimeoutMs,
  };
  return {
    // Without kept sessions each connection verifies the certificate anew.
    https: new HttpsAgent({ ...settings, rejectUnauthorized: true, maxCachedSessions: 0 }),
    http: new HttpAgent(settings),
  };
}

function readUrl(text: string, rules: WebhookRules): Result<URL, Failure> {
  const url = isWebhookUrl(text, rules) ? URL.parse(text) : null;
  if (url === null) {
    return fail('url_refused');
  }
  // The URL's parser has turned each way to write an address into one (`127.1`, `0x7f.1`, `2130706433`).
  const host = hostOf(url);
  const isRefused = isIP(host) !== 0 && !isAllowedAddress(host, rules);
  return isRefused ? fail('address_refused') : ok(url);
}

/** Literal IPv6 addresses stand in brackets in a URL, not in a host name. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

function headersOf(signed: SignedHeaders, body: string, userAgent: string): Post['headers'] {
  return {
    // The media type of a CloudEvent is unknown to many frameworks, which then give no body at all.
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'user-agent': userAgent,
    ...signed,
  };
}

/** One request; always answers, latest when the time is over. */
function post(
  request: Post,
  agents: Agents,
  options: WebhookSenderOptions,
): Promise<DeliveryOutcome> {
  return new Promise((resolve) => {
    let lookupProblem: Failure | undefined;
    const lookup = checkedLookup(options, (problem) => {
      lookupProblem = problem;
    });
    const outgoing = open(request, agents, lookup);
    const settle = (outcome: DeliveryOutcome) => {
      clearTimeout(timer);
      resolve(outcome);
      outgoing.destroy();
    };
    const timer = setTimeout(() => settle(failed('timeout')), options.timeoutMs);
    outgoing.on('error', (error) => settle(failed(lookupProblem ?? problemOf(error, outgoing))));
    // An answer that is no answer, such as an unasked protocol switch, only closes the request.
    outgoing.on('close', () => settle(failed('network')));
    outgoing.on('response', ({ statusCode = 0 }) => settle(outcomeOf(statusCode)));
    outgoing.end(request.body);
  });
}

function open({ url, headers }: Post, agents: Agents, lookup: LookupFunction): ClientRequest {
  const isHttps = url.protocol === 'https:';
  const send = isHttps ? requestHttps : requestHttp;
  return send({
    protocol: url.protocol,
    hostname: hostOf(url),
    port: url.port,
    method: 'POST',
    path: `${url.pathname}${url.search}`,
    headers,
    lookup,
    agent: isHttps ? agents.https : agents.http,
    maxHeaderSize: maxHeaderBytes,
  });
}

/** The connection takes its addresses from here only, so it can reach none that was not checked. */
function checkedLookup(
  options: WebhookSenderOptions,
  onProblem: (problem: Failure) => void,
): LookupFunction {
  const { lookup = lookupAll } = options;
  return (name, _options, answer) => {
    lookup(name, (error, addresses) => {
      const problem = error === null ? problemWith(addresses, options) : 'name_unknown';
      if (problem !== undefined) {
        onProblem(problem);
        answer(new Error(problem), []);
        return;
      }
      answer(null, [...addresses]);
    });
  };
}

function lookupAll(...[name, answer]: Parameters<Lookup>): void {
  lookupName(name, { all: true }, answer);
}

/** One address that is not public is one too many: it shows where somebody wants us to go. */
function problemWith(
  addresses: readonly LookupAddress[],
  rules: WebhookRules,
): Failure | undefined {
  if (addresses.length === 0) {
    return 'name_unknown';
  }
  const areAllowed = addresses.every(({ address }) => isAllowedAddress(address, rules));
  return areAllowed ? undefined : 'address_refused';
}

function problemOf(error: Error, { socket }: ClientRequest): Failure {
  const isUntrusted = socket instanceof TLSSocket && Boolean(socket.authorizationError);
  const code = 'code' in error ? String(error.code) : '';
  return isUntrusted || /^(?:ERR_SSL_|ERR_TLS_|EPROTO$)/.test(code) ? 'tls' : 'network';
}

function outcomeOf(status: number): DeliveryOutcome {
  return status >= 200 && status < 300
    ? { type: 'delivered' }
    : { type: 'failed', reason: 'status', status };
}

function failed(reason: Failure): DeliveryOutcome {
  return { type: 'failed', reason };
}
