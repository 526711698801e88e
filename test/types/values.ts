import type { Account } from '#core/account.ts';
import { fail, ok, type Result } from '#core/result.ts';
import type { AccountName, Appid, Mchid, Openid, OutTradeNo } from '#core/values/ids.ts';
import { fieldsOf, isText, type JsonObject, oneOf } from '#core/values/json.ts';
import { type Fen, fenToYuan, yuanToFen } from '#core/values/money.ts';
import { formatBeijing, type Instant, minuteMs, plus } from '#core/values/time.ts';

/** Programs that must not compile: each expected error is a mistake that the types catch. */
export function mixUpNumbers(mchid: Mchid, outTradeNo: OutTradeNo, openid: Openid): void {
  // @ts-expect-error A text is not a number of an order before it was checked.
  const unchecked: OutTradeNo = 'A-1001-20261121';
  // @ts-expect-error An mchid is not a number of an order.
  const swapped: OutTradeNo = mchid;
  // @ts-expect-error Nor the other way round.
  const back: Mchid = outTradeNo;
  // @ts-expect-error A payer is not an app.
  const app: Appid = openid;
  use(unchecked, swapped, back, app);
}

export function mixUpMoneyAndTime(amountFen: Fen, now: Instant): void {
  // @ts-expect-error A number is not an amount before it was checked.
  const unchecked: Fen = 8_800;
  // @ts-expect-error A number of milliseconds is not a moment.
  const today: Instant = 1_795_233_600_000;
  // @ts-expect-error A sum of money is a number again: check it.
  const sum: Fen = amountFen + amountFen;
  // @ts-expect-error A moment plus a duration is made by plus().
  const later: Instant = now + minuteMs;
  // @ts-expect-error Money is no moment.
  plus(amountFen, minuteMs);
  // @ts-expect-error A moment is no money.
  fenToYuan(now);
  // @ts-expect-error A text of yuan may be malformed: look at the result first.
  fenToYuan(yuanToFen('88.00'));
  // @ts-expect-error A Date is not a moment.
  formatBeijing(new Date());
  use(unchecked, today, sum, later);
}

export function readWithoutLooking(result: Result<Fen, 'not-fen'>): void {
  // @ts-expect-error The value is there only when the result is ok.
  use(result.value);
  // @ts-expect-error The error is there only when it is not.
  use(result.error);
  // @ts-expect-error The error of a result is one of its own codes.
  const other: Result<Fen, 'not-fen'> = fail('not-yuan');
  // @ts-expect-error The value of a result is of its own type.
  const text: Result<Fen> = ok('8800');
  use(other, text);
}

export function changeWhatIsGiven(account: Account, data: JsonObject): void {
  // @ts-expect-error Data is read-only.
  data['amountFen'] = 1;
  // @ts-expect-error An account is read-only.
  account.latePolicy = 'fulfil';
  // @ts-expect-error So are its appids.
  account.appids.push(account.appids[0]);
  // @ts-expect-error An account has at least one appid.
  const none: Account['appids'] = [];
  // @ts-expect-error A late payment is held or fulfilled.
  const policy: Account['latePolicy'] = 'ignore';
  // @ts-expect-error The name of an account was checked.
  const name: AccountName = 'shop';
  use(none, policy, name);
}

export function readFields(source: unknown): void {
  const fields = fieldsOf(source);
  // @ts-expect-error An optional field may be absent.
  const says: string = fields.optional('says', isText);
  // @ts-expect-error A check passes its own words alone.
  const colour: 'blue' = fields.required('colour', oneOf(['red', 'green']));
  // @ts-expect-error A check is a type guard, not any predicate.
  fields.required('name', (value: unknown) => String(value) !== '');
  use(says, colour);
}

function use(...values: readonly unknown[]): void {
  if (values.length === 0) {
    throw new Error('Nothing to use.');
  }
}
