import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:https';
import type { TestContext } from 'node:test';
import { getCACertificates, setDefaultCACertificates, TLSSocket } from 'node:tls';
import forge from 'node-forge';
import { listen } from '../loopback.ts';

export type Pair = { readonly key: string; readonly cert: string };

/** A certificate that signs itself, good for 127.0.0.1 and for a client. */
export function selfSigned(commonName: string): Pair {
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
  certificate.setSubject([{ name: 'commonName', value: commonName }]);
  certificate.setIssuer([{ name: 'commonName', value: commonName }]);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true },
    { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(privateKey), forge.md.sha256.create());
  return { key: privateKey, cert: forge.pki.certificateToPem(certificate) };
}

/** The pair as WeChat hands it out besides, in base64. */
export function p12Of({ key, cert }: Pair, password: string): string {
  const sealed = forge.pkcs12.toPkcs12Asn1(
    forge.pki.privateKeyFromPem(key),
    [forge.pki.certificateFromPem(cert)],
    password,
    { algorithm: '3des' },
  );
  return forge.util.encode64(forge.asn1.toDer(sealed).getBytes());
}

/** Who is let in by name, in the order of their calls; nobody is turned away. */
export async function serveAskingForCertificate(context: TestContext, own: Pair) {
  const seen: { readonly name: string; readonly port: number | undefined }[] = [];
  const options = { ...own, requestCert: true, rejectUnauthorized: false };
  const server = createServer(options, (request, response) => {
    const { socket } = request;
    const name = socket instanceof TLSSocket ? socket.getPeerCertificate().subject?.CN : undefined;
    seen.push({ name: String(name ?? 'nobody'), port: socket.remotePort });
    response.end('fine');
  });
  return { origin: `https://127.0.0.1:${await listen(context, server)}`, seen };
}

export function trust(context: TestContext, { cert }: Pair): void {
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, cert]);
  context.after(() => setDefaultCACertificates(before));
}
