import type { LoopPorts } from '#app/confirm.ts';
import type { CreateOrderPorts } from '#app/create-order.ts';
import type { ReceiveNoticePorts } from '#app/receive-notice.ts';
import type { SweepPorts } from '#app/sweep.ts';
import type { PayscoreGateway } from '#core/payscore/ports.ts';
import type { RefundGateway } from '#core/ports.ts';

/** What the jobs of the app are given here: every port of every function. */
export type SimulationPorts = LoopPorts &
  CreateOrderPorts &
  ReceiveNoticePorts &
  SweepPorts & {
    /** What the kind of a refund was made of. */
    readonly refundGateway: RefundGateway;
    /** What the kinds of PayScore were made of. */
    readonly payscoreGateway: PayscoreGateway;
  };
