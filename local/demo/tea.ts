/** What is ordered in every scene. */
export const tea = {
  trade_type: 'NATIVE',
  description: 'Tea, 250 g',
  amount: { total: 8800, currency: 'CNY' },
};
