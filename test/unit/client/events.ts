import { type EventType, type MerchantEvent, readEvent } from '../../../client/src/index.ts';

type Parts = {
  readonly number?: string;
  readonly n?: number;
  readonly sequence?: number;
  readonly data?: object;
};

const order = { status: 'PAID', amount: { total: 8800, currency: 'CNY' } };
const payment = { transaction_id: '4200002026112100000000000001', paid_total: 8800 };
const refund = {
  out_trade_no: 'A-1001',
  status: 'SUCCESS',
  transaction_id: '4200002026112100000000000001',
  amount: { refund: 800, total: 8800, currency: 'CNY' },
  origin: 'request',
  refund_id: '50000000382019052709732678859',
};

const usualData: Readonly<Partial<Record<EventType, object>>> = {
  'order.paid': { ...order, ...payment },
  'order.closed': { ...order, status: 'CLOSED', reason: 'expired' },
  'order.review': { ...order, status: 'REVIEW', reason: 'amount' },
  'order.paid_late': { ...order, ...payment, late: true },
  'order.duplicate': { ...order, ...payment },
  'order.unmatched': { status: 'UNMATCHED', ...payment },
  'refund.succeeded': refund,
  'refund.abnormal': { ...refund, status: 'ABNORMAL' },
  'refund.closed': { ...refund, status: 'CLOSED' },
};

/** The text of an event as the back end sends it. */
export function eventText(type: string, parts: Parts = {}): string {
  const [kind = ''] = type.split('.');
  const isRefund = kind === 'refund';
  const { number = isRefund ? 'R-1001' : 'A-1001', n = 1, sequence = 2, data } = parts;
  const subject = `${kind}#1900000001#${number}`;
  const usual = Object.entries(usualData).find(([known]) => known === type)?.[1];
  return JSON.stringify({
    specversion: '1.0',
    id: `${subject}/${type}/${n}`,
    source: '/accounts/shop',
    type,
    subject,
    time: '2026-11-21T04:00:21.042Z',
    datacontenttype: 'application/json',
    sequence: String(sequence).padStart(10, '0'),
    data: {
      mchid: '1900000001',
      [isRefund ? 'out_refund_no' : 'out_trade_no']: number,
      ...usual,
      ...data,
    },
  });
}

export function eventOf(
  type: EventType | 'order.frozen' | 'plan.signed',
  parts?: Parts,
): MerchantEvent {
  return readEvent(eventText(type, parts));
}

/** Every order in which some things can happen. */
export function permutationsOf<T>(things: readonly T[]): readonly (readonly T[])[] {
  if (things.length === 0) {
    return [[]];
  }
  return things.flatMap((first, index) =>
    permutationsOf(things.toSpliced(index, 1)).map((rest) => [first, ...rest]),
  );
}
