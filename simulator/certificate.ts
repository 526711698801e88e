import { randomBytes, X509Certificate } from 'node:crypto';
import forge from 'node-forge';

type CertificateRequest = {
  readonly commonName: string;
  readonly privateKeyPem: string;
  readonly publicKeyPem: string;
  readonly nowMs: number;
};

export type IssuedCertificate = {
  /** 40 upper-case hex characters. */
  readonly serial: string;
  readonly certificatePem: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
};

const LIFE_YEARS = 5;
const DAY_MS = 86_400_000;

/** Issues a self-signed X.509 certificate over a key made elsewhere; five years, as WeChat Pay's are (document 4013053053). */
export const issueCertificate = (request: CertificateRequest): IssuedCertificate => {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(request.publicKeyPem);
  // A first digit of 5 keeps the number positive and all 40 characters significant.
  certificate.serialNumber = `5${randomBytes(20).toString('hex').slice(1)}`;
  certificate.validity.notBefore = new Date(request.nowMs - DAY_MS);
  certificate.validity.notAfter = new Date(request.nowMs + LIFE_YEARS * 365 * DAY_MS);
  const name = [
    { name: 'commonName', value: request.commonName },
    { name: 'organizationName', value: 'WeChat Pay simulator' },
    { name: 'countryName', value: 'CN' },
  ];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.sign(forge.pki.privateKeyFromPem(request.privateKeyPem), forge.md.sha256.create());
  const certificatePem = forge.pki.certificateToPem(certificate).replaceAll('\r\n', '\n');
  return {
    serial: new X509Certificate(certificatePem).serialNumber,
    certificatePem,
    notBeforeMs: request.nowMs - DAY_MS,
    notAfterMs: request.nowMs + LIFE_YEARS * 365 * DAY_MS,
  };
};
