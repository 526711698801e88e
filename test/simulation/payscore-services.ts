import { createRefund } from '#app/create-refund.ts';
import { getServiceOrder } from '#app/get-subject.ts';
import { commandServiceOrder, createServiceOrder } from '#app/payscore/service-orders.ts';
import type { MerchantEvent } from '#core/events.ts';
import { type SubjectKey, subjectId } from '#core/record.ts';
import type { NewRefund } from '#core/subjects/refund/start.ts';
import type { ServiceOrderRequest } from '#core/subjects/service-order/commands.ts';
import type { NewServiceOrder } from '#core/subjects/service-order/start.ts';
import { isMerchantSignPlanNo, isOutOrderNo, isOutRefundNo } from '#core/values/ids.ts';
import { isFen } from '#core/values/money.ts';
import { type Instant, latest, minuteMs, plus, secondMs, wholeSecond } from '#core/values/time.ts';
import { valid } from '../support/order-builder.ts';
import { notifyUrlOf } from './accounts.ts';
import { type Asked, ask, askAlso, later, type PayscoreActors } from './payscore-actors.ts';
import {
  type PushTale,
  type ServiceTale,
  type SignatureTale,
  serviceKeyOf,
} from './payscore-plan.ts';

/** The services of one signature, one after another. */
export type Turns = { next(position: number): void };

const againMs = 20 * secondMs;
const mostTries = 3;
const outOfTurn: ReadonlySet<string> = new Set(['service_order_running', 'detail_too_early']);

/** The body of a PUT, the same in each of its requests. */
type Said = Omit<NewServiceOrder, 'requestId'>;

type Course = {
  readonly actors: PayscoreActors;
  readonly signature: SignatureTale;
  readonly service: ServiceTale;
  readonly key: SubjectKey;
  /** Its turn is over. */
  readonly onOver: () => void;
  /** The one after it is asked for while this one runs. */
  readonly onRunning: () => void;
  request?: Said;
  creations: number;
  completions: number;
  totalFen: number;
};

export function createTurns(actors: PayscoreActors, signature: SignatureTale): Turns {
  const begun = new Set<number>();
  const courseOf = (position: number): Course | undefined => {
    const service = signature.services[position];
    return (
      service && {
        actors,
        signature,
        service,
        key: serviceKeyOf(actors.tale, service),
        onOver: () => next(position + 1),
        onRunning: () => {
          const after = courseOf(position + 1);
          if (after?.service.isEager === true) {
            ask(actors, { ...creationOf(after), onAnswer: () => undefined });
          }
        },
        creations: 0,
        completions: 0,
        totalFen: service.end?.totalFen ?? service.priceFen,
      }
    );
  };
  const next = (position: number): void => {
    const course = courseOf(position);
    if (course !== undefined && !begun.has(position)) {
      begun.add(position);
      later(actors, course.service.afterMs, () => begin(course));
    }
  };
  return { next };
}

function begin(course: Course): void {
  const { actors, service, key } = course;
  const { wechat, ear, desk, tale } = actors;
  wechat.foresee(key, service.fate);
  ear.listen(subjectId(key), (event) => hear(course, event));
  put(course, service.repeats);
  later(actors, service.claimPaidAfterMs, () => desk.claim(tale.account, key, 'PAID'));
  later(actors, service.refreshAfterMs, () => refresh(course));
}

function put(course: Course, repeats: readonly number[]): void {
  course.creations += 1;
  askAlso(course.actors, creationOf(course), repeats);
}

function creationOf(course: Course): Asked {
  const { actors, key } = course;
  const { site, tale } = actors;
  const request = requestOf(course);
  return {
    key,
    command: 'create-service-order',
    sha256: request.bodySha256,
    run: (ports) =>
      (site.planted?.createServiceOrder ?? createServiceOrder)(ports, tale.account, {
        ...request,
        requestId: actors.nextRequestId(),
      }),
    onAnswer: (answer) => {
      if (!answer.ok && outOfTurn.has(answer.refusal.code)) {
        site.report(`${key.number} is refused (${answer.refusal.code}), and its turn has come`);
      }
    },
  };
}

function requestOf(course: Course): Said {
  const { actors, service, signature } = course;
  const startAt = plus(wholeSecond(actors.site.agenda.now()), -minuteMs);
  const request: Said = course.request ?? {
    out_order_no: valid(service.number, isOutOrderNo),
    merchant_sign_plan_no: valid(signature.number, isMerchantSignPlanNo),
    service_introduction: 'A lesson',
    timeRange: { startAt, ...(service.namesEnd && { endAt: plus(startAt, 30 * secondMs) }) },
    notify_url: notifyUrlOf(actors.tale.account),
    bodySha256: `body of ${service.number} from ${startAt}`,
  };
  course.request = request;
  return request;
}

