import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { at } from '../../../support/clock.ts';
import {
  accepted,
  full,
  goods,
  h5,
  jsapi,
  micropay,
  native,
  placing,
  refusedAt,
} from './order-bodies.ts';
import { badCharacters, notNumbers, notObjects, notTexts, pointersOf, withAt } from './support.ts';

/** Pointers of the plain texts, each with how many characters it may have. */
const texts: readonly (readonly [string, number])[] = [
  ['/description', 127],
  ['/attach', 128],
  ['/goods_tag', 32],
  ['/detail/invoice_id', 32],
  ['/detail/goods_detail/0/merchant_goods_id', 32],
  ['/detail/goods_detail/0/wechatpay_goods_id', 32],
  ['/detail/goods_detail/0/goods_name', 256],
  ['/scene_info/device_id', 32],
  ['/scene_info/store_info/id', 32],
  ['/scene_info/store_info/name', 256],
  ['/scene_info/store_info/area_code', 32],
  ['/scene_info/store_info/address', 512],
  ['/scene_info/h5_info/app_name', 64],
  ['/scene_info/h5_info/app_url', 128],
  ['/scene_info/h5_info/bundle_id', 128],
  ['/scene_info/h5_info/package_name', 128],
];
/** Pointers of the numbers, each with the least that it may be. */
const numbers: readonly (readonly [string, number])[] = [
  ['/amount/total', 1],
  ['/detail/cost_price', 0],
  ['/detail/goods_detail/0/quantity', 1],
  ['/detail/goods_detail/0/unit_price', 0],
];
const flags = ['/support_fapiao', '/settle_info/profit_sharing'];
const words: readonly (readonly [string, readonly string[]])[] = [
  ['/trade_type', ['NATIVE', 'JSAPI', 'APP', 'H5', 'MICROPAY']],
  ['/amount/currency', ['CNY']],
  ['/scene_info/h5_info/type', ['Wap', 'iOS', 'Android']],
];
const objects = [
  '/amount',
  '/detail',
  '/detail/goods_detail/0',
  '/scene_info',
  '/scene_info/store_info',
  '/scene_info/h5_info',
  '/settle_info',
];
const required = [
  '/trade_type',
  '/description',
  '/amount',
  '/amount/total',
  '/amount/currency',
  '/detail/goods_detail/0/merchant_goods_id',
  '/detail/goods_detail/0/quantity',
  '/detail/goods_detail/0/unit_price',
  '/scene_info/store_info/id',
  '/scene_info/h5_info/type',
];
const optional = [
  '/appid',
  '/time_expire',
  '/reference',
  '/attach',
  '/goods_tag',
  '/support_fapiao',
  '/detail',
  '/detail/cost_price',
  '/detail/invoice_id',
  '/detail/goods_detail',
  '/detail/goods_detail/0/wechatpay_goods_id',
  '/detail/goods_detail/0/goods_name',
  '/scene_info/device_id',
  '/scene_info/store_info',
  '/scene_info/store_info/name',
  '/scene_info/store_info/area_code',
  '/scene_info/store_info/address',
  '/scene_info/h5_info/app_name',
  '/scene_info/h5_info/app_url',
  '/scene_info/h5_info/bundle_id',
  '/scene_info/h5_info/package_name',
  '/settle_info',
  '/settle_info/profit_sharing',
];

