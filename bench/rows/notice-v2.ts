import { hash, timingSafeEqual } from 'node:crypto';
import { instant } from '#core/values/time.ts';
import { median, ratioOf, timeInTurns } from '../measure.ts';
import { mustFind, ourReader } from '../notice-reading.ts';
import { axiosPluginName, axiosPluginXmlReader, tenpayName, tenpayXmlReader } from '../peers.ts';
import { type Row, ratioLine } from '../report.ts';
import { openShop, type Shop, type ShopNotice, v2AccountOf, xmlNoticeOf } from '../shop.ts';

const turns = { rounds: 300, turnsPerRound: 4, callsPerTurn: 40, warmUpRounds: 60 };

/** A callback of APIv2 from its raw bytes to the paid order in it, by four ways. */
export const noticeV2Row: Row = {
  name: 'v2 notice',
  measure: async () => {
    const shop = await openShop();
    const now = instant(Date.now());
    const order = { outTradeNo: 'A-1001', amountFen: 8800, paidAtMs: now };
    const notice = xmlNoticeOf(shop, order);
    const readers = {
      ours: ourReader(v2AccountOf(shop), notice, now),
      floor: floorReader(shop, notice),
      axiosPlugin: axiosPluginXmlReader(shop, notice),
      tenpay: tenpayXmlReader(shop, notice),
    };
    await mustFind(order.outTradeNo, readers);
    const times = await timeInTurns(readers, turns);
    return [
      {
        title: 'v2 notice: parse, verify',
        lines: [
          ratioLine('ours / floor', ratioOf(times.ours, times.floor), { atMost: 1.5 }),
          ratioLine(`${axiosPluginName} / ours`, ratioOf(times.axiosPlugin, times.ours), {
            atLeast: 3,
          }),
          ratioLine(`${tenpayName} / ours`, ratioOf(times.tenpay, times.ours), { atLeast: 4 }),
          { what: 'ours', figure: median(times.ours), unit: 'us' },
        ],
        notes: [
          `A body of ${notice.body.byteLength} bytes, signed by MD5. Floor: a scanner with indexOf, ` +
            'a sort, crypto.hash and timingSafeEqual.',
          'Ours also checks UTF-8, the grammar, every character, the bounds, whose the notice is ' +
            'and its total. Of these the peers check nothing, but tenpay whose it is.',
        ],
      },
    ];
  },
};

/** What has to be done, as one would write it who trusts the sender to write XML as WeChat does. */
function floorReader({ merchant: { apiKey } }: Shop, { body }: ShopNotice) {
  return (): unknown => {
    const fields = scan(body.toString());
    let signed = '';
    for (const name of [...fields.keys()].sort()) {
      const value = fields.get(name);
      if (value !== '' && name !== 'sign') {
        signed += `${name}=${value}&`;
      }
    }
    const expected = hash('md5', `${signed}key=${apiKey}`, 'hex').toUpperCase();
    if (!timingSafeEqual(Buffer.from(expected), Buffer.from(fields.get('sign') ?? ''))) {
      throw new Error('The floor refused the signature.');
    }
    return { out_trade_no: fields.get('out_trade_no') };
  };
}

function scan(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  const last = text.lastIndexOf('</xml>');
  let at = text.indexOf('<', '<xml>'.length);
  while (at !== last) {
    const nameEnd = text.indexOf('>', at);
    const name = text.slice(at + 1, nameEnd);
    const isCdata = text.startsWith('<![CDATA[', nameEnd + 1);
    const valueAt = nameEnd + 1 + (isCdata ? '<![CDATA['.length : 0);
    const valueEnd = text.indexOf(isCdata ? ']]>' : '<', valueAt);
    fields.set(name, text.slice(valueAt, valueEnd));
    at = text.indexOf('<', valueEnd + name.length + (isCdata ? ']]></>'.length : '</>'.length));
  }
  return fields;
}
