import { createDecipheriv, createPublicKey, createSecretKey, verify } from 'node:crypto';
import { instant } from '#core/values/time.ts';
import { median, ratioOf, timeInTurns } from '../measure.ts';
import { mustFind, ourReader } from '../notice-reading.ts';
import { axiosPluginName, axiosPluginReader, nodeV3Name, nodeV3Reader } from '../peers.ts';
import { type Row, ratioLine } from '../report.ts';
import { noticeOf, openShop, type Shop, type ShopNotice } from '../shop.ts';

const turns = { rounds: 300, turnsPerRound: 4, callsPerTurn: 25, warmUpRounds: 30 };

/** A callback from its raw bytes to the paid order in it, by four ways. */
export const noticeRow: Row = {
  name: 'v3 notice',
  measure: async () => {
    const shop = await openShop();
    const now = instant(Date.now());
    const order = { outTradeNo: 'A-1001', amountFen: 8800, paidAtMs: now };
    const notice = noticeOf(shop, order, now);
    const readers = {
      ours: ourReader(shop.account, notice, now),
      floor: floorReader(shop, notice),
      nodeV3: nodeV3Reader(shop, notice),
      axiosPlugin: axiosPluginReader(shop, notice),
    };
    await mustFind(order.outTradeNo, readers);
    const times = await timeInTurns(readers, turns);
    return [
      {
        title: 'v3 notice: verify, decrypt, parse',
        lines: [
          ratioLine('ours / floor', ratioOf(times.ours, times.floor), { atMost: 1.1 }),
          ratioLine(`${nodeV3Name} / ours`, ratioOf(times.nodeV3, times.ours), { atLeast: 1.5 }),
          ratioLine(`${axiosPluginName} / ours`, ratioOf(times.axiosPlugin, times.ours)),
          { what: 'ours', figure: median(times.ours), unit: 'us' },
        ],
        notes: [
          `A body of ${notice.body.byteLength} bytes, the sample of WeChat's page. ` +
            'Floor: crypto.verify, AES-256-GCM and JSON.parse, all keys made beforehand.',
          'Ours also checks the clock, every header and field, strict Base64 and UTF-8; ' +
            'wechatpay-node-v3 never compares the tag of the ciphertext.',
        ],
      },
    ];
  },
};

/**
 * What has to be done, as one would write it who knows Node and checks nothing else. Both keys are made
 * beforehand: a decipher made of a Buffer costs 14 us more in Node 24 than one made of a KeyObject or of
 * a text, and a floor that pays for that would flatter us.
 */
function floorReader({ wechat, merchant }: Shop, { headers, body }: ShopNotice) {
  const verifyingKey = createPublicKey(wechat.platform.publicKeyPem);
  const openingKey = createSecretKey(Buffer.from(merchant.apiV3Key));
  return (): unknown => {
    const stamp = `${headers['wechatpay-timestamp']}\n${headers['wechatpay-nonce']}\n`;
    const message = Buffer.concat([Buffer.from(stamp), body, Buffer.from('\n')]);
    const signature = Buffer.from(headers['wechatpay-signature'] ?? '', 'base64');
    if (!verify('sha256', message, verifyingKey, signature)) {
      throw new Error('The floor refused the signature.');
    }
    const { resource } = JSON.parse(body.toString());
    const sealed = Buffer.from(resource.ciphertext, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', openingKey, resource.nonce);
    decipher.setAAD(Buffer.from(resource.associated_data));
    decipher.setAuthTag(sealed.subarray(-16));
    const opened = decipher.update(sealed.subarray(0, -16), undefined, 'utf8');
    return JSON.parse(opened + decipher.final('utf8'));
  };
}
