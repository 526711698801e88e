import { receiveNotice } from '#app/receive-notice.ts';
import type { Notice, RawNotice } from '#core/notices.ts';
import { hourMs, minuteMs, secondMs } from '#core/values/time.ts';
import type { Functions } from './functions.ts';
import type { Site } from './site.ts';
import type { Trade } from './wechat.ts';

/** WeChat's side of the callback. */
export type NoticeDesk = {
  /** A payment is told until it is acknowledged, at most 15 times. */
  begin(trade: Trade): void;
  /** One verified notice that claims a payment, true or not, sent once. */
  claim(number: string): void;
  /** One verified notice of a kind that nobody handles. */
  sendUnhandled(): void;
  /** Numbers whose payment was acknowledged to WeChat. */
  readonly acknowledged: ReadonlySet<string>;
};

export type NoticeDeskOptions = {
  readonly site: Site;
  readonly functions: () => Functions;
  /** Where WeChat keeps what it signed. */
  readonly signed: Map<RawNotice, Notice>;
  /** How many hints about this number were put into the queue. */
  readonly hintsAbout: (number: string) => number;
};

/** When WeChat sends again what was not acknowledged (4012791861). */
const pausesMs = [
  15 * secondMs,
  15 * secondMs,
  30 * secondMs,
  ...[3, 10, 20, 30, 30, 30, 60].map((minutes) => minutes * minuteMs),
  ...[3, 3, 3, 6, 6].map((hours) => hours * hourMs),
];

export function createNoticeDesk(options: NoticeDeskOptions): NoticeDesk {
  const { site, functions, signed, hintsAbout } = options;
  const { agenda, choices, weather, account } = site;
  const acknowledged = new Set<string>();
  let sent = 0;

  const sign = (event_type: string, number: string): RawNotice => {
    sent += 1;
    const raw: RawNotice = { headers: {}, body: new Uint8Array() };
    signed.set(raw, {
      id: `N-${sent}`,
      event_type,
      createdAt: agenda.now(),
      resource: { mchid: account.mchid, out_trade_no: number, trade_state: 'SUCCESS' },
    });
    return raw;
  };
  const deliver = (
    number: string,
    raw: RawNotice,
    onEnd: (isAcknowledged: boolean) => void,
  ): void => {
    const before = hintsAbout(number);
    functions().invoke(
      'notify',
      ({ ports }) => (site.planted?.receiveNotice ?? receiveNotice)(ports, account.name, raw),
      (ended) => {
        const isAccepted = ended.type === 'value' && ended.value.ok;
        site.tell?.(
          () => `WeChat: the notice about ${number} was ${isAccepted ? 'accepted' : 'refused'}`,
        );
        if (isAccepted && hintsAbout(number) === before) {
          site.report(
            `a notice about ${number} was acknowledged without its hint in the queue (I6)`,
          );
        }
        onEnd(isAccepted && !choices.chance(weather.rates().noticeAnswerLost));
      },
    );
  };
  const attempt = (number: string, round: number): void => {
    const onEnd = (isAcknowledged: boolean): void => {
      const pauseMs = pausesMs[round];
      if (isAcknowledged) {
        acknowledged.add(number);
      } else if (pauseMs !== undefined) {
        agenda.after(pauseMs, () => attempt(number, round + 1));
      }
    };
    if (choices.chance(weather.rates().noticeLost)) {
      onEnd(false);
      return;
    }
    deliver(number, sign('TRANSACTION.SUCCESS', number), onEnd);
    if (choices.chance(weather.rates().noticeDoubled)) {
      deliver(number, sign('TRANSACTION.SUCCESS', number), () => undefined);
    }
  };
  return {
    acknowledged,
    begin: (trade) => {
      if (choices.chance(weather.rates().noticesNever)) {
        return;
      }
      agenda.after(choices.pick([secondMs, 60]), () => attempt(trade.number, 0));
    },
    claim: (number) => deliver(number, sign('TRANSACTION.SUCCESS', number), () => undefined),
    sendUnhandled: () => {
      const raw = sign('REFUND.SUCCESS', 'A-0001');
      deliver(`N-${sent}`, raw, () => undefined);
    },
  };
}
