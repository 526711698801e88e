/** Who is asking: a tenant, with what it may do, perhaps narrowed to some of its accounts. */
export type Principal = {
  readonly tenant: string;
  readonly scopes: ReadonlySet<string>;
  readonly accounts?: readonly string[];
};

export type Scope =
  | 'orders:read'
  | 'orders:write'
  | 'orders:resolve'
  | 'payscore:read'
  | 'payscore:write'
  | 'refunds:read'
  | 'refunds:write';

/** Whether the principal may see an account at all; if not, it must look as if there were none. */
export function maySee(
  principal: Principal,
  account: { readonly name: string; readonly tenant: string },
): boolean {
  const isNarrowedAway = principal.accounts?.includes(account.name) === false;
  return principal.tenant === account.tenant && !isNarrowedAway;
}