describe('the body of a new order', () => {
  it('becomes an order, in which what WeChat alone needs lies under details', async () => {
    const { attach, goods_tag, support_fapiao, detail, scene_info, settle_info } = full;
    assert.deepEqual(await accepted(full), {
      out_trade_no: 'A-1001',
      requestId: 'request-1',
      trade_type: 'H5',
      description: 'Tea, 250 g',
      amountFen: 8800,
      appid: 'wxd678efh567hg6787',
      expiresAt: at('2026-11-21T06:00:00Z'),
      reference: 'cart-77',
      details: { attach, goods_tag, support_fapiao, detail, scene_info, settle_info },
      bodySha256: '41b6WofLx2clqdByFp4a7eHd0xhD0sTEpX-jKkjOpRc',
    });
  });

  it('needs three fields, and has no details without any', async () => {
    const order = await accepted(native);
    assert.deepEqual(order['details'], {});
    for (const name of ['openid', 'auth_code', 'appid', 'expiresAt', 'reference']) {
      assert.ok(!(name in order), name);
    }
    assert.equal((await accepted({ ...native, trade_type: 'APP' }))['trade_type'], 'APP');
    assert.equal((await accepted(jsapi))['openid'], 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o');
    assert.deepEqual((await accepted(h5))['details'], { scene_info: h5.scene_info });
    const charged = await accepted(micropay);
    assert.equal(charged['auth_code'], '134567890123456789');
    assert.deepEqual(charged['details'], {});
  });

  it('is told from another by its bytes, not by what they mean', async () => {
    const order = await accepted(Buffer.from(JSON.stringify(native)));
    const spaced = await accepted(Buffer.from(JSON.stringify(native, undefined, 1)));
    assert.equal(order['bodySha256'], 'laXOQqpapQ0n2Otcqx0Q1vlZzn83d8UE4_CuTgrYZlk');
    assert.notEqual(spaced['bodySha256'], order['bodySha256']);
    assert.equal(spaced['description'], order['description']);
  });

  for (const [pointer, most] of texts) {
    it(`takes ${most} characters at ${pointer}, no more, none that WeChat does not take`, async () => {
      await accepted(withAt(full, pointer, 'x'));
      await accepted(withAt(full, pointer, '茶'.repeat(most)));
      await refusedAt(pointer, [...notTexts, 'x'.repeat(most + 1)]);
      await refusedAt(
        pointer,
        Object.values(badCharacters).map((character) => `a${character}b`),
      );
    });
  }

  for (const [pointer, least] of numbers) {
    it(`takes whole numbers from ${least} to 2147483647 at ${pointer}`, async () => {
      await accepted(withAt(full, pointer, least));
      await accepted(withAt(full, pointer, 2_147_483_647));
      await refusedAt(pointer, [...notNumbers, least - 1, 2_147_483_648, 9_007_199_254_740_992]);
    });
  }

  for (const pointer of flags) {
    it(`takes nothing but true and false at ${pointer}`, async () => {
      await accepted(withAt(full, pointer, true));
      await accepted(withAt(full, pointer, false));
      await refusedAt(pointer, [null, 0, 1, 'true', '', {}, []]);
    });
  }

  for (const [pointer, allowed] of words) {
    it(`takes nothing but ${allowed.join(', ')} at ${pointer}`, async () => {
      const others = allowed.flatMap((word) => [` ${word}`, `${word}\n`, `x${word}`, [word]]);
      await refusedAt(pointer, [...others, ...notTexts, 'wap', 'USD', 'MWEB', '__proto__']);
    });
  }

  for (const pointer of objects) {
    it(`takes nothing but an object at ${pointer}, without unknown fields`, async () => {
      await refusedAt(pointer, notObjects);
      for (const name of ['extra', '__proto__', 'constructor', 'toString', 'Type', '']) {
        await refusedAt(`${pointer}/${name}`, ['x', null, {}]);
      }
    });
  }

  it('has no unknown fields', async () => {
    const names = ['extra', '__proto__', 'constructor', 'notify_url', 'mchid', 'out_trade_no', ''];
    for (const name of [...names, 'openid', 'details', 'sub_mchid', 'Amount', 'attach ']) {
      await refusedAt(`/${name}`, ['x', null, {}]);
    }
    await refusedAt('/payer/extra', ['x', null], jsapi);
    await refusedAt('/payer/__proto__', [{ openid: 'o' }], jsapi);
  });

  it('names an unknown field as RFC 6901 writes it', async () => {
    assert.deepEqual(await pointersOf(placing, { ...native, 'a/b~c': 1 }), ['/a~1b~0c']);
    const long = await pointersOf(placing, { ...native, [`${'x'.repeat(63)}🍵`]: 1 });
    assert.deepEqual(long, [`/${'x'.repeat(63)}\ufffd`]);
  });

  for (const pointer of required) {
    it(`is refused without ${pointer}`, () => refusedAt(pointer, [undefined]));
  }

  for (const pointer of optional) {
    it(`is taken without ${pointer}`, async () => {
      await accepted(withAt(full, pointer, undefined));
    });
  }

  it('takes nothing but a list of goods', async () => {
    const pointer = '/detail/goods_detail';
    await accepted(withAt(full, pointer, []));
    await refusedAt(pointer, [null, 1, 'text', true, {}, { 0: goods, length: 1 }]);
    for (const item of [null, 1, 'text', [], [goods]]) {
      const body = withAt(full, pointer, [goods, item]);
      assert.deepEqual(await pointersOf(placing, body), [`${pointer}/1`]);
    }
  });

  it('holds a detail of 6144 bytes as JSON, no more', async () => {
    const list = Array.from({ length: 20 }, () => ({ ...goods, goods_name: '茶'.repeat(75) }));
    const bytes = (length: number) =>
      JSON.stringify({ goods_detail: list, invoice_id: 'x'.repeat(length) });
    const spare = 6_144 - Buffer.byteLength(bytes(0));
    assert.ok(spare > 0 && spare < 32, `${spare}`);
    const fitting = withAt(native, '/detail', JSON.parse(bytes(spare)));
    assert.deepEqual((await accepted(fitting))['details'], { detail: JSON.parse(bytes(spare)) });
    await refusedAt('/detail', [JSON.parse(bytes(spare + 1))], native);
  });

  it('counts the bytes of its detail without the spaces of the body', async () => {
    const body = withAt(native, '/detail', { goods_detail: [goods] });
    await accepted(Buffer.from(JSON.stringify(body).replace('[', `[${' '.repeat(7_000)}`)));
  });

  it('takes addresses of the payer as IPv4 and IPv6 write them', async () => {
    const pointer = '/scene_info/payer_client_ip';
    for (const address of [
      '0.0.0.0',
      '255.255.255.255',
      '::',
      '::1',
      '2001:DB8::a',
      '::ffff:203.0.113.7',
      '2001:0db8:0000:0000:0000:ffff:203.113.113.113',
    ]) {
      await accepted(withAt(full, pointer, address));
    }
    await refusedAt(pointer, [
      ...notTexts,
      '256.0.0.1',
      '1.2.3',
      '01.2.3.4',
      '1.2.3.4 ',
      '1.2.3.4\n',
      '1.2.3.4:80',
      '3405803783',
      'example.com',
      '2001:db8::g',
      '[::1]',
      ':::',
      'fe80::1%eth0',
      `fe80::1%${'x'.repeat(64)}`,
      '٣.1.1.1',
    ]);
  });

  const others: readonly (readonly [string, readonly unknown[]])[] = [
    ['/appid', ['a b', 'x'.repeat(33), 'wx/1', 'wx\n']],
    ['/reference', ['a b', 'x'.repeat(65), '茶', 'a\n']],
    ['/time_expire', ['2026-11-21', '2026-11-21T12:00:00', '2026-02-30T12:00:00Z', '1795233600']],
  ];
  for (const [pointer, values] of others) {
    it(`takes nothing ill-formed at ${pointer}`, () =>
      refusedAt(pointer, [...notTexts, ...values]));
  }
});
