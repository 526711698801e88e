import type { PayscoreGateway } from '#core/payscore/ports.ts';
import type { RefundGateway } from '#core/ports.ts';
import type { Kind } from '#core/record.ts';
import { noticeKind } from './notice-kind.ts';
import { createOrderKind, type OrderKindPorts } from './order-kind.ts';
import { createPlanKind } from './plan-kind.ts';
import { createRefundKind } from './refund-kind.ts';
import { createServiceOrderKind } from './service-order-kind.ts';
import { createSignPlanKind } from './sign-plan-kind.ts';
import type { SubjectKind } from './subject-kind.ts';

export type KindPorts = OrderKindPorts & {
  readonly refundGateway: RefundGateway;
  readonly payscoreGateway: PayscoreGateway;
};

/** Every kind of subject that the one loop knows. */
export function createKinds(ports: KindPorts): Readonly<Record<Kind, SubjectKind>> {
  const { refundGateway, payscoreGateway } = ports;
  return {
    order: createOrderKind(ports),
    refund: createRefundKind(refundGateway),
    plan: createPlanKind(payscoreGateway),
    'sign-plan': createSignPlanKind(payscoreGateway),
    'service-order': createServiceOrderKind(payscoreGateway),
    notice: noticeKind,
  };
}
