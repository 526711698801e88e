import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GateCall } from '../../../local/gate.ts';
import type { JsonObject } from '../../../local/json.ts';
import { type Blow, startKills } from '../../../local/kills.ts';
import { isAbout, isClear, isCommit, isCreation, isReversalNote, isSentTo } from './calls.ts';
import { chargesOf, codeOrder, endOf, type Payer, wasCharged } from './code-orders.ts';
import type { FastStack } from './fast-stack.ts';

type Strikes = (call: GateCall) => boolean;
type Step = { readonly when: string } & (
  | { readonly blow: Blow; readonly strikes: Strikes }
  /** Dies while it waits for the answer of a charge that WeChat carries out. */
  | { readonly blow: 'while it waits' }
);
type Case = Step & {
  /** Whether the function dies that places the order, or one that reverses it. */
  readonly during: 'placing' | 'reversing';
  readonly payer: Payer;
  /** `just then`: between the last query and the death. */
  readonly confirms: 'never' | 'later' | 'just then' | 'as it is reversed';
  readonly end: 'PAID' | 'CLOSED';
  /** How often its code is sent to WeChat. */
  readonly charges: 0 | 1;
};

export type KillsOfCodes = {
  /** Kills them all, each at its step. */
  readonly strike: () => Promise<void>;
  /** What became of their orders. */
  readonly run: () => void;
};

/**
 * Functions die while they charge a code and while they take it back: the payer has paid and it is announced,
 * or it is reversed and closed. `running` sees the stack as the account `name`.
 */
export function killsOfCodes(name: string, running: () => FastStack): KillsOfCodes {
  const cases = casesOf(
    (call) => isSentTo(call, running().stack.dev.queues.timers),
    (call) => isSentTo(call, running().stack.dev.queues.events),
  );
  const numbers = new Map<Case, string>();
  const during = (when: Case['during']): readonly Case[] =>
    cases.filter((one) => one.during === when);

  /** The first number for which the case came about: on a slow machine not every one. */
  function tried<T>(one: Case, attempt: (number: string) => Promise<T | undefined>): Promise<T> {
    let times = 0;
    return running().until(`${one.when} comes about`, async () => {
      times += 1;
      const number = `KILL-${name}-${cases.indexOf(one)}-${times}`;
      const made = await attempt(number);
      if (made !== undefined) {
        numbers.set(one, number);
      }
      return made;
    });
  }

  return {
    strike: async () => {
      // All placed before the first function dies, for whoever starts anew is slow to charge.
      const doomed: Watch[] = [];
      for (const one of during('reversing')) {
        doomed.push(await tried(one, (number) => placeDoomed(running(), number, one)));
      }
      for (const one of during('placing')) {
        await tried(one, (number) => dieAtTill(running(), number, one));
      }
      for (const { isStruck, end } of doomed) {
        await running().until('it is struck', isStruck);
        end();
      }
    },
    run: () => {
      describe(`a code payment of account ${name} whose function is killed`, () => {
        for (const one of cases) {
          const { when, payer, confirms, end, charges } = one;
          const by = payer === 'has to confirm' ? `, ${payer}, confirms ${confirms}` : '';
          it(`${when}${by}: ends ${end}, said once`, async () => {
            const fast = running();
            const number = numbers.get(one) ?? assert.fail('it was not struck');
            assert.equal((await endOf(fast, number))['status'], end);
            assert.equal(await chargesOf(fast, number), charges);
            const there = await fast.atWechat(number);
            assert.equal(there === undefined, charges === 0);
          });
        }
      });
    },
  };
}

function casesOf(isWake: Strikes, isEvent: Strikes): readonly Case[] {
  const placing = { during: 'placing', payer: 'is charged at once', confirms: 'never' } as const;
  const uncharged = { ...placing, end: 'CLOSED', charges: 0 } as const;
  const charged = { ...placing, end: 'PAID', charges: 1 } as const;
  const asked = { payer: 'has to confirm', end: 'CLOSED', charges: 1 } as const;
  const waits = { when: 'between the charge and its answer', blow: 'while it waits' } as const;
  const never = { ...asked, during: 'reversing', confirms: 'never' } as const;
  const notes = {
    when: 'before its reversal is noted',
    blow: 'before',
    strikes: isReversalNote,
  } as const;
  const noted = {
    when: 'once its reversal is noted',
    blow: 'after',
    strikes: isReversalNote,
  } as const;
  const reversed = {
    when: 'between its reversal and its commit',
    blow: 'before',
    strikes: isEnd,
  } as const;
  return [
    { ...charged, when: 'before its record is written', blow: 'before', strikes: isCreation },
    { ...uncharged, when: 'once its record stands', blow: 'after', strikes: isCreation },
    { ...uncharged, when: 'before its first wake is sent', blow: 'before', strikes: isWake },
    { ...uncharged, when: 'once its first wake is sent', blow: 'after', strikes: isWake },
    { ...charged, ...waits },
    { ...asked, ...waits, during: 'placing', confirms: 'never' },
    { ...asked, ...waits, during: 'placing', confirms: 'later', end: 'PAID' },
    { ...charged, when: 'between the answer and its look', blow: 'before', strikes: isLook },
    { ...charged, when: 'between its look and its commit', blow: 'before', strikes: isCommit },
    { ...charged, when: 'once its commit stands', blow: 'after', strikes: isCommit },
    { ...charged, when: 'before order.paid is sent', blow: 'before', strikes: isEvent },
    { ...charged, when: 'before what it owed is cleared', blow: 'before', strikes: isClear },
    { ...never, ...notes },
    { ...never, ...notes, confirms: 'just then', end: 'PAID' },
    { ...never, ...noted },
    { ...never, ...noted, confirms: 'just then' },
    { ...never, ...reversed },
    { ...never, ...reversed, confirms: 'as it is reversed' },
    { ...never, when: 'once its end is committed', blow: 'after', strikes: isEnd },
    { ...never, when: 'before order.closed is sent', blow: 'before', strikes: isEvent },
    { ...never, when: 'once order.closed is sent', blow: 'after', strikes: isEvent },
  ];
}

