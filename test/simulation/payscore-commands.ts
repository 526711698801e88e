import type { Shown } from '#app/payscore/plans.ts';
import type { CommandName, PayscoreCommand } from '#core/payscore/evidence.ts';
import { isEnded, isPending, readEnded, readPending } from '#core/payscore/pending.ts';
import { type StoredRecord, type SubjectKey, subjectId } from '#core/record.ts';
import { parseObject } from '#core/values/json.ts';
import { secondMs } from '#core/values/time.ts';
import { nameOf, type PayscoreTelling, type PayscoreTold } from './payscore-told.ts';
import { serviceOrderIn } from './records.ts';
import { skewAllowanceMs, type Watching } from './told.ts';

/** A command is written before it is sent, sent as it was written, and ends as WeChat told. */
export type CommandPromises = {
  onRecord(after: StoredRecord, before: StoredRecord | undefined): void;
  onCommand(key: SubjectKey, command: PayscoreCommand): void;
  onAcknowledged(
    key: SubjectKey,
    asked: { readonly command: CommandName; readonly sha256: string },
    shown: Shown,
  ): void;
};

type Pending = NonNullable<ReturnType<typeof pendingOf>>;

/** Whoever began to look before a command was over may still send it within a function's time. */
const functionMs = 30 * secondMs;

/** Words that show a command done; any answer that names the subject shows its creation. */
const doneWords: Readonly<Partial<Record<CommandName, RegExp>>> = {
  'stop-plan': /^STOP$/,
  'stop-sign-plan': /^SIGN_PLAN_CANCEL$/,
  complete: /MCH_COMPLETE|^DONE/,
  cancel: /^REVOKED$/,
  modify: /MCH_COMPLETE|^DONE/,
  sync: /^DONE/,
  pay: /^DONE USER_PAID$/,
};
/** Words after which a command can never be done. */
const overWords = /^(?:DONE|REVOKED|EXPIRE|COMPLETE|SIGN_PLAN_CANCEL)/;
/** A completion with another total stands there. */
const otherWords = /MCH_COMPLETE|^DONE|^REVOKED/;
const notedIn: Readonly<Partial<Record<CommandName, readonly string[]>>> = {
  'stop-plan': ['NORMAL'],
  'stop-sign-plan': ['UNSIGNED', 'SIGNED'],
  complete: ['DOING'],
  cancel: ['DOING', 'COMPLETED'],
  modify: ['COMPLETED'],
  sync: ['COMPLETED'],
  pay: ['COMPLETED'],
};
const notMade: ReadonlySet<string> = new Set(['CREATED', 'REFUSED', 'UNSIGNED']);
const stopped: ReadonlySet<string> = new Set(['STOP', 'SIGN_PLAN_CANCEL']);

