import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { readXml, writeXml } from '#adapters/wechat/v2/xml.ts';
import { namesAndValues, oracleFields, xmlTexts } from './oracle.ts';
import { payment, signedXml } from './support.ts';

function read(text: string | Buffer, root?: 'xml' | 'root') {
  const fields = readXml(Buffer.from(text), root);
  return fields === undefined ? undefined : [...fields];
}

suite('readXml reads', () => {
  test('a payment notice as WeChat writes it', () => {
    const fields = read(signedXml(payment));
    assert.deepEqual(fields?.slice(0, 2), [
      ['return_code', 'SUCCESS'],
      ['result_code', 'SUCCESS'],
    ]);
    assert.deepEqual(fields?.at(-1)?.[0], 'sign');
    assert.equal(new Map(fields).get('attach'), '支付测试 A&B=1 <ok>');
  });

  test('values in text, in one CDATA section, and none', () => {
    const text = '<xml><a>1</a>\r\n\t <b><![CDATA[2]]></b><c></c><d><![CDATA[]]></d><e/></xml>\n';
    assert.deepEqual(read(text), [
      ['a', '1'],
      ['b', '2'],
      ['c', ''],
      ['d', ''],
      ['e', ''],
    ]);
  });

  test('a document without fields', () => {
    assert.deepEqual(read('<xml></xml>'), []);
    assert.deepEqual(read('<xml> \n </xml>'), []);
  });

  test('every value as it is: numbers stay text, blanks and line ends stay', () => {
    const values = ['0123', '1e2', '9007199254740993', ' a ', '\n', '\r\n', '\t', ' ', '真', '🍵'];
    for (const value of values) {
      assert.deepEqual(read(`<xml><a>${value}</a></xml>`), [['a', value]]);
      assert.deepEqual(read(`<xml><a><![CDATA[${value}]]></a></xml>`), [['a', value]]);
    }
  });

  test('inside CDATA whatever is no end of it, without looking at it', () => {
    const values = ['&amp;', '<b>', '</a>', '<![CDATA[', ']', ']]', ']>', '] ]>', '&#x0;', '<!--'];
    for (const value of values) {
      assert.deepEqual(read(`<xml><a><![CDATA[${value}]]></a></xml>`), [['a', value]]);
    }
    assert.deepEqual(read('<xml><a><![CDATA[x]]]></a></xml>'), [['a', 'x]']]);
    assert.deepEqual(read('<xml><a><![CDATA[x]]]]></a></xml>'), [['a', 'x]]']]);
  });

  const resolved = [
    ['&lt;&gt;&amp;&quot;&apos;', '<>&"\''],
    ['&#65;&#x41;&#x6c;&#x6C;', 'AAll'],
    ['&#9;&#10;&#13;&#32;', '\t\n\r '],
    ['&#27979;&#x1F375;', '测🍵'],
    ['&#xD7FF;&#xE000;&#xFFFD;&#x10FFFF;', '\ud7ff\ue000\ufffd\u{10ffff}'],
    ['&#00000065;&#x00000041;', 'AA'],
    ['&amp;lt;', '&lt;'],
    ['&amp;#65;', '&#65;'],
    ['&#38;lt;', '&lt;'],
    ['a > b "c" \'d\'', 'a > b "c" \'d\''],
  ] as const;
  for (const [written, meant] of resolved) {
    test(`${written} in text as ${JSON.stringify(meant)}, once`, () => {
      assert.deepEqual(read(`<xml><a>${written}</a></xml>`), [['a', meant]]);
    });
  }

  const declarations = [
    '<?xml version="1.0"?>',
    '<?xml version="1.0" encoding="UTF-8"?>',
    "<?xml version='1.0' encoding='utf-8'?>",
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>',
    '<?xml version="1.0" encoding="UTF-8" ?>',
  ];
  for (const declaration of declarations) {
    test(`behind ${declaration}`, () => {
      assert.deepEqual(read(`${declaration}<xml><a>1</a></xml>`), [['a', '1']]);
      assert.deepEqual(read(`${declaration}\n<xml><a>1</a></xml>`), [['a', '1']]);
    });
  }

  test('the root that it is asked for, and no other', () => {
    assert.deepEqual(read('<root><a>1</a></root>', 'root'), [['a', '1']]);
    assert.equal(read('<root><a>1</a></root>'), undefined);
    assert.equal(read('<xml><a>1</a></xml>', 'root'), undefined);
  });

  test('names that mean something to JavaScript as any others', () => {
    const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];
    const fields = readXml(
      Buffer.from(`<xml>${names.map((name) => `<${name}>x</${name}>`).join('')}</xml>`),
    );
    assert.deepEqual([...(fields?.keys() ?? [])], names);
    assert.equal(fields?.get('valueOf'), undefined);
    assert.equal(Object.hasOwn(Object.prototype, 'x'), false);
  });

  test('names of letters, digits and `_`, of no other character and not led by a digit', () => {
    for (let code = 0x20; code < 0x80; code += 1) {
      const character = String.fromCharCode(code);
      const mayLead = /[A-Za-z_]/.test(character);
      const mayFollow = /[A-Za-z0-9_]/.test(character);
      for (const [name, may] of [
        [character, mayLead],
        [`${character}x`, mayLead],
        [`x${character}x`, mayFollow],
      ] as const) {
        assert.deepEqual(read(`<xml><${name}>1</${name}></xml>`), may ? [[name, '1']] : undefined);
      }
    }
  });

  test('names of 64 characters, a thousand fields, 64 KB', () => {
    const name = `_${'n'.repeat(63)}`;
    assert.deepEqual(read(`<xml><${name}>1</${name}></xml>`), [[name, '1']]);
    const thousand = Array.from({ length: 1000 }, (_, n) => `<n${n}>1</n${n}>`).join('');
    assert.equal(read(`<xml>${thousand}</xml>`)?.length, 1000);
    const largest = `<xml><a>${'x'.repeat(65_536 - 18)}</a></xml>`;
    assert.equal(Buffer.byteLength(largest), 65_536);
    assert.equal(read(largest)?.length, 1);
  });

  test('bytes that lie somewhere in a larger buffer', () => {
    const whole = Buffer.from('junk<xml><a>1</a></xml>junk');
    assert.deepEqual([...(readXml(new Uint8Array(whole).subarray(4, -4)) ?? [])], [['a', '1']]);
  });
});

