/** Says what is wrong with a notify_url (document 4012791856), or undefined. A loopback address is the simulator's one exception. */
export const notifyUrlIssue = (text: string): string | undefined => {
  if (!URL.canParse(text)) return 'not a URL';
  const url = new URL(text);
  if (text.includes('?') || text.includes('#')) return 'must have no query string and no fragment';
  if (url.username !== '' || url.password !== '') return 'must have no user name';
  if (isLoopbackHost(url.hostname)) {
    return ['http:', 'https:'].includes(url.protocol) ? undefined : 'must begin with https://';
  }
  if (url.protocol !== 'https:') return 'must begin with https://';
  return isIntranetHost(url.hostname) ? 'must be reachable from the internet' : undefined;
};

/** Names and addresses of this machine alone; expects the host as `URL` writes it. */
export const isLoopbackHost = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);

const INTRANET =
  /^(0\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|\[(f[cd]|fe[89ab]|::\]))/;

const isIntranetHost = (hostname: string): boolean =>
  INTRANET.test(hostname) || (!hostname.includes('.') && !hostname.startsWith('['));
