import { dayMs, hourMs, type Instant, minuteMs, plus, secondMs } from '#core/values/time.ts';
import type { Agenda } from './agenda.ts';
import type { Choices } from './choices.ts';

/** How often what goes wrong, in 1024 tries: in a light and in a heavy weather; in most it never does. */
const rates = {
  /** An operation of a function: it dies there, before or after. */
  crash: [10, 80],
  /** An operation of the table: refused; no answer, done or not; done, but a repeat met its own write. */
  storeFail: [20, 120],
  storeUnknown: [20, 120],
  storeLost: [20, 120],
  /** A send: refused; taken, but reported as refused. */
  sendFail: [20, 150],
  sendUnknown: [20, 150],
  /** An operation takes up to 20 s, so that others act meanwhile. */
  stall: [40, 200],
  /** A message in a queue: gone; handed out twice; handed out hours late. */
  messageLost: [20, 200],
  messageDoubled: [50, 300],
  messageLate: [30, 200],
  /** WeChat's notices of one payment: none ever comes. Then one of them: lost, doubled, its answer lost. */
  noticesNever: [150, 600],
  noticeLost: [200, 1024],
  noticeDoubled: [100, 500],
  noticeAnswerLost: [100, 500],
  /** The answer of our API to its client. */
  answerLost: [50, 300],
  /** A call to WeChat: no usable answer (timeout, 5xx, 429, bad signature), whether it acted or not. */
  wechatUnknown: [30, 250],
  wechatFault: [20, 100],
  /** A query: an unsigned "there is none"; an answer of some seconds ago. */
  queryNotFound: [20, 120],
  queryStale: [60, 400],
  /** A close, or a reversal: refused for nothing. */
  closeRefused: [60, 300],
  /** A placing, the charge of a code, or a reversal reaches WeChat after its function died. */
  callLate: [60, 300],
  /** A placing, or the charge of a code: refused for certain. */
  placingRefused: [60, 300],
  /** The charge of a code: refused, and yet paid some time later. */
  chargeMisreported: [60, 300],
  /** A reversal: to be called again, done or not; of a paid order, refused for good. */
  reversalRecalled: [150, 700],
  reversalRefused: [60, 500],
  /** A refund: refused for certain; refused, and yet taken then or later; taken after its function died. */
  applyRefused: [60, 300],
  applyMisreported: [60, 300],
  applyLate: [60, 300],
  /** The payer pays just before a close of ours arrives, or just after a query of ours. */
  payerRaces: [100, 600],
  /** A payment under way ends up to eight minutes after the close. */
  landsAfterClose: [150, 600],
  /** A run of the sweep: does not happen; happens twice at once. */
  sweepLost: [100, 500],
  sweepDoubled: [100, 500],
} as const;

export type Rate = keyof typeof rates;
export type Rates = Readonly<Record<Rate, number>>;

export type Weather = {
  /** In 1024; nothing goes wrong any more once the weather is calm. */
  rates(): Rates;
  isOut(what: Outage): boolean;
  /** From then on everything works. */
  readonly calmAt: Instant;
  readonly hasIndexLag: boolean;
  /** How far the clock of a new worker is off, drawn each time. */
  skewMs(): number;
  readonly isSkewed: boolean;
  /** Payers wait for the close, and functions are slow. */
  readonly isRace: boolean;
};

/** `balance`: the merchant has no money to refund from. */
export type Outage = 'wechat' | 'store' | 'hints' | 'timers' | 'events' | 'balance';
const outages: readonly Outage[] = ['wechat', 'store', 'hints', 'timers', 'events', 'balance'];

/** What is heavy at once where late payments and slow functions race each other; half the time unheard. */
const racing: ReadonlySet<Rate> = new Set(['stall', 'landsAfterClose', 'sendFail']);

const names = Object.keys(rates).filter((name): name is Rate => name in rates);
const calm = Object.fromEntries(names.map((name) => [name, 0])) as Record<Rate, number>;

/** Draws what can go wrong in this schedule, and when it ends. */
export function createWeather(choices: Choices, agenda: Agenda): Weather {
  const startsAt = agenda.now();
  const drawn = { ...calm };
  const kind = choices.draw(16);
  const isFoul = kind > 1;
  const isRace = kind >= 14;
  for (const name of isFoul ? names : []) {
    const level = !isRace ? choices.draw(8) : racing.has(name) ? 7 : 0;
    if (level >= 6) {
      drawn[name] = rates[name][level - 6] ?? 0;
    }
  }
  if (kind === 15) {
    drawn.noticesNever = 1024;
  }
  const windows = outages.flatMap((what) => {
    const isPlanned = isFoul && choices.draw(16) === 15;
    return isPlanned ? [windowOf(what, choices, startsAt)] : [];
  });
  const calmAt = plus(startsAt, choices.pick([40 * minuteMs, 10 * minuteMs, 3 * hourMs, dayMs]));
  const isSkewed = isFoul && choices.draw(4) === 3;
  const hasIndexLag = isFoul && choices.draw(4) === 3;
  return {
    calmAt,
    isRace,
    isSkewed,
    hasIndexLag,
    rates: () => (agenda.now() < calmAt ? drawn : calm),
    isOut: (what) => {
      const now = agenda.now();
      return (
        now < calmAt &&
        windows.some((window) => window.what === what && now >= window.from && now < window.until)
      );
    },
    skewMs: () => (isSkewed ? choices.pick([0, -2, 2, -9, 9, -25, 25]) * secondMs : 0),
  };
}

function windowOf(
  what: Outage,
  choices: Choices,
  startsAt: Instant,
): { readonly what: Outage; readonly from: Instant; readonly until: Instant } {
  const from = plus(startsAt, choices.draw(20) * minuteMs);
  const lengthMs = choices.pick([2 * minuteMs, 20 * minuteMs, hourMs, 5 * hourMs]);
  return { what, from, until: plus(from, lengthMs) };
}
