import { isCount, isListOf, isShape, isText, isWord, optional, type Word } from './check.ts';

export type RefundStatus = Word<
  'CREATED' | 'PROCESSING' | 'SUCCESS' | 'CLOSED' | 'ABNORMAL' | 'REFUSED'
>;

/** One change of a record; `because` is the kind of hint that led to it. */
export type HistoryRow = {
  readonly at: string;
  readonly from: string;
  readonly to: string;
  readonly because: string;
  /** What WeChat said. */
  readonly evidence?: string;
};

/** A refund in the list of its order or service order. */
export type ListedRefund = {
  readonly out_refund_no: string;
  readonly amount: { readonly refund: number; readonly currency: string };
  readonly status: RefundStatus;
};

export const isHistory = isListOf(
  isShape<HistoryRow>({
    at: isText,
    from: isText,
    to: isText,
    because: isText,
    evidence: optional(isText),
  }),
);

export const isListedRefund = isShape<ListedRefund>({
  out_refund_no: isText,
  amount: isShape({ refund: isCount, currency: isText }),
  status: isWord,
});
