import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  accepted,
  goods,
  h5,
  jsapi,
  micropay,
  native,
  placing,
  refusedAt,
} from './order-bodies.ts';
import { faultsOf, notObjects, notTexts, pointersOf, withAt } from './support.ts';

describe('what a way of paying needs', () => {
  it('is a payer for JSAPI, and only there', async () => {
    await refusedAt('/payer', [undefined, ...notObjects], jsapi);
    await refusedAt('/payer/openid', [undefined, ...notTexts, 'a b', 'o'.repeat(129)], jsapi);
    await accepted(withAt(jsapi, '/payer/openid', 'o'.repeat(128)));
    for (const body of [native, h5, micropay, { ...native, trade_type: 'APP' }]) {
      assert.deepEqual(await pointersOf(placing, { ...body, payer: jsapi.payer }), ['/payer']);
      assert.deepEqual(await pointersOf(placing, { ...body, payer: null }), ['/payer']);
    }
  });

  it('is the address of the payer and the kind of browser for H5', async () => {
    await refusedAt('/scene_info', [undefined, ...notObjects], h5);
    await refusedAt('/scene_info/payer_client_ip', [undefined, null, ''], h5);
    await refusedAt('/scene_info/h5_info', [undefined, null, 'Wap'], h5);
    assert.deepEqual(await pointersOf(placing, { ...h5, scene_info: {} }), [
      '/scene_info/payer_client_ip',
      '/scene_info/h5_info',
    ]);
  });

  it('is no h5_info for any other', async () => {
    for (const body of [native, jsapi, micropay, { ...native, trade_type: 'APP' }]) {
      const faults = await faultsOf(placing, { ...body, scene_info: h5.scene_info });
      const detail = 'must be given for H5 and only for H5';
      assert.deepEqual(faults, [{ pointer: '/scene_info/h5_info', detail }]);
      const pointers = await pointersOf(placing, { ...body, scene_info: { device_id: 'till-3' } });
      assert.deepEqual(pointers, ['/scene_info/payer_client_ip']);
      await accepted({ ...body, scene_info: { payer_client_ip: '203.0.113.7' } });
    }
  });

  it("is the payer's code for MICROPAY, and only there", async () => {
    const pointer = '/auth_code';
    for (const code of ['100000000000000000', '159999999999999999']) {
      assert.equal((await accepted(withAt(micropay, pointer, code)))['auth_code'], code);
    }
    await refusedAt(
      pointer,
      [
        undefined,
        ...notTexts,
        134_567_890_123,
        '099999999999999999',
        '160000000000000000',
        '13456789012345678',
        '1345678901234567890',
        ' 134567890123456789',
        '134567890123456789\n',
        '13456789012345678x',
        '１３４５６７８９０１２３４５６７８９',
        'https://payapp.weixin.qq.com/134567890123456789',
      ],
      micropay,
    );
    for (const body of [native, jsapi, h5, { ...native, trade_type: 'APP' }]) {
      const detail = 'must be given for MICROPAY and only for MICROPAY';
      for (const code of [micropay.auth_code, '286801346868493272', null]) {
        const faults = await faultsOf(placing, { ...body, auth_code: code });
        assert.deepEqual(
          faults.map((fault) => fault.pointer),
          [pointer],
        );
      }
      const faults = await faultsOf(placing, { ...body, auth_code: micropay.auth_code });
      assert.deepEqual(faults, [{ pointer, detail }]);
    }
  });

  it('is no time for MICROPAY, whatever it is, and for no other', async () => {
    const pointer = '/time_expire';
    const time = '2026-11-21T14:00:00+08:00';
    await refusedAt(pointer, [time, '2026-11-21T06:00:00Z', null, '', 'x'], micropay);
    for (const body of [native, jsapi, h5, { ...native, trade_type: 'APP' }]) {
      assert.ok('expiresAt' in (await accepted({ ...body, time_expire: time })));
    }
  });

  it('leaves MICROPAY everything else', async () => {
    const details = {
      attach: 'shelf 4',
      goods_tag: 'WXG',
      support_fapiao: true,
      detail: { goods_detail: [goods] },
      scene_info: {
        payer_client_ip: '203.0.113.7',
        device_id: 'till-3',
        store_info: { id: 's-1', name: 'Shop' },
      },
      settle_info: { profit_sharing: false },
    };
    const own = { appid: 'wxd678efh567hg6787', reference: 'cart-77' };
    const order = await accepted({ ...micropay, ...own, ...details });
    assert.deepEqual(order['details'], details);
    assert.deepEqual([order['appid'], order['reference']], ['wxd678efh567hg6787', 'cart-77']);
    assert.ok(!('openid' in order) && !('expiresAt' in order));
  });

  it("does not repeat a payer's code, wherever it stands", async () => {
    const { auth_code } = micropay;
    const wrong = [
      { ...micropay, auth_code: `${auth_code}0` },
      { ...micropay, description: '', time_expire: auth_code },
      { ...native, auth_code },
      { ...micropay, trade_type: auth_code },
    ];
    for (const body of wrong) {
      assert.ok(!JSON.stringify(await faultsOf(placing, body)).includes('3456'));
    }
  });

  it('cannot be told of a trade type that is none', async () => {
    const body = {
      ...h5,
      trade_type: 'MWEB',
      payer: jsapi.payer,
      auth_code: micropay.auth_code,
    };
    assert.deepEqual(await pointersOf(placing, body), ['/trade_type']);
  });

  it('is named together with every other field at fault', async () => {
    const body = {
      ...h5,
      description: '',
      amount: { total: '1' },
      payer: {},
      scene_info: {},
      x: 1,
    };
    assert.deepEqual((await pointersOf(placing, body)).toSorted(), [
      '/amount/currency',
      '/amount/total',
      '/description',
      '/payer',
      '/payer/openid',
      '/scene_info/h5_info',
      '/scene_info/payer_client_ip',
      '/x',
    ]);
  });
});

