import { getSignPlan } from '#app/get-subject.ts';
import { createPlan, stopPlan } from '#app/payscore/plans.ts';
import { createSignPlan, stopSignPlan } from '#app/payscore/sign-plans.ts';
import { subjectId } from '#core/record.ts';
import { stopSha256 } from '#core/subjects/plan/commands.ts';
import type { NewPlan } from '#core/subjects/plan/start.ts';
import type { NewSignPlan } from '#core/subjects/sign-plan/start.ts';
import {
  isMerchantPlanNo,
  isMerchantSignPlanNo,
  isOpenid,
  isOutOrderNo,
  isServiceId,
} from '#core/values/ids.ts';
import { secondMs } from '#core/values/time.ts';
import { valid } from '../support/order-builder.ts';
import { notifyUrlOf } from './accounts.ts';
import { type Asked, ask, askAlso, later, type PayscoreActors } from './payscore-actors.ts';
import { beginForeign } from './payscore-foreign.ts';
import {
  type PayscoreTale,
  planKeyOf,
  type SignatureTale,
  signPlanKeyOf,
} from './payscore-plan.ts';
import { createTurns } from './payscore-services.ts';

const againMs = 30 * secondMs;
const mostTries = 3;

/** Everybody who touches a plan: the merchant's client, its users, other systems. */
export function beginPayscore(actors: PayscoreActors): void {
  const { wechat, tale } = actors;
  wechat.book.letCancelWhilePaying(tale.cancelsWhilePaying);
  if (tale.kind !== 'ours') {
    later(actors, 0, () => beginForeign(actors));
  }
  if (tale.kind !== 'stray') {
    later(actors, 0, () => putPlan(actors, 1));
  }
}

function putPlan(actors: PayscoreActors, attempt: number): void {
  const { tale, nextRequestId } = actors;
  const key = planKeyOf(tale);
  const request = planRequestOf(tale);
  const asked: Asked = {
    key,
    command: 'create-plan',
    sha256: request.bodySha256,
    run: (ports) => createPlan(ports, tale.account, { ...request, requestId: nextRequestId() }),
    onAnswer: (answer) => {
      if (answer.ok) {
        launchAll(actors);
      } else if (answer.refusal.code === 'wechat_refused' && attempt < mostTries) {
        later(actors, againMs, () => putPlan(actors, attempt + 1));
      }
    },
  };
  askAlso(actors, asked, attempt === 1 ? tale.repeats : []);
}

function planRequestOf(tale: PayscoreTale): Omit<NewPlan, 'requestId'> {
  const { number, prices, lastsDays } = tale;
  const total = prices.reduce((sum, price) => sum + price, 0);
  return {
    merchant_plan_no: valid(number, isMerchantPlanNo),
    service_id: valid('500001', isServiceId),
    plan_name: 'Lessons',
    plan_duration: lastsDays,
    deduction_quantity: prices.length,
    total_original_price: total,
    total_actual_price: total,
    plan_detail_list: prices.map((price, n) => ({
      plan_detail_name: `Lesson ${n + 1}`,
      original_price: price,
      actual_price: price,
    })),
    bodySha256: `body of ${number}`,
  };
}

function launchAll(actors: PayscoreActors): void {
  const { tale } = actors;
  for (const signature of tale.signatures) {
    later(actors, signature.afterMs, () => launch(actors, signature, 1));
  }
  const number = valid(tale.number, isMerchantPlanNo);
  later(actors, tale.stopAfterMs, () =>
    ask(actors, {
      key: planKeyOf(tale),
      command: 'stop-plan',
      sha256: stopSha256,
      run: (ports) => stopPlan(ports, tale.account, number),
    }),
  );
}

function launch(actors: PayscoreActors, signature: SignatureTale, attempt: number): void {
  const { tale, ear, desk, nextRequestId } = actors;
  const key = signPlanKeyOf(tale, signature);
  const request = signPlanRequestOf(tale, signature);
  const turns = createTurns(actors, signature);
  ear.listen(subjectId(key), ({ type }) => {
    if (type === 'sign-plan.signed') {
      turns.next(0);
    }
  });
  const asked: Asked = {
    key,
    command: 'create-sign-plan',
    sha256: request.bodySha256,
    run: (ports) => createSignPlan(ports, tale.account, { ...request, requestId: nextRequestId() }),
    onAnswer: (answer) => {
      if (answer.ok && answer.value.view['package'] !== undefined) {
        showPage(actors, signature);
      }
      const isRefused = !answer.ok && answer.refusal.code === 'wechat_refused';
      if (isRefused && attempt < mostTries && tale.kind === 'ours') {
        later(actors, againMs, () => launch(actors, signature, attempt + 1));
      }
    },
  };
  askAlso(actors, asked, attempt === 1 ? signature.repeats : []);
  if (attempt > 1) {
    return;
  }
  later(actors, signature.claimAfterMs, () => desk.claim(tale.account, key, 'SIGN_PLAN'));
  later(actors, signature.stopAfterMs, () => ask(actors, stopOf(actors, signature)));
  later(actors, signature.refreshAfterMs, () => refresh(actors, signature));
}

function signPlanRequestOf(
  tale: PayscoreTale,
  { number, services }: SignatureTale,
): Omit<NewSignPlan, 'requestId'> {
  return {
    merchant_sign_plan_no: valid(number, isMerchantSignPlanNo),
    merchant_plan_no: valid(tale.number, isMerchantPlanNo),
    openid: valid('oUpF8uMuAJO', isOpenid),
    sign_plan_detail: services.map((service) => ({
      plan_detail_no: service.detailNo,
      merchant_plan_detail_no: valid(service.number, isOutOrderNo),
    })),
    notify_url: notifyUrlOf(tale.account),
    bodySha256: `body of ${number}`,
  };
}

/** The user sees the sign page, signs or not, and may end it again. */
function showPage(actors: PayscoreActors, signature: SignatureTale): void {
  const { wechat, tale } = actors;
  const { number, userCancel } = signature;
  later(actors, signature.signsAfterMs, () => {
    wechat.sign(tale.account, number);
    later(actors, userCancel?.afterMs, () =>
      wechat.userCancel(tale.account, number, userCancel?.how ?? 'USER'),
    );
  });
}

function stopOf({ tale }: PayscoreActors, signature: SignatureTale): Asked {
  const asked = {
    merchant_sign_plan_no: valid(signature.number, isMerchantSignPlanNo),
    stop_reason: 'Moved away',
    sha256: `stop of ${signature.number}`,
  };
  return {
    key: signPlanKeyOf(tale, signature),
    command: 'stop-sign-plan',
    sha256: asked.sha256,
    run: (ports) => stopSignPlan(ports, tale.account, asked),
  };
}

function refresh({ functions, tale }: PayscoreActors, signature: SignatureTale): void {
  const key = signPlanKeyOf(tale, signature);
  functions().invoke(
    'GET sign plan',
    ({ ports }) => getSignPlan(ports, { account: tale.account.name, key, refresh: true }),
    () => undefined,
  );
}
