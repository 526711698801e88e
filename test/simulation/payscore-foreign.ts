import type { PayscoreCommand } from '#core/payscore/evidence.ts';
import { formatBeijingDigits, minuteMs, plus, secondMs, wholeSecond } from '#core/values/time.ts';
import { notifyUrlOf } from './accounts.ts';
import { later, type PayscoreActors } from './payscore-actors.ts';

/**
 * Another system of the merchant: it launches a sign plan of its own under the number of our first, for
 * another user; `stray`: the user signs it, and one lesson is given and charged.
 */
export function beginForeign(actors: PayscoreActors): void {
  const { tale, wechat, site } = actors;
  const { account } = tale;
  const [signature] = tale.signatures;
  const number = signature?.number ?? 'SP-1';
  const lesson = signature?.services[0]?.number ?? 'L-1';
  const [appid] = account.appids;
  const terms = { service_id: '500001', appid };
  const openid = 'oSomebody';
  const send = (name: PayscoreCommand['name'], of: string, body: object): void => {
    const outcome = wechat.take(account, { name, number: of, body: JSON.stringify(body) });
    if (outcome.type !== 'accepted') {
      throw new Error(`Another system's ${name} is ${JSON.stringify(outcome)}.`);
    }
  };
  send('create-plan', 'X-1', {
    ...terms,
    merchant_plan_no: 'X-1',
    plan_name: 'Of another system',
    plan_duration: 100,
    deduction_quantity: 1,
    total_original_price: 700,
    total_actual_price: 700,
    plan_detail_list: [{ original_price: 700, actual_price: 700, plan_detail_name: 'A lesson' }],
  });
  const notify_url = notifyUrlOf(account);
  const detail = tale.kind === 'stray' ? lesson : 'X-1-L-1';
  send('create-sign-plan', number, {
    ...terms,
    openid,
    plan_id: wechat.book.plan('X-1')?.plan_id,
    merchant_sign_plan_no: number,
    notify_url,
    sign_plan_detail: [{ plan_detail_no: 1, merchant_plan_detail_no: detail }],
  });
  if (tale.kind !== 'stray') {
    return;
  }
  later(actors, signature?.signsAfterMs, () => {
    wechat.sign(account, number);
    const start = plus(wholeSecond(site.agenda.now()), -minuteMs);
    send('create-service-order', detail, {
      ...terms,
      openid,
      sign_plan_id: wechat.book.signPlan(number)?.sign_plan_id,
      plan_detail_no: 1,
      notify_url,
      service_introduction: 'A lesson',
      time_range: {
        start_time: formatBeijingDigits(start),
        end_time: formatBeijingDigits(plus(start, 10 * secondMs)),
      },
      out_trade_no: detail,
    });
    later(actors, 3 * secondMs, () =>
      send('complete', detail, {
        ...terms,
        post_payments: [{ name: 'A lesson', amount: 700 }],
        total_amount: 700,
      }),
    );
  });
}