describe('what is said of a field at fault', () => {
  const said: readonly (readonly [object, string, string])[] = [
    [withAt(native, '/description', undefined), '/description', 'is missing or has the wrong type'],
    [
      withAt(native, '/trade_type', 'MWEB'),
      '/trade_type',
      'is missing or not one of the allowed values',
    ],
    [withAt(native, '/amount/total', 0), '/amount/total', 'is too small or too short'],
    [withAt(native, '/attach', 'x'.repeat(129)), '/attach', 'is too large or too long'],
    [withAt(native, '/attach', '🍵'), '/attach', 'has a character that is not allowed'],
    [withAt(native, '/secret', 'hunter2'), '/secret', 'is not a field of this request'],
    [withAt(native, '/appid', 'a b'), '/appid', 'is not well-formed'],
    [
      withAt(native, '/time_expire', 'x'),
      '/time_expire',
      'must be a time with zone as in RFC 3339',
    ],
    [
      withAt(h5, '/scene_info/payer_client_ip', 'x'),
      '/scene_info/payer_client_ip',
      'must be an IPv4 or IPv6 address',
    ],
    [withAt(jsapi, '/payer', undefined), '/payer', 'must be given for JSAPI and only for JSAPI'],
    [withAt(h5, '/scene_info', undefined), '/scene_info', 'must be given for H5'],
    [
      withAt(micropay, '/auth_code', undefined),
      '/auth_code',
      'must be given for MICROPAY and only for MICROPAY',
    ],
    [withAt(micropay, '/auth_code', '1'), '/auth_code', 'is not well-formed'],
    [
      withAt(micropay, '/time_expire', '2026-11-21T14:00:00+08:00'),
      '/time_expire',
      'must not be given for MICROPAY',
    ],
    [
      withAt(native, '/detail', {
        invoice_id: 'x',
        goods_detail: Array(100).fill({ ...goods, goods_name: 'x'.repeat(99) }),
      }),
      '/detail',
      'is too large or too long',
    ],
  ];
  for (const [body, pointer, detail] of said) {
    it(`${pointer} ${detail}`, async () => {
      assert.deepEqual(await faultsOf(placing, body), [{ pointer, detail }]);
    });
  }
});
