import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { XMLParser } from 'fast-xml-parser';
import { parseBeijingDigits } from '../../../simulator/v2/beijing-digits.ts';
import { signFields, verifyFields } from '../../../simulator/v2/signing.ts';
import { createUsedCodes } from '../../../simulator/v2/used-codes.ts';
import { readXml, writeXml } from '../../../simulator/v2/xml.ts';

const read = (text: string) => {
  const fields = readXml(Buffer.from(text));
  return fields === undefined ? undefined : Object.fromEntries(fields);
};

describe('reading documents of APIv2', () => {
  const sound: Readonly<Record<string, readonly [string, object]>> = {
    'text and CDATA': ['<xml><a>1</a><b><![CDATA[<2>&]]></b></xml>', { a: '1', b: '<2>&' }],
    'several sections in one value': [
      '<xml><a>1<![CDATA[]]]]><![CDATA[>]]>2</a></xml>',
      { a: '1]]>2' },
    ],
    'the five entities and numbers': [
      '<xml><a>&lt;&gt;&amp;&quot;&apos;&#20013;&#x4e2d;</a></xml>',
      { a: `<>&"'中中` },
    ],
    'no value': ['<xml><a></a><b/><c><![CDATA[]]></c></xml>', { a: '', b: '', c: '' }],
    'blanks around and inside': [
      '\n<?xml version="1.0" encoding="UTF-8"?>\r\n<xml>\n  <a> 1 </a>\r\n</xml>\n',
      { a: ' 1 ' },
    ],
    'a name of the prototype': ['<xml><constructor>1</constructor></xml>', { constructor: '1' }],
    'a byte order mark': ['\ufeff<xml><a>1</a></xml>', { a: '1' }],
  };
  for (const [what, [text, fields]] of Object.entries(sound)) {
    test(what, () => assert.deepEqual(read(text), fields));
  }

  const broken: Readonly<Record<string, string>> = {
    nothing: '',
    'another root': '<XML><a>1</a></XML>',
    'an attribute of the root': '<xml a="1"><b>1</b></xml>',
    'an attribute': '<xml><a b="1">1</a></xml>',
    'another end': '<xml><a>1</b></xml>',
    'no end': '<xml><a>1</a>',
    'no end of a section': '<xml><a><![CDATA[1</a></xml>',
    'text between': '<xml>1<a>1</a></xml>',
    'text after': '<xml><a>1</a></xml>1',
    'a second root': '<xml><a>1</a></xml><xml/>',
    'a nested element': '<xml><a><b>1</b></a></xml>',
    'a doubled name': '<xml><a>1</a><a>1</a></xml>',
    'a comment': '<xml><!-- a --><a>1</a></xml>',
    'an instruction': '<xml><?a b?><a>1</a></xml>',
    'a document type': '<!DOCTYPE xml [<!ENTITY b "1">]><xml><a>&b;</a></xml>',
    'an entity of nobody': '<xml><a>&nbsp;</a></xml>',
    'a bare ampersand': '<xml><a>1 & 2</a></xml>',
    'a reference to no character': '<xml><a>&#0;</a></xml>',
    'a reference to half a character': '<xml><a>&#xd83c;</a></xml>',
    'a reference beyond all characters': '<xml><a>&#x110000;</a></xml>',
    'a control character': '<xml><a>\u0001</a></xml>',
    'an open section end': '<xml><a>]]></a></xml>',
    'a name that begins with a digit': '<xml><1a>1</1a></xml>',
  };
  for (const [what, text] of Object.entries(broken)) {
    test(`${what} is none`, () => assert.equal(read(text), undefined));
  }

  test('bytes that are not UTF-8 are none', () => {
    const bytes = [Buffer.from('<xml><a>'), Buffer.from([0xc3]), Buffer.from('</a></xml>')];
    assert.equal(readXml(Buffer.concat(bytes)), undefined);
  });

  test('a large open end is refused', () => {
    assert.equal(read(`<xml><a>${'&amp;<'.repeat(150_000)}`), undefined);
    assert.equal(read(`<xml><a>${'<![CDATA[x]]>'.repeat(80_000)}`), undefined);
  });
});

