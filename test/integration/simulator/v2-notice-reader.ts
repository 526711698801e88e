import { createDecipheriv, createHash, createHmac } from 'node:crypto';

type Fields = Readonly<Record<string, string>>;

const ELEMENT = /<(\w+)>(?:<!\[CDATA\[(.*?)\]\]>|([^<]*))<\/\1>/gs;

/** The fields of a document that the simulator wrote; throws when it is anything else. */
export const fieldsOf = (body: string, root = 'xml'): Fields => {
  const [, inner] = new RegExp(`^<${root}>(.*)</${root}>$`, 's').exec(body.trim()) ?? [];
  if (inner === undefined) throw new Error(`no document of ${root}: ${body}`);
  const rest = inner.replaceAll(ELEMENT, '').trim();
  if (rest !== '') throw new Error(`not a flat document: ${rest}`);
  return Object.fromEntries(
    Array.from(inner.matchAll(ELEMENT), ([, name, quoted, plain]) => [name, quoted ?? plain ?? '']),
  );
};

/** What the sign of these fields has to be. */
export const signOf = (fields: Fields, apiKey: string, signType: 'MD5' | 'HMAC-SHA256'): string => {
  const names = Object.keys(fields).filter((name) => name !== 'sign' && fields[name] !== '');
  const text = names.sort().map((name) => `${name}=${fields[name]}&`);
  const hash = signType === 'MD5' ? createHash('md5') : createHmac('sha256', apiKey);
  return hash
    .update(`${text.join('')}key=${apiKey}`)
    .digest('hex')
    .toUpperCase();
};

/** What is inside `req_info`; mostly throws when the key is another one. */
export const unsealed = (fields: Fields, apiKey: string): Buffer => {
  const key = Buffer.from(createHash('md5').update(apiKey).digest('hex'), 'ascii');
  const decipher = createDecipheriv('aes-256-ecb', key, null);
  return Buffer.concat([decipher.update(fields['req_info'] ?? '', 'base64'), decipher.final()]);
};

/** The text inside `req_info`; throws when the key is another one. */
export const openedText = (fields: Fields, apiKey: string): string =>
  new TextDecoder('utf-8', { fatal: true }).decode(unsealed(fields, apiKey));
