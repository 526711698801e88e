import { receiveNotice } from '#app/receive-notice.ts';
import type { Account } from '#core/account.ts';
import type { Notice, RawNotice } from '#core/notices.ts';
import { type SubjectKey, subjectId } from '#core/record.ts';
import type { JsonObject } from '#core/values/json.ts';
import { hourMs, type Instant, minuteMs, secondMs } from '#core/values/time.ts';
import type { WorldRefund } from '../support/world-refunds.ts';
import type { Functions } from './functions.ts';
import type { Site } from './site.ts';
import { orderKeyOf, type Trade } from './trade.ts';

/** WeChat's side of the callback. */
export type NoticeDesk = {
  /** A payment is told until it is acknowledged, at most 15 times. */
  begin(trade: Trade): void;
  /** And so is what became of a refund that gave an address for it. */
  beginRefund(account: Account, refund: WorldRefund): void;
  /** A signature, its end, or a paid service is told, too. */
  beginPayscore(account: Account, key: SubjectKey, says: PayscoreWord): void;
  /** One verified notice that claims a payment, a refund or what PayScore tells, true or not, sent once. */
  claim(account: Account, key: SubjectKey, says?: PayscoreWord): void;
  /** One verified notice of a kind that nobody handles. */
  sendUnhandled(): void;
  /** Subjects of which WeChat told, and when it was last acknowledged. */
  readonly acknowledged: ReadonlyMap<string, Instant>;
};

export type NoticeDeskOptions = {
  readonly site: Site;
  readonly functions: () => Functions;
  /** Where WeChat keeps what it signed. */
  readonly signed: Map<RawNotice, Notice>;
  /** How many hints about this subject were put into the queue. */
  readonly hintsAbout: (key: SubjectKey) => number;
};

type Letter = {
  readonly account: Account;
  readonly key: SubjectKey;
  readonly event_type: string;
  readonly resource: JsonObject;
  readonly pausesMs: readonly number[];
};

/** What PayScore tells of a sign plan or a service order. */
export type PayscoreWord = 'SIGN_PLAN' | 'CANCEL_SIGN_PLAN' | 'PAID';

/** When WeChat sends again what was not acknowledged (4012791861). */
const pausesMs = [
  15 * secondMs,
  15 * secondMs,
  30 * secondMs,
  ...[3, 10, 20, 30, 30, 30, 60].map((minutes) => minutes * minuteMs),
  ...[3, 3, 3, 6, 6].map((hours) => hours * hourMs),
];

/** And what is about a signature (4012286193): each minute, eleven times in all. */
const signPausesMs = Array.from({ length: 10 }, () => minuteMs);

export function createNoticeDesk(options: NoticeDeskOptions): NoticeDesk {
  const { site, functions, signed, hintsAbout } = options;
  const { agenda, choices, weather } = site;
  const acknowledged = new Map<string, Instant>();
  let sent = 0;

  const sign = ({ event_type, resource }: Letter): RawNotice => {
    sent += 1;
    const raw: RawNotice = { headers: {}, body: new Uint8Array() };
    signed.set(raw, { id: `N-${sent}`, event_type, createdAt: agenda.now(), resource });
    return raw;
  };
  const deliver = (letter: Letter, onEnd: (isAcknowledged: boolean) => void): void => {
    const { account, key } = letter;
    const raw = sign(letter);
    const before = hintsAbout(key);
    functions().invoke(
      'notify',
      ({ ports }) => (site.planted?.receiveNotice ?? receiveNotice)(ports, account.name, raw),
      (ended) => {
        const isAccepted = ended.type === 'value' && ended.value.ok;
        site.tell?.(
          () => `WeChat: the notice about ${key.number} was ${isAccepted ? 'accepted' : 'refused'}`,
        );
        if (isAccepted && hintsAbout(key) === before) {
          site.report(
            `a notice about ${key.number} was acknowledged without its hint in the queue (I6)`,
          );
        }
        onEnd(isAccepted && !choices.chance(weather.rates().noticeAnswerLost));
      },
    );
  };
  const attempt = (letter: Letter, round: number): void => {
    const onEnd = (isAcknowledged: boolean): void => {
      const pauseMs = letter.pausesMs[round];
      if (isAcknowledged) {
        acknowledged.set(subjectId(letter.key), agenda.now());
      } else if (pauseMs !== undefined) {
        agenda.after(pauseMs, () => attempt(letter, round + 1));
      }
    };
    if (choices.chance(weather.rates().noticeLost)) {
      onEnd(false);
      return;
    }
    deliver(letter, onEnd);
    if (choices.chance(weather.rates().noticeDoubled)) {
      deliver(letter, () => undefined);
    }
  };
  const begin = (letter: Letter): void => {
    if (!choices.chance(weather.rates().noticesNever)) {
      agenda.after(choices.pick([secondMs, 60]), () => attempt(letter, 0));
    }
  };
  return {
    acknowledged,
    begin: (trade) => begin(letterAbout(trade.account, orderKeyOf(trade), 'SUCCESS')),
    beginRefund: (account, { request, state }) => {
      const { out_refund_no: number, notify_url } = request;
      if (notify_url !== undefined) {
        begin(letterAbout(account, { kind: 'refund', mchid: account.mchid, number }, state));
      }
    },
    beginPayscore: (account, key, says) => begin(payscoreLetter(account, key, says)),
    claim: (account, key, says) =>
      deliver(
        says === undefined
          ? letterAbout(account, key, 'SUCCESS')
          : payscoreLetter(account, key, says),
        () => undefined,
      ),
    sendUnhandled: () => {
      const [account] = site.accounts;
      const key: SubjectKey = { kind: 'notice', mchid: account.mchid, number: `N-${sent + 1}` };
      const event_type = 'PAYSCORE.USER_OPEN_SERVICE';
      const resource = { mchid: account.mchid };
      deliver({ account, key, event_type, resource, pausesMs }, () => undefined);
    },
  };
}

function letterAbout(account: Account, key: SubjectKey, says: string): Letter {
  const { mchid } = account;
  return key.kind === 'refund'
    ? {
        account,
        key,
        event_type: `REFUND.${says}`,
        resource: { mchid, out_refund_no: key.number, refund_status: says },
        pausesMs,
      }
    : {
        account,
        key,
        event_type: 'TRANSACTION.SUCCESS',
        resource: { mchid, out_trade_no: key.number, trade_state: says },
        pausesMs,
      };
}

/** The states inside have been seen to contradict the name: nobody may read them. */
function payscoreLetter(account: Account, key: SubjectKey, says: PayscoreWord): Letter {
  const { mchid } = account;
  const event_type = `PAYSCORE.USER_${says}`;
  return says === 'PAID'
    ? {
        account,
        key,
        event_type,
        resource: { mchid, out_order_no: key.number, state: 'DOING' },
        pausesMs,
      }
    : {
        account,
        key,
        event_type,
        resource: { mchid, merchant_sign_plan_no: key.number, sign_state: 'UNSIGNED' },
        pausesMs: signPausesMs,
      };
}