describe('writing documents of APIv2', () => {
  const texts = [
    '',
    '0',
    '0123',
    ' 1 ',
    '一杯茶',
    `<a>&"'`,
    ']]>',
    'a]]>b]]]]>>',
    ']]',
    'one\ntwo\rthree\r\n',
    '&#13;',
    '😀',
  ];
  for (const text of texts) {
    test(`${JSON.stringify(text)} is read as it was written`, () => {
      const written = writeXml([
        ['a', text],
        ['b', '1'],
      ]);
      assert.deepEqual(read(written), { a: text, b: '1' });
    });
  }

  test('another reader reads the same', () => {
    const parser = new XMLParser({ parseTagValue: false, trimValues: false });
    const fields = { a: '<1>&"', b: '012', c: 'a]]>b', d: '茶' };
    const seen = parser.parse(writeXml(Object.entries(fields))) as { xml: object };
    const { '#text': _blanks, ...values } = seen.xml as Record<string, string>;
    assert.deepEqual(values, fields);
  });

  test('what no document can hold is replaced', () => {
    assert.deepEqual(read(writeXml([['a', 'x\u0001\ud83cy']])), { a: 'x\ufffd\ufffdy' });
  });

  test('another root is written when asked for', () => {
    assert.equal(writeXml([['a', '1']], 'root'), '<root><a>1</a></root>');
  });
});

type Vector = {
  readonly id: string;
  readonly sign_type: 'MD5' | 'HMAC-SHA256';
  readonly key: string;
  readonly params: Readonly<Record<string, string>>;
  readonly expect: string;
};

const VECTORS = join(import.meta.dirname, '../../fixtures/wechat/v2/wechatpay-v2.json');

describe('signatures of APIv2', () => {
  const { sign } = JSON.parse(readFileSync(VECTORS, 'utf8')) as { sign: readonly Vector[] };
  for (const vector of sign) {
    test(`the known answer ${vector.id}`, () => {
      const made = signFields(Object.entries(vector.params), vector.key, vector.sign_type);
      assert.equal(made, vector.expect);
    });
  }
});

describe('verifying a request', () => {
  const KEY = '192006250b4c09247ec02edce69f6a2d';
  const fields = { appid: 'wxd930ea5d5a258f4f', body: 'test' };
  const signed = (more: object, signType: 'MD5' | 'HMAC-SHA256') => {
    const all = { ...fields, ...more };
    return { ...all, sign: signFields(Object.entries(all), KEY, signType) };
  };
  const verdict = (given: Readonly<Record<string, string>>, key = KEY) => {
    const seen = verifyFields(new Map(Object.entries(given)), key);
    return seen.ok ? seen.signType : seen.because;
  };

  test('MD5 unless the request says otherwise', () => {
    assert.equal(verdict(signed({}, 'MD5')), 'MD5');
    assert.equal(verdict(signed({ sign_type: '' }, 'MD5')), 'MD5');
    assert.equal(verdict(signed({ sign_type: 'MD5' }, 'MD5')), 'MD5');
    assert.equal(verdict(signed({ sign_type: 'HMAC-SHA256' }, 'HMAC-SHA256')), 'HMAC-SHA256');
  });

  const sound = signed({}, 'MD5');
  const wrong: Readonly<Record<string, readonly [Readonly<Record<string, string>>, string]>> = {
    'no sign': [fields, 'no-sign'],
    'an empty sign': [{ ...fields, sign: '' }, 'no-sign'],
    'another type': [signed({ sign_type: 'hmac-sha256' }, 'HMAC-SHA256'), 'sign-type'],
    'HMAC without saying so': [signed({}, 'HMAC-SHA256'), 'wrong'],
    'HMAC said, MD5 done': [signed({ sign_type: 'HMAC-SHA256' }, 'MD5'), 'wrong'],
    'the type added later': [{ ...sound, sign_type: 'MD5' }, 'wrong'],
    'a field changed': [{ ...sound, body: 'tesT' }, 'wrong'],
    'a field added': [{ ...sound, attach: '0' }, 'wrong'],
    'a sign in lower case': [{ ...sound, sign: sound.sign.toLowerCase() }, 'wrong'],
    'half a sign': [{ ...sound, sign: sound.sign.slice(0, 16) }, 'wrong'],
  };
  for (const [what, [given, because]] of Object.entries(wrong)) {
    test(`${what} does not pass`, () => assert.equal(verdict(given), because));
  }

  test('another key does not pass', () => {
    assert.equal(verdict(sound, KEY.toUpperCase()), 'wrong');
  });
});

describe('times of APIv2', () => {
  test('fourteen digits are a time in Beijing', () => {
    assert.equal(parseBeijingDigits('20260301080000'), Date.parse('2026-03-01T00:00:00Z'));
  });

  for (const text of [
    '',
    '2026030108000',
    '20260230000000',
    '20260301240000',
    '2026-03-01 08:00',
  ]) {
    test(`${JSON.stringify(text)} is none`, () => {
      assert.equal(parseBeijingDigits(text), undefined);
    });
  }
});

describe('codes that were used', () => {
  test('the oldest make room', () => {
    const codes = createUsedCodes(2);
    for (const code of ['1', '2', '3']) codes.add(code);
    assert.deepEqual(
      ['1', '2', '3', '4'].map((code) => codes.has(code)),
      [false, true, true, false],
    );
  });
});