function hear(course: Course, { type, data }: MerchantEvent): void {
  const { actors, service } = course;
  switch (type) {
    case 'service-order.doing':
      later(actors, service.end?.afterMs, () => end(course));
      course.onRunning();
      return;
    case 'service-order.completed':
      if (data['status'] === 'COMPLETED') {
        for (const push of service.pushes) {
          later(actors, push.afterMs, () => askPush(course, push));
        }
        return;
      }
      course.onOver();
      return;
    case 'service-order.refused':
      tryAgain(course, data);
      return;
    case 'service-order.paid':
      later(actors, service.refundAfterMs, () => refund(course));
      course.onOver();
      return;
    case 'service-order.review':
      later(actors, service.refundAfterMs, () => refund(course));
      course.onOver();
      return;
    default:
      course.onOver();
  }
}

/** What WeChat refused is asked for once more, with what may have been wrong set right. */
function tryAgain(course: Course, { status, last_command }: MerchantEvent['data']): void {
  const name = JSON.stringify(last_command);
  if (status === 'REFUSED' && course.creations < mostTries) {
    later(course.actors, againMs, () => put(course, []));
  } else if (name.includes('"complete"') && course.completions < mostTries) {
    later(course.actors, againMs, () => complete(course, course.totalFen, []));
  }
}

function end(course: Course): void {
  const { actors, service } = course;
  const { end: tale } = service;
  if (tale === undefined) {
    return;
  }
  const repeats = tale.again === 'same' ? [tale.againAfterMs] : [];
  if (tale.name === 'cancel') {
    askAlso(actors, commandOf(course, { name: 'cancel', reason: 'Ill' }), repeats);
  } else {
    complete(course, tale.totalFen, repeats);
  }
  if (tale.again === 'other') {
    later(actors, tale.againAfterMs, () => complete(course, Math.floor(tale.totalFen / 3), []));
  }
  if (tale.again === 'cancel') {
    const cancel = commandOf(course, { name: 'cancel', reason: 'Ill after all' });
    later(actors, tale.againAfterMs, () => ask(actors, cancel));
  }
}

function complete(course: Course, totalFen: number, repeats: readonly number[]): void {
  const { actors, service } = course;
  course.completions += 1;
  course.totalFen = totalFen;
  const startAt = requestOf(course).timeRange.startAt;
  const agoMs = service.end?.endedAgoMs ?? minuteMs;
  const endedAt = wholeSecond(plus(actors.site.agenda.now(), -agoMs));
  const endAt = latest(endedAt, plus(startAt, secondMs));
  const request: ServiceOrderRequest = {
    name: 'complete',
    post_payments: [{ name: 'Lesson', amount: totalFen }],
    total_amount: totalFen,
    ...(!service.namesEnd && { timeRange: { endAt } }),
  };
  askAlso(actors, commandOf(course, request, `${totalFen} ${endAt}`), repeats);
}

function askPush(course: Course, { name }: PushTale): void {
  const { actors } = course;
  const now = actors.site.agenda.now();
  ask(actors, commandOf(course, pushOf(course, name, now), `${now}`));
}

function pushOf(course: Course, name: PushTale['name'], now: Instant): ServiceOrderRequest {
  switch (name) {
    case 'pay':
      return { name };
    case 'cancel':
      return { name, reason: 'As a courtesy' };
    case 'sync':
      return { name, paidAt: wholeSecond(now) };
    case 'modify': {
      course.totalFen = Math.floor(course.totalFen / 2);
      const { totalFen } = course;
      const post_payments = [{ name: 'Lesson', amount: totalFen }];
      return { name, post_payments, total_amount: totalFen, reason: 'As a courtesy' };
    }
  }
}

function commandOf({ actors, key }: Course, request: ServiceOrderRequest, said = ''): Asked {
  const { site, tale } = actors;
  const sha256 = `${request.name} of ${key.number} ${said}`;
  const asked = { out_order_no: valid(key.number, isOutOrderNo), request, sha256 };
  return {
    key,
    command: request.name,
    sha256,
    run: (ports) =>
      (site.planted?.commandServiceOrder ?? commandServiceOrder)(ports, tale.account, asked),
  };
}

function refund(course: Course, round = 0): void {
  const { actors, key, totalFen } = course;
  const { functions, tale, site, onRefundAnswered } = actors;
  const out_refund_no = valid(`R-${key.number}`, isOutRefundNo);
  const refundFen = valid(Math.ceil(totalFen / 2), isFen);
  const request: NewRefund = {
    out_refund_no,
    of: { out_order_no: valid(key.number, isOutOrderNo) },
    refundFen,
    reason: 'Too short',
    notify_url: notifyUrlOf(tale.account),
    bodySha256: `body of ${out_refund_no}`,
  };
  functions().invoke(
    'PUT refund',
    ({ ports }) => createRefund(ports, tale.account, request),
    (ended) => {
      if (ended.type === 'value' && ended.value.ok) {
        onRefundAnswered({ ...key, kind: 'refund', number: out_refund_no }, request);
      } else if (round < mostTries) {
        site.agenda.after(againMs, () => refund(course, round + 1));
      }
    },
  );
}

function refresh({ actors, key }: Course): void {
  const account = actors.tale.account.name;
  actors.functions().invoke(
    'GET service order',
    ({ ports }) => getServiceOrder(ports, { account, key, refresh: true }),
    () => undefined,
  );
}
