import { createPrivateKey, sign } from 'node:crypto';
import { createStamp } from '#adapters/wechat/stamp.ts';
import { authorizationOf, type SignedRequest } from '#adapters/wechat/v3/signing.ts';
import { instant } from '#core/values/time.ts';
import { median, ratioOf, timeInTurns } from '../measure.ts';
import {
  axiosPluginAuthorization,
  axiosPluginName,
  nodeV3Authorization,
  nodeV3Name,
} from '../peers.ts';
import { type Row, ratioLine } from '../report.ts';
import { openShop, type Shop } from '../shop.ts';

const turns = { rounds: 120, turnsPerRound: 4, callsPerTurn: 4, warmUpRounds: 10 };

/** The `Authorization` of a placing, by four ways. */
export const authorizationRow: Row = {
  name: 'Authorization header',
  measure: async () => {
    const shop = await openShop();
    const request = placing(shop);
    const subjects = {
      ours: () => authorizationOf(shop.account, request, createStamp(instant(Date.now()))),
      floor: bareSign(shop, request),
      nodeV3: nodeV3Authorization(shop, request),
      axiosPlugin: axiosPluginAuthorization(shop, request),
    };
    const header = subjects.ours();
    if (header === undefined || !header.includes('signature="')) {
      throw new Error('Our header was not made.');
    }
    const times = await timeInTurns(subjects, turns);
    return [
      {
        title: 'Authorization header',
        lines: [
          ratioLine('ours / floor', ratioOf(times.ours, times.floor), { atMost: 1.05 }),
          ratioLine(`${nodeV3Name} / ours`, ratioOf(times.nodeV3, times.ours)),
          ratioLine(`${axiosPluginName} / ours`, ratioOf(times.axiosPlugin, times.ours)),
          { what: 'ours', figure: median(times.ours), unit: 'us' },
        ],
        notes: ['Floor: crypto.sign of the same message with a KeyObject, in Base64.'],
      },
    ];
  },
};

function placing({ merchant }: Shop): SignedRequest {
  const body = JSON.stringify({
    appid: merchant.appid,
    mchid: merchant.mchid,
    description: 'Image形象店-深圳腾大-QQ公仔',
    out_trade_no: '1217752501201407033233368018',
    time_expire: '2026-11-21T14:00:00+08:00',
    notify_url: 'https://pay.example.com/notify/main',
    amount: { total: 8800, currency: 'CNY' },
  });
  return { method: 'POST', target: '/v3/pay/transactions/native', body };
}

function bareSign({ merchant }: Shop, { method, target, body }: SignedRequest) {
  const key = createPrivateKey(merchant.merchantPrivateKey);
  const { timestamp, nonce } = createStamp(instant(Date.now()));
  const message = `${method}\n${target}\n${timestamp}\n${nonce}\n${body}\n`;
  return (): string => sign('sha256', Buffer.from(message), key).toString('base64');
}