suite('writeXml', () => {
  test('writes elements under the root, values escaped, in their order', () => {
    const fields = [
      ['b', 'A&B <ok> "q" \'s\' ]]>'],
      ['a', '支付🍵'],
    ] as const;
    assert.equal(
      writeXml(fields),
      '<xml><b>A&amp;B &lt;ok&gt; "q" \'s\' ]]&gt;</b><a>支付🍵</a></xml>',
    );
  });

  test('writes a carriage return so that no reader makes it a line feed', () => {
    assert.equal(writeXml([['a', '1\r\n2\r']]), '<xml><a>1&#13;\n2&#13;</a></xml>');
  });

  test('escapes only once', () => {
    assert.equal(writeXml([['a', '&lt;']]), '<xml><a>&amp;lt;</a></xml>');
  });

  test('reads back what it wrote, and so does another reader', () => {
    fc.assert(
      fc.property(namesAndValues, (values) => {
        const fields = new Map(values);
        const written = writeXml(fields);
        assert.deepEqual(read(written), [...fields]);
        assert.deepEqual(oracleFields(written), [...fields]);
      }),
      { numRuns: 2000 },
    );
  });
});

suite('readXml and another reader', () => {
  test('agree about every document that both accept', () => {
    let both = 0;
    fc.assert(
      fc.property(xmlTexts, (text) => {
        const ours = read(text);
        const theirs = ours === undefined ? undefined : oracleFields(text);
        if (theirs !== undefined) {
          both += 1;
          // Only they make every line end a line feed, as XML says; the signature covers what was sent.
          const oneLineEnd = ours?.map(([name, value]) => [name, value.replaceAll(/\r\n?/g, '\n')]);
          assert.deepEqual(oneLineEnd, theirs, text);
        }
      }),
      { numRuns: 10_000 },
    );
    assert.ok(both > 1000, `only ${both} documents were accepted by both`);
  });
});
