/** How a call misbehaves. The first eight fail it, the next three spoil the signature of a good answer, the last one lags and strikes queries only. */
export const FAULT_NAMES = [
  '429',
  '500',
  'timeout',
  'reset',
  'unsigned-404',
  'return-fail',
  'SYSTEMERROR',
  'err-code',
  'unsigned-2xx',
  'bad-signature',
  'probe',
  'stale',
] as const;

export type FaultName = (typeof FAULT_NAMES)[number];

export type Fault = {
  readonly fault: FaultName;
  readonly mchid: string | undefined;
  readonly method: string | undefined;
  readonly operation: string | undefined;
  /** Matched against path and query as on the wire. */
  readonly path: RegExp | undefined;
  /** For a fault that fails the call: whether the call takes effect all the same. */
  readonly carryOut: boolean;
  /** What `err-code` answers. */
  readonly errCode?: string | undefined;
};

export type ArmedFault = Fault & { readonly id: number; remaining: number };

/** The call that a fault may strike. */
export type FaultTarget = {
  readonly mchid: string | undefined;
  readonly method: string;
  readonly operation: string;
  readonly target: string;
};

export type FaultBoard = {
  /** Strikes the next `times` matching calls; undefined when too many are armed. */
  readonly arm: (fault: Fault, times: number) => ArmedFault | undefined;
  /** The oldest matching fault, used up by one. */
  readonly take: (call: FaultTarget) => Fault | undefined;
  readonly armed: () => readonly ArmedFault[];
  readonly clear: () => void;
};

const MAX_ARMED = 100;

/** Faults strike in the order they were armed; nothing is left to chance. */
export const createFaultBoard = (): FaultBoard => {
  const faults: ArmedFault[] = [];
  let lastId = 0;
  return {
    arm: (fault, times) => {
      if (faults.length >= MAX_ARMED) return undefined;
      lastId += 1;
      const armed = { ...fault, id: lastId, remaining: times };
      faults.push(armed);
      return armed;
    },
    take: (call) => {
      const index = faults.findIndex((fault) => strikes(fault, call));
      const fault = faults[index];
      if (fault === undefined) return undefined;
      fault.remaining -= 1;
      if (fault.remaining === 0) faults.splice(index, 1);
      return fault;
    },
    armed: () => faults,
    clear: () => {
      faults.length = 0;
    },
  };
};

/** In the words of one version of the API: they spare the calls of the other. */
const V3_ONLY: readonly FaultName[] = ['429', 'unsigned-404', 'probe'];
const V2_ONLY: readonly FaultName[] = ['return-fail', 'SYSTEMERROR', 'err-code'];

const suits = ({ fault }: Fault, { operation }: FaultTarget): boolean =>
  !(operation.startsWith('v2-') ? V3_ONLY : V2_ONLY).includes(fault) &&
  (fault !== 'stale' || /^(query-|payscore-query-)|query$/.test(operation));

const strikes = (fault: Fault, call: FaultTarget): boolean =>
  suits(fault, call) &&
  (fault.mchid === undefined || fault.mchid === call.mchid) &&
  (fault.method === undefined || fault.method === call.method) &&
  (fault.operation === undefined || fault.operation === call.operation) &&
  (fault.path === undefined || fault.path.test(call.target));
