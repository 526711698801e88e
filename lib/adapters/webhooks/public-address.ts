import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { WebhookRules } from '#core/values/webhook.ts';

/** All that is given out to the public (RFC 4291, section 2.4); the rest of IPv6 has no owner. */
const givenOut = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether a webhook may be reached at this IP address: only where IANA's registries of special
 * addresses (RFC 6890) have no entry, so not in our own network, nor at the address that gives away
 * a function's credentials. An IPv6 address that wraps an IPv4 one (mapped, NAT64, 6to4, Teredo) is
 * refused whatever it wraps. Text that is no IP address is refused too.
 */
export function isAllowedAddress(address: string, { allowsLoopback }: WebhookRules): boolean {
  if (isIP(address) === 0 || !ipaddr.isValid(address)) {
    return false;
  }
  const parsed = ipaddr.parse(address);
  const range = parsed.range();
  if (parsed instanceof ipaddr.IPv4) {
    return range === 'unicast' || (allowsLoopback && range === 'loopback');
  }
  return range === 'unicast' && parsed.match(givenOut);
}
