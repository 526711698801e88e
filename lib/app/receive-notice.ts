import type { Account } from '#core/account.ts';
import { messageOf, type Notice, type NoticeProblem, type RawNotice } from '#core/notices.ts';
import type { Accounts, Clock, HintQueue, NoticeReader } from '#core/ports.ts';
import { subjectId } from '#core/record.ts';
import { fail, ok, type Result } from '#core/result.ts';
import type { Telemetry } from '#core/telemetry.ts';
import type { AccountName } from '#core/values/ids.ts';

export type ReceiveNoticePorts = {
  readonly accounts: Accounts;
  readonly reader: NoticeReader;
  readonly hints: HintQueue;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
};

/**
 * Takes a callback: verified over its raw bytes, opened, turned into a hint, and durably queued before
 * this returns ok; only then may WeChat be told so, since it never sends again what was acknowledged
 * (4012791861). Fails with the reason of the refusal; ends in the ports' `AppError`s when the hint could
 * not be queued or the account not be read.
 */
export async function receiveNotice(
  ports: ReceiveNoticePorts,
  name: AccountName,
  raw: RawNotice,
): Promise<Result<void, NoticeProblem | 'account_unknown'>> {
  const account = await ports.accounts.get(name);
  if (account === undefined) {
    return refuse(ports, name, 'account_unknown');
  }
  const read = await readWithFreshKeys(ports, account, raw);
  if (!read.ok) {
    return refuse(ports, name, read.error);
  }
  const message = messageOf(read.value, account);
  if (!message.ok) {
    return refuse(ports, name, message.error);
  }
  await ports.hints.send(message.value);
  ports.telemetry.count('notice_accepted', message.value.type);
  ports.telemetry.log('info', 'notice accepted', {
    account: name,
    subject: subjectId(message.value.subject),
  });
  return ok(undefined);
}

/** A serial that we do not know may be a key that was just added to the account's secret. */
async function readWithFreshKeys(
  ports: ReceiveNoticePorts,
  account: Account,
  raw: RawNotice,
): Promise<Result<Notice, NoticeProblem>> {
  const first = ports.reader.read(account, raw, ports.clock.now());
  if (first.ok || first.error !== 'unknown_serial') {
    return first;
  }
  const fresh = await ports.accounts.refresh(account.name);
  return fresh === undefined || fresh === account
    ? first
    : ports.reader.read(fresh, raw, ports.clock.now());
}

function refuse(
  ports: ReceiveNoticePorts,
  name: AccountName,
  reason: NoticeProblem | 'account_unknown',
): Result<never, NoticeProblem | 'account_unknown'> {
  ports.telemetry.count(reason === 'probe' ? 'notice_probe' : 'notice_refused', reason);
  ports.telemetry.log('warn', 'notice refused', { account: name, reason });
  return fail(reason);
}
