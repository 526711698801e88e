import { randomBytes } from 'node:crypto';
import { beijingDigits } from './timers.ts';

/** What a payer's device needs to pay an order; each way to pay uses one of them. */
type PayLinks = {
  readonly prepayId: string;
  readonly codeUrl: string;
  readonly h5Url: string;
};

const H5_PAGE = 'https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb';

/** Fresh ones: each call gives a new code (document 4012791870). */
export const newLinks = (nowMs: number): PayLinks => {
  const token = randomBytes(16).toString('hex');
  const prepayId = `wx${beijingDigits(nowMs)}${token.slice(0, 20)}`;
  return {
    prepayId,
    codeUrl: `weixin://wxpay/bizpayurl?pr=${token.slice(0, 9)}`,
    h5Url: `${H5_PAGE}?prepay_id=${prepayId}&package=${token.slice(22)}`,
  };
};