export function createCommandPromises(
  { site, wechat, table }: Watching,
  telling: PayscoreTelling,
): CommandPromises {
  const graceMs = functionMs + skewAllowanceMs(site);

  function checkNoted(after: StoredRecord, before: StoredRecord | undefined, noted: Pending): void {
    const id = subjectId(after.key);
    const { name, body } = noted;
    telling.of(after.key).noted.set(nameOf(noted), {});
    const statuses = notedIn[name];
    if (statuses?.includes(before?.status ?? '') === false) {
      site.report(`${id}: ${name} was noted on ${before?.status}`);
    }
    const price = after.key.kind === 'service-order' ? serviceOrderIn(after).priceFen : undefined;
    if (price !== undefined && (totalIn(body) ?? 0) > price) {
      site.report(`${id}: ${name} asks for more than the ${price} fen that were signed`);
    }
  }

  function checkEnded(after: StoredRecord, over: Pending): void {
    const id = subjectId(after.key);
    const ended = endedOf(after);
    const told = telling.of(after.key);
    if (ended?.sha256 !== over.sha256 || ended.name !== over.name) {
      site.report(`${id} forgot its ${over.name}, and nobody is told how it ended`);
      return;
    }
    const { outcome, code } = ended;
    told.noted.set(nameOf(over), { endedAt: site.agenda.now() });
    told.ends.set(ended.sha256, (told.ends.get(ended.sha256) ?? new Set()).add(outcome));
    site.mark(`${over.name} ${outcome}`);
    if (outcome === 'done' && !isDone(after, over, told)) {
      site.report(`${id}: ${over.name} passes for done, and no query was told so`);
    }
    if (outcome === 'refused') {
      const isTold = after.outbox.some(
        (entry) => entry.type === 'event' && entry.event === `${after.key.kind}.refused`,
      );
      if (!isTold || !isRefused(over, code, told)) {
        site.report(`${id}: ${over.name} passes for refused (${code}), and WeChat did not say so`);
      }
    }
  }

  function isDone({ status, data }: StoredRecord, over: Pending, told: PayscoreTold): boolean {
    const { name, body } = over;
    const words = doneWords[name] ?? /./;
    const isShown = [...told.words].some((word) => words.test(word));
    const total = totalIn(body);
    switch (name) {
      case 'create-sign-plan':
        return isShown && (status !== 'UNSIGNED' || data['package'] !== undefined);
      case 'complete':
      case 'modify':
        return isShown && total !== undefined && told.totals.has(total);
      case 'pay':
        return isShown || told.accepted.has(nameOf(over));
      default:
        return isShown;
    }
  }

  function isRefused(over: Pending, code: string | undefined, told: PayscoreTold): boolean {
    const words = over.name === 'complete' ? otherWords : overWords;
    const isOver = [...told.words].some((word) => words.test(word));
    return told.refused.has(nameOf(over)) || code === 'NUMBER_USED' || (code === 'STATE' && isOver);
  }

  /** The services of one signature run one after another. */
  function checkTurn(key: SubjectKey): void {
    const { book } = wechat().payscore;
    const record = table().peek(key);
    const signPlan = record && book.signPlan(serviceOrderIn(record).merchant_sign_plan_no ?? '');
    if (book.serviceOrder(key.number) !== undefined || signPlan === undefined) {
      return;
    }
    const position = signPlan.details.findIndex(
      ({ merchant_plan_detail_no }) => merchant_plan_detail_no === key.number,
    );
    const isEarly = signPlan.details
      .slice(0, position)
      .some(({ state }) => state === 'NOT_USED' || state === 'USING');
    if (isEarly) {
      site.report(`${subjectId(key)} is asked for before the ones before it are over`);
    }
  }

  return {
    onRecord: (after, before) => {
      const [is, was] = [pendingOf(after), before && pendingOf(before)];
      const isSame = was !== undefined && is?.at === was.at && nameOf(is) === nameOf(was);
      if (is !== undefined && was !== undefined && !isSame) {
        site.report(`${subjectId(after.key)} forgot its ${was.name} for another command`);
      }
      if (was !== undefined && is === undefined) {
        checkEnded(after, was);
      }
      if (is !== undefined && was === undefined) {
        checkNoted(after, before, is);
      }
    },
    onCommand: (key, command) => {
      const id = subjectId(key);
      const noted = telling.of(key).noted.get(nameOf(command));
      if (noted === undefined) {
        site.report(`${id}: this ${command.name} was sent, and never stood in its record`);
      }
      if (noted?.endedAt !== undefined && site.agenda.now() > noted.endedAt + graceMs) {
        site.report(`${id}: ${command.name} was sent again after it was over`);
      }
      if (command.name === 'create-service-order') {
        checkTurn(key);
      }
    },
    onAcknowledged: (key, { command, sha256 }, { waits, view }) => {
      const id = subjectId(key);
      const { ends, words } = telling.of(key);
      const record = table().peek(key);
      const status = String(view['status']);
      const wasRefused = status === 'UNSIGNED' && ends.get(sha256)?.has('refused') === true;
      const isFound = key.kind === 'service-order' && status === 'CREATED' && words.size > 0;
      // Stopped before; or a creation that was called refused, and was found all the same.
      const isOver = command.startsWith('stop-')
        ? stopped.has(status)
        : command.startsWith('create-') && (!notMade.has(status) || isFound);
      const isPending = record !== undefined && pendingOf(record)?.sha256 === sha256;
      if (!isOver && !isPending && !ends.has(sha256)) {
        site.report(`${id}: ${command} was acknowledged, and never stood in its record`);
      }
      if (!waits && !isOver && !wasRefused && ends.get(sha256)?.has('done') !== true) {
        site.report(`${id}: ${command} was answered as done, and is not`);
      }
      if (!waits && !wasRefused && status === 'UNSIGNED' && view['package'] === undefined) {
        site.report(`${id} can be signed, and its client has nothing to open the page with`);
      }
    },
  };
}

export function pendingOf({ data }: StoredRecord) {
  const { pending } = data;
  return pending !== undefined && isPending(pending) ? readPending(pending) : undefined;
}

function endedOf({ data }: StoredRecord) {
  const { ended } = data;
  return isEnded(ended) ? readEnded(ended) : undefined;
}

function totalIn(body: string): number | undefined {
  const read = parseObject(body);
  const total = read.ok ? read.value['total_amount'] : undefined;
  return typeof total === 'number' ? total : undefined;
}
