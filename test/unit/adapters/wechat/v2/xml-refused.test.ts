import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readXml } from '#adapters/wechat/v2/xml.ts';

function refused(text: string | Buffer): void {
  assert.equal(readXml(Buffer.from(text)), undefined, text.toString().slice(0, 200));
}

suite('readXml refuses', () => {
  test('what is larger than its bounds', () => {
    refused(`<xml><a>${'x'.repeat(65_537 - 18)}</a></xml>`);
    const name = 'n'.repeat(65);
    refused(`<xml><${name}>1</${name}></xml>`);
    const fields = Array.from({ length: 1001 }, (_, n) => `<n${n}>1</n${n}>`).join('');
    refused(`<xml>${fields}</xml>`);
  });

  const documents: Readonly<Record<string, readonly string[]>> = {
    'a document type': [
      '<!DOCTYPE xml><xml><a>1</a></xml>',
      '<!doctype xml><xml><a>1</a></xml>',
      '<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY x "1">]><xml><a>&x;</a></xml>',
      '<xml><!DOCTYPE xml><a>1</a></xml>',
      '<!DOCTYPE xml SYSTEM "http://127.0.0.1/x.dtd"><xml></xml>',
      '<!DOCTYPE xml [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]><xml></xml>',
      '<xml><!ENTITY x "1"><a>1</a></xml>',
    ],
    'an entity that XML does not know itself': [
      '<xml><a>&x;</a></xml>',
      '<xml><a>&nbsp;</a></xml>',
      '<xml><a>&LT;</a></xml>',
      '<xml><a>&amp</a></xml>',
      '<xml><a>&;</a></xml>',
      '<xml><a>& </a></xml>',
      '<xml><a>&</a></xml>',
      '<xml><a>&&</a></xml>',
      '<xml><a>&&amp;</a></xml>',
      '<xml><a>&a&amp;mp;</a></xml>',
      '<xml><a>&#;</a></xml>',
      '<xml><a>&#x;</a></xml>',
      '<xml><a>&#X41;</a></xml>',
      '<xml><a>&#-1;</a></xml>',
      '<xml><a>&# 65;</a></xml>',
      '<xml><a>&#6 5;</a></xml>',
      '<xml><a>&#x4g;</a></xml>',
      '<xml><a>&#000000065;</a></xml>',
      '<xml>&lt;a>1&lt;/a></xml>',
    ],
    'a number that is no character of XML': [
      '<xml><a>&#0;</a></xml>',
      '<xml><a>&#x0;</a></xml>',
      '<xml><a>&#1;</a></xml>',
      '<xml><a>&#8;</a></xml>',
      '<xml><a>&#11;</a></xml>',
      '<xml><a>&#31;</a></xml>',
      '<xml><a>&#xD800;</a></xml>',
      '<xml><a>&#xDFFF;</a></xml>',
      '<xml><a>&#xD83C;&#xDF75;</a></xml>',
      '<xml><a>&#xFFFE;</a></xml>',
      '<xml><a>&#xFFFF;</a></xml>',
      '<xml><a>&#x110000;</a></xml>',
      '<xml><a>&#99999999;</a></xml>',
    ],
    'a character that XML does not have': [
      '<xml><a>\0</a></xml>',
      '<xml><a>\u0001</a></xml>',
      '<xml><a>\u000b</a></xml>',
      '<xml><a>\u001f</a></xml>',
      '<xml><a>\ufffe</a></xml>',
      '<xml><a>\uffff</a></xml>',
      '<xml><a><![CDATA[\0]]></a></xml>',
      '<xml><a><![CDATA[x\u0008x]]></a></xml>',
      '<xml>\0<a>1</a></xml>',
      '<xml><a>1</a></xml>\0',
      '\0<xml><a>1</a></xml>',
      '<x\0ml></xml>',
    ],
    'a blank that is none of XML': [
      '<xml>\u00a0<a>1</a></xml>',
      '<xml>\u3000<a>1</a></xml>',
      '<xml>\u000c<a>1</a></xml>',
      '<xml>\u2028<a>1</a></xml>',
      '<xml><a>1</a></xml>\u0085',
    ],
    'comments and instructions': [
      '<!-- --><xml><a>1</a></xml>',
      '<xml><!-- --><a>1</a></xml>',
      '<xml><a>1<!-- --></a></xml>',
      '<xml><a><!--1--></a></xml>',
      '<xml><a>1</a></xml><!-- -->',
      '<?php x?><xml><a>1</a></xml>',
      '<xml><?php x?><a>1</a></xml>',
      '<xml><a>1</a><?x?></xml>',
      '<xml><a>1</a></xml><?x?>',
    ],
    'attributes and namespaces': [
      '<xml a="1"><a>1</a></xml>',
      '<xml xmlns="http://127.0.0.1/"><a>1</a></xml>',
      '<xml ><a>1</a></xml>',
      '<xml><a b="1">1</a></xml>',
      '<xml><a >1</a></xml>',
      '<xml><a\n>1</a></xml>',
      '<xml><a>1</a ></xml>',
      '<xml><a>1</a></xml >',
      '<xml><x:a>1</x:a></xml>',
      '<x:xml><a>1</a></x:xml>',
      '<xml><a /></xml>',
      '<xml><xi:include href="file:///etc/passwd"/></xml>',
    ],
    'elements inside elements': [
      '<xml><a><b>1</b></a></xml>',
      '<xml><a>1<b>2</b></a></xml>',
      '<xml><a><b/></a></xml>',
      '<xml><xml><a>1</a></xml></xml>',
    ],
    'a name that comes twice': [
      '<xml><a>1</a><a>1</a></xml>',
      '<xml><a>1</a><b>2</b><a></a></xml>',
      '<xml><a/><a/></xml>',
      '<xml><sign>1</sign><sign></sign></xml>',
      '<xml><__proto__>1</__proto__><__proto__>1</__proto__></xml>',
    ],
    'names that are none of WeChat': [
      '<xml><1a>1</1a></xml>',
      '<xml><>1</></xml>',
      '<xml><a-b>1</a-b></xml>',
      '<xml><a.b>1</a.b></xml>',
      '<xml><金额>1</金额></xml>',
      '<xml><é>1</é></xml>',
      '<xml>< a>1</a></xml>',
      '<xml><a$>1</a$></xml>',
    ],
    'tags that do not match': [
      '<xml><a>1</b></xml>',
      '<xml><a>1</A></xml>',
      '<xml><a>1</aa></xml>',
      '<xml><aa>1</a></xml>',
      '<xml><a>1</xml>',
      '<xml><a>1<a></xml>',
      '<xml><a>1</a></xml></xml>',
      '<xml><a/>1</a></xml>',
      '<xml><a/b></xml>',
      '<xml><a>1</a?</xml>',
      '<xml><a/?</xml>',
      '<xml><a>1<xa></xml>',
      '<xml><a><![CDATA[1]]>x/a></xml>',
      '<xml>xa>1</a></xml>',
      '<xml></a></xml>',
      '</xml>',
      '<xml/>',
      '<XML><a>1</a></XML>',
      '<XML><a>1</a></xml>',
      '<xyz><a>1</a></xml>',
      '<root><a>1</a></xml>',
      '12345<a>1</a></xml>',
    ],
    'text where none may be': [
      '<xml>x<a>1</a></xml>',
      '<xml><a>1</a>x<b>2</b></xml>',
      '<xml><a>1</a>x</xml>',
      'x<xml><a>1</a></xml>',
      '<xml><a>1</a></xml>x',
      '<xml><![CDATA[ ]]><a>1</a></xml>',
      '<xml><![CDATA[<a>1</a>]]></xml>',
      '<![CDATA[<xml><a>1</a></xml>]]>',
      '<xml></xml><xml></xml>',
    ],
    'CDATA that is more than one, mixed, in another, or not ended': [
      '<xml><a><![CDATA[1]]><![CDATA[2]]></a></xml>',
      '<xml><a><![CDATA[1]]]]><![CDATA[>2]]></a></xml>',
      '<xml><a>x<![CDATA[1]]></a></xml>',
      '<xml><a> <![CDATA[1]]></a></xml>',
      '<xml><a><![CDATA[1]]> </a></xml>',
      '<xml><a><![CDATA[1]]>x</a></xml>',
      '<xml><a><![CDATA[<![CDATA[1]]>]]></a></xml>',
      '<xml><a><![CDATA[1]]>]]></a></xml>',
      '<xml><a><![CDATA[1</a></xml>',
      '<xml><a><![CDATA[1]]</a></xml>',
      '<xml><a><![CDATA[1]></a></xml>',
      '<xml><a><![cdata[1]]></a></xml>',
      '<xml><a><![CDATA [1]]></a></xml>',
      '<xml><a><! [CDATA[1]]></a></xml>',
      '<xml><a>1]]></a></xml>',
      '<xml><a>]]></a></xml>',
      '<xml><a>]]&gt;]]></a></xml>',
    ],
    'another declaration, or one elsewhere': [
      '<?xml version="1.1"?><xml></xml>',
      '<?xml version="1.0" encoding="GBK"?><xml></xml>',
      '<?xml version="1.0" encoding="UTF-16"?><xml></xml>',
      '<?xml version="1.0" encoding="UTF-7"?><xml></xml>',
      '<?xml encoding="UTF-8"?><xml></xml>',
      '<?xml?><xml></xml>',
      '<?XML version="1.0"?><xml></xml>',
      '<?xml version="1.0" x="y"?><xml></xml>',
      '<?xml version="1.0"?><?xml version="1.0"?><xml></xml>',
      ' <?xml version="1.0"?><xml></xml>',
      '<xml><?xml version="1.0"?></xml>',
      '<?xml version="1.0\'?><xml></xml>',
      '<?xml version="1.1"?><xml><a><![CDATA[<?xml version="1.0"?>]]></a></xml>',
    ],
    'what is no document': ['', ' ', '<', '<x', '<xml', '<xml>', '<xml><', '<xml><a', '<xml><a>'],
    'what ends too early': ['<xml><a>1', '<xml><a>1</', '<xml><a>1</a', '<xml><a>1</a>', '<xml></'],
    'other languages': ['{}', 'null', 'a=1&b=2', '<html></html>', '%3Cxml%3E%3C/xml%3E'],
  };
  for (const [what, texts] of Object.entries(documents)) {
    test(what, () => {
      for (const text of texts) {
        refused(text);
      }
    });
  }

  const text = '<xml><a>1</a></xml>';
  const encoded: Readonly<Record<string, Buffer>> = {
    'a byte order mark': Buffer.from(`\ufeff${text}`),
    'UTF-16, little end first': Buffer.from(text, 'utf16le'),
    'UTF-16, little end first, marked': Buffer.from(`\ufeff${text}`, 'utf16le'),
    'UTF-16, big end first': Buffer.from(text, 'utf16le').swap16(),
    'UTF-16, big end first, marked': Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
    'UTF-32': Buffer.concat(
      [...text].map((character) => Buffer.from([0, 0, 0, ...Buffer.from(character)])),
    ),
    'UTF-7': Buffer.from('+ADw-xml+AD4-+ADw-a+AD4-1+ADw-/a+AD4-+ADw-/xml+AD4-'),
    'UTF-7 that says so': Buffer.from('<?xml version="1.0" encoding="UTF-7"?>+ADw-xml/+AD4-'),
    GBK: Buffer.concat([
      Buffer.from('<xml><a>'),
      Buffer.from([0xb2, 0xe2, 0xca, 0xd4]),
      Buffer.from('</a></xml>'),
    ]),
    'an overlong <': Buffer.concat([Buffer.from([0xc0, 0xbc]), Buffer.from(text.slice(1))]),
    'an overlong NUL': Buffer.concat([
      Buffer.from('<xml><a>'),
      Buffer.from([0xc0, 0x80]),
      Buffer.from('</a></xml>'),
    ]),
    'half a surrogate pair': Buffer.concat([
      Buffer.from('<xml><a>'),
      Buffer.from([0xed, 0xa0, 0xbc]),
      Buffer.from('</a></xml>'),
    ]),
    'a character cut short': Buffer.from('<xml><a>支</a></xml>').subarray(0, 9),
  };
  for (const [what, bytes] of Object.entries(encoded)) {
    test(what, () => refused(bytes));
  }

  test('entities that grow without end, at once', () => {
    const levels = Array.from({ length: 9 }, (_, n) => {
      return `<!ENTITY lol${n + 1} "${`&lol${n};`.repeat(10)}">`;
    });
    const laughs = `<!DOCTYPE lolz [<!ENTITY lol0 "lol">${levels.join('')}]>`;
    refused(`<?xml version="1.0"?>${laughs}<xml><a>&lol9;</a></xml>`);
    refused(`<xml><a>${'&lol9;'.repeat(5000)}</a></xml>`);
  });
});
