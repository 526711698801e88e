import type { SecureContext } from 'node:tls';
import {
  type AttemptAnswer,
  attempt,
  createOrigin,
  type HttpFailure,
  type HttpLimits,
  type HttpRequest,
  type HttpResponse,
  nowMs,
  type Origin,
} from '../attempt.ts';
import {
  chooseDomain,
  type Domain,
  type Domains,
  noteReport,
  type Report,
  untriedDomains,
} from './domains.ts';

/** What came back of a call. */
export type TransportAnswer =
  | HttpResponse
  | { readonly type: 'failure'; readonly failure: HttpFailure };

export type Transport = {
  /** `secureContext`: the certificate to show, for the calls that ask for one; no other call shows it. */
  send(request: HttpRequest, secureContext?: SecureContext): Promise<TransportAnswer>;
};

export type TransportOptions = {
  /** The main domain, and its backup where there is one. */
  readonly origins: readonly string[];
  readonly limits?: Partial<HttpLimits>;
};

const defaultLimits: HttpLimits = {
  connectTimeoutMs: 2_000,
  totalTimeoutMs: 8_000,
  maxBodyBytes: 65_536,
};

/**
 * A function sleeps between its invocations and does not see a connection being closed at the other end;
 * what goes out on such a one gets lost, and we do not know it. None that rested this long is used.
 */
const mostRestMs = 4_000;

type Door = { readonly domain: Domain; readonly origin: Origin };

/** Both domains as one certificate, or none, reaches them. */
type Doors = {
  readonly main: Door;
  readonly backup: Door | undefined;
  /** When one of their connections was used last. */
  usedAtMs: number;
};

/**
 * HTTP to WeChat Pay as APIv2 wants it: kept-alive connections, bounded time and size, redirects not
 * followed. A call is sent once. Only when no connection came about, so that nothing of it can have been
 * delivered, the same bytes go to the other domain at once. Which domain is asked first is decided by how
 * both have been doing in this process (`domains.ts`); a read timeout is no reason to switch.
 */
export function createTransport(options: TransportOptions): Transport {
  const limits = { ...defaultLimits, ...options.limits };
  const plain = openDoors(options.origins);
  const certified = new WeakMap<SecureContext, Doors>();
  const doorsOf = (secureContext: SecureContext | undefined): Doors => {
    if (secureContext === undefined) {
      return plain;
    }
    const doors = certified.get(secureContext) ?? openDoors(options.origins, secureContext);
    certified.set(secureContext, doors);
    return doors;
  };
  let domains: Domains = untriedDomains;
  return {
    send: async (request, secureContext) => {
      const deadline = nowMs() + limits.totalTimeoutMs;
      const doors = doorsOf(secureContext);
      closeRested(doors);
      const choice = chooseDomain(domains, nowMs());
      domains = choice.domains;
      const ask = async ({ domain, origin }: Door) => {
        const answer = await attempt(origin, request, { limits, deadline, fresh: false });
        domains = noteReport(domains, domain, reportOf(answer));
        doors.usedAtMs = nowMs();
        return answer;
      };
      const [first, second] = inOrder(doors, choice.domain);
      const answer = await ask(first);
      return second !== undefined && isUndelivered(answer) ? await ask(second) : answer;
    },
  };
}

function openDoors(origins: readonly string[], secureContext?: SecureContext): Doors {
  const [main, backup, ...more] = origins.map((origin) => createOrigin(origin, secureContext));
  if (main === undefined || more.length > 0) {
    throw new TypeError('The transport needs one origin or two.');
  }
  return {
    main: { domain: 'main', origin: main },
    backup: backup === undefined ? undefined : { domain: 'backup', origin: backup },
    usedAtMs: nowMs(),
  };
}

function inOrder({ main, backup }: Doors, first: Domain): readonly [Door, Door?] {
  if (backup === undefined) {
    return [main];
  }
  return first === 'main' ? [main, backup] : [backup, main];
}

function closeRested({ main, backup, usedAtMs }: Doors): void {
  if (nowMs() - usedAtMs < mostRestMs) {
    return;
  }
  for (const door of [main, backup]) {
    for (const sockets of Object.values(door?.origin.agent.freeSockets ?? {})) {
      for (const socket of sockets ?? []) {
        socket.destroy();
      }
    }
  }
}

function isUndelivered(answer: AttemptAnswer): boolean {
  return answer.type === 'failure' && answer.unconnected !== undefined;
}

/** Whoever answers at all is well, whatever the answer is. */
function reportOf(answer: AttemptAnswer): Report {
  return answer.type === 'response' ? 'success' : (answer.unconnected ?? 'other');
}
