import { createHash } from 'node:crypto';
import type { JsonObject } from '../../../local/json.ts';
import { type FastStack, tea } from './fast-stack.ts';

/** In [0, 1) by what is decided, not by who comes first: the same seed plans the same. */
type Chance = (what: string) => number;

export function chanceOf(seed: number): Chance {
  return (what) => createHash('sha256').update(`${seed} ${what}`).digest().readUInt32BE() / 2 ** 32;
}

/** What becomes of an order, with the share of the orders; the rest is simply paid. */
const fates = [
  { fate: 'notice lost', share: 0.15 },
  { fate: 'notice tripled', share: 0.15 },
  { fate: 'never paid', share: 0.2 },
  { fate: 'paid as it expires', share: 0.05 },
  { fate: 'paid while it is closed', share: 0.05 },
  { fate: 'chain lost', share: 0.04 },
] as const;
type Fate = (typeof fates)[number]['fate'] | 'paid';

export function fateOf(number: string, chance: Chance): Fate {
  let rest = chance(`fate of ${number}`);
  for (const { fate, share } of fates) {
    if (rest < share) {
      return fate;
    }
    rest -= share;
  }
  return 'paid';
}

/** Nothing is closed earlier than five minutes after its placing. */
const shortLifeMs = 270_000;
const payWithinMs = 120_000;
const repeatAfterMs = 2_000;

/** The payer does what is to become of the order that the merchant placed. */
export async function payAsFated(
  fast: FastStack,
  number: string,
  order: JsonObject,
  chance: Chance,
): Promise<void> {
  const fate = fateOf(number, chance);
  const when = chance(`time of ${number}`);
  switch (fate) {
    case 'paid':
    case 'notice lost':
    case 'notice tripled':
      await pause(when * payWithinMs);
      return pay(fast, number, noticeOf(fate));
    case 'paid as it expires':
      await pause(Date.parse(String(order['time_expire'])) - Date.now() - 20_000 - when * 30_000);
      return pay(fast, number, 'normal');
    case 'paid while it is closed':
      return ask(fast, 'pay-during-close', { out_trade_no: number, force: true });
    case 'chain lost':
      return when < 0.5 ? pay(fast, number, 'lost') : undefined;
    case 'never paid':
      return;
  }
}

/** The merchant repeats its PUT until it is answered: the order, or undefined when its time is over. */
export async function placeAsFated(
  { stack }: FastStack,
  number: string,
  chance: Chance,
): Promise<JsonObject | undefined> {
  const fate = fateOf(number, chance);
  let order: JsonObject = fate === 'paid' || fate.startsWith('notice') ? tea : shortLived();
  for (;;) {
    const { status, text } = await stack.putOrder(number, order);
    if (status < 300) {
      return order;
    }
    if (status === 409) {
      return undefined;
    }
    if (status === 400) {
      // The machine was so slow that nothing was written: another order, with time left.
      order = shortLived();
    } else if (status < 500) {
      throw new Error(`${number} was answered ${status}: ${text}`);
    }
    await pause(repeatAfterMs);
  }
}

function shortLived(): JsonObject {
  const time_expire = new Date(Date.now() + shortLifeMs).toISOString();
  return { ...tea, time_expire };
}

function noticeOf(fate: Fate): string {
  return fate === 'paid' ? 'normal' : fate.replace('notice ', '');
}

function pay(fast: FastStack, out_trade_no: string, notice: string): Promise<void> {
  return ask(fast, 'pay', { out_trade_no, notice });
}

/** A payer who is too late is refused; that is his fate then. */
async function ask({ stack }: FastStack, what: string, body: JsonObject): Promise<void> {
  const { status, text } = await stack.control(what, body);
  if (status !== 200 && status !== 409) {
    throw new Error(`${what} was answered ${status}: ${text}`);
  }
}

/** In the stack's time. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
