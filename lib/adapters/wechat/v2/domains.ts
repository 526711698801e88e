/** The nearest access point, and the one in another city (4012075113). */
export type Domain = 'main' | 'backup';

/** How a try at a domain ended, as far as it says something about the domain. */
export type Report = 'success' | 'connect-timeout' | 'dns' | 'other';

type Health = {
  readonly connectTimeouts: number;
  readonly dnsFailures: number;
  readonly otherFailures: number;
  /** In a row, counted up to two. */
  readonly successes: number;
};

/** How both domains have been doing in this process. */
export type Domains = Readonly<Record<Domain, Health>> & {
  /** When the main domain had turned bad and the backup took over, on a clock of the caller's. */
  readonly switchedAtMs: number | undefined;
};

const unused: Health = { connectTimeouts: 0, dnsFailures: 0, otherFailures: 0, successes: 0 };

const mostOfAKind = 2;
const successesToTrust = 2;
const switchForMs = 180_000;

export const untriedDomains: Domains = { main: unused, backup: unused, switchedAtMs: undefined };

/**
 * Which domain to ask first; the rules are those of the official SDK's simple domain switch. The main one
 * while it is good. Once it is bad the backup for 3 minutes, unless that is bad too and no better; then
 * both start anew. Answers the domain and what to remember.
 */
export function chooseDomain(
  domains: Domains,
  nowMs: number,
): { readonly domain: Domain; readonly domains: Domains } {
  const { main, backup, switchedAtMs } = domains;
  if (isGood(main)) {
    return { domain: 'main', domains: { ...domains, switchedAtMs: undefined } };
  }
  if (switchedAtMs === undefined) {
    return { domain: 'backup', domains: { ...domains, switchedAtMs: nowMs } };
  }
  if (nowMs - switchedAtMs >= switchForMs) {
    return { domain: 'main', domains: untriedDomains };
  }
  const isBackupBetter = isGood(backup) || badnessOf(backup) < badnessOf(main);
  return { domain: isBackupBetter ? 'backup' : 'main', domains };
}

/**
 * Notes how a try ended. Two successes in a row, and the next one forgets all failures; any failure starts
 * the row anew. A read timeout is an `other`, which by itself makes no domain bad.
 */
export function noteReport(domains: Domains, domain: Domain, report: Report): Domains {
  return { ...domains, [domain]: healthAfter(domains[domain], report) };
}

function healthAfter(health: Health, report: Report): Health {
  const failed = { ...health, successes: 0 };
  switch (report) {
    case 'success':
      return health.successes < successesToTrust
        ? { ...health, successes: health.successes + 1 }
        : { ...unused, successes: health.successes };
    case 'connect-timeout':
      return { ...failed, connectTimeouts: health.connectTimeouts + 1 };
    case 'dns':
      return { ...failed, dnsFailures: health.dnsFailures + 1 };
    case 'other':
      return { ...failed, otherFailures: health.otherFailures + 1 };
  }
}

function isGood({ connectTimeouts, dnsFailures }: Health): boolean {
  return connectTimeouts <= mostOfAKind && dnsFailures <= mostOfAKind;
}

function badnessOf({ connectTimeouts, dnsFailures, otherFailures }: Health): number {
  return connectTimeouts + 5 * dnsFailures + otherFailures / 4;
}
