import type { Account, PayscoreService } from '../account.ts';
import type { Appid, ServiceId } from '../values/ids.ts';

/** The account's service of this id; undefined where WeChat opened none, as far as its secret says. */
export function serviceOf(
  { services }: Pick<Account, 'services'>,
  service_id: ServiceId,
): PayscoreService | undefined {
  return services?.find(({ id }) => id === service_id);
}

/** The appid that was asked for if it is one of the account's, the first where none was. */
export function appidOf({ appids }: Account, asked: Appid | undefined): Appid | undefined {
  return asked === undefined ? appids[0] : appids.find((appid) => appid === asked);
}

export function sumOf(amounts: readonly number[]): number {
  return amounts.reduce((sum, amount) => sum + amount, 0);
}
