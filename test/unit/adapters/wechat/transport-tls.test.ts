import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { createServer as createHttpsServer } from 'node:https';
import { createServer } from 'node:net';
import { suite, type TestContext, test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import forge from 'node-forge';
import { createTransport } from '#adapters/wechat/transport.ts';
import { listen, serve } from './loopback.ts';

const network = { type: 'failure', failure: 'network' };
const tls = selfSigned('127.0.0.1');

function selfSigned(ip: string) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
  certificate.serialNumber = '01';
  certificate.validity.notBefore = new Date('2024-01-01T00:00:00Z');
  certificate.validity.notAfter = new Date('2049-01-01T00:00:00Z');
  certificate.setSubject([{ name: 'commonName', value: 'loopback' }]);
  certificate.setIssuer([{ name: 'commonName', value: 'loopback' }]);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true },
    { name: 'subjectAltName', altNames: [{ type: 7, ip }] },
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(privateKey), forge.md.sha256.create());
  return { key: privateKey, cert: forge.pki.certificateToPem(certificate) };
}

async function serveTls(context: TestContext, options: { key: string; cert: string }) {
  const server = createHttpsServer(options, (_request, response) => response.end('fine'));
  return `https://127.0.0.1:${await listen(context, server)}`;
}

function trust(context: TestContext, cert: string): void {
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, cert]);
  context.after(() => setDefaultCACertificates(before));
}

async function send(origins: string[], connectTimeoutMs = 2_000) {
  const transport = createTransport({ origins, limits: { connectTimeoutMs } });
  const answer = await transport.send({ method: 'GET', target: '/', headers: {} });
  return answer.type === 'response'
    ? answer.status
    : { type: answer.type, failure: answer.failure };
}

suite('HTTPS', () => {
  test('reaches an origin whose certificate is trusted', async (context) => {
    trust(context, tls.cert);
    assert.equal(await send([await serveTls(context, tls)]), 200);
  });

  test('refuses a certificate that nobody trusts', async (context) => {
    assert.deepEqual(await send([await serveTls(context, tls)]), network);
  });

  test('refuses a trusted certificate of another host', async (context) => {
    const other = selfSigned('127.0.0.2');
    trust(context, other.cert);
    assert.deepEqual(await send([await serveTls(context, other)]), network);
  });

  test('gives a handshake up after the connect timeout and asks the second', async (context) => {
    const silent = createServer(() => undefined);
    const port = await listen(context, silent);
    const second = await serve(context, (_request, response) => response.end());
    assert.equal(await send([`https://127.0.0.1:${port}`, second], 200), 200);
  });
});