const isLook: Strikes = ({ action }) => action === 'GetItem';
const isEnd: Strikes = (call) => isCommit(call) && !isReversalNote(call);

type Watch = {
  readonly isStruck: () => boolean;
  /** That made the last call about the order. */
  readonly environment: () => string;
  readonly end: () => void;
};

/** Has the first function die that makes such a call about the order. */
function watch(fast: FastStack, number: string, one: Case): Watch {
  const { dynamodb, sqs } = fast.stack.gates;
  let environment = '';
  // Not the count of the kills: the blow at a neighbour in the same batch may be faster, and kill it too.
  let isStruck = false;
  const kills = startKills(fast.stack, [dynamodb, sqs], async (call) => {
    if (!isAbout(call, number)) {
      return undefined;
    }
    environment = call.environment ?? environment;
    const isItsTurn = (call.caller === 'api') === (one.during === 'placing');
    if (one.blow === 'while it waits' || isStruck || !isItsTurn || !one.strikes(call)) {
      return undefined;
    }
    isStruck = true;
    if (one.confirms === 'just then') {
      await fast.pay(number);
    }
    return one.blow;
  });
  return { isStruck: () => isStruck, environment: () => environment, end: kills.end };
}

/** A code payment that waits for its password, and dies as it is reversed; undefined when it was not charged. */
async function placeDoomed(fast: FastStack, number: string, one: Case): Promise<Watch | undefined> {
  const { stack } = fast;
  const watched = watch(fast, number, one);
  const placed = await stack.putOrder(number, codeOrder(one.payer));
  assert.ok(placed.status < 300, placed.text);
  if (!(await wasCharged(fast, number))) {
    watched.end();
    return undefined;
  }
  if (one.confirms === 'as it is reversed') {
    const wish = await stack.control('pay-during-close', { out_trade_no: number });
    assert.equal(wish.status, 200, wish.text);
  }
  return watched;
}

/** A placing that dies and is repeated; undefined when the machine was too slow for the case. */
async function dieAtTill(
  fast: FastStack,
  number: string,
  one: Case,
): Promise<'struck' | undefined> {
  const order = codeOrder(one.payer);
  const { isStruck, environment, end } = watch(fast, number, one);
  const isCutOff =
    one.blow === 'while it waits'
      ? await dieWaiting(fast, number, order, environment)
      : await putAndDie(fast, number, order, isStruck);
  end();
  return isCutOff && (await goOn(fast, number, one, order)) ? 'struck' : undefined;
}

async function putAndDie(
  { stack, until }: FastStack,
  number: string,
  order: JsonObject,
  isStruck: () => boolean,
): Promise<boolean> {
  const { status, text } = await stack.putOrder(number, order);
  assert.ok(status < 300 || status === 500, text);
  return status === 500 && (await until(`${number} is struck`, isStruck));
}

/** The charge is carried out and never answered; its function dies as soon as WeChat has it. */
async function dieWaiting(
  fast: FastStack,
  number: string,
  order: JsonObject,
  environment: () => string,
): Promise<boolean> {
  const { stack, until } = fast;
  const { mchid } = stack.dev.account;
  const fault = { fault: 'timeout', carry_out: true, operation: 'v2-micropay', times: 1, mchid };
  assert.equal((await stack.control('faults', fault)).status, 200);
  let isAnswered = false;
  const placing = stack.putOrder(number, order).then(({ status }) => {
    isAnswered = true;
    return status;
  });
  await until('WeChat has it', async () => isAnswered || (await wasCharged(fast, number)));
  const killed = isAnswered ? 0 : await stack.kill('api', environment());
  const status = await placing;
  const isCutOff = killed > 0 && status === 500;
  if (!isCutOff) {
    await stack.control('faults/clear', {});
  }
  return isCutOff;
}

/** Long before it is to be reversed, so that no look that began before still decides then. */
const inTimeMs = 20_000;

/** The payer may confirm, and the till repeats its PUT; false when the machine was too slow for the case. */
async function goOn(
  fast: FastStack,
  number: string,
  { confirms, charges }: Case,
  order: JsonObject,
): Promise<boolean> {
  let isInTime = true;
  if (confirms === 'later') {
    const { closeAt } = await fast.recordOf(number);
    const { status } = await fast.stack.control('pay', { out_trade_no: number });
    isInTime = status === 200 && Date.now() < Number(closeAt) - inTimeMs;
  }
  const again = await fast.stack.putOrder(number, order);
  assert.ok(again.status < 300, again.text);
  return isInTime && (await wasCharged(fast, number)) === charges > 0;
}
