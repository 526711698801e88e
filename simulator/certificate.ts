import { randomBytes, X509Certificate } from 'node:crypto';
import forge from 'node-forge';
import { createPemKeyPair } from './key-pair.ts';

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
  const notBeforeMs = request.nowMs - DAY_MS;
  const notAfterMs = request.nowMs + LIFE_YEARS * 365 * DAY_MS;
  const certificatePem = signCertificate({ ...request, notBeforeMs, notAfterMs });
  return {
    serial: new X509Certificate(certificatePem).serialNumber,
    certificatePem,
    notBeforeMs,
    notAfterMs,
  };
};

/** A certificate authority of this process, and the certificate that it gave to 127.0.0.1 and localhost. PEM texts. */
export type ServerIdentity = {
  readonly certificateAuthority: string;
  readonly certificate: string;
  readonly privateKey: string;
};

const AUTHORITY_NAME = 'WeChat Pay simulator CA';

/** Valid whatever time the simulator lives in: TLS goes by the clock of the machine. */
const ALWAYS = {
  notBeforeMs: Date.parse('2020-01-01T00:00:00Z'),
  notAfterMs: Date.parse('2049-12-31T00:00:00Z'),
};

/** Makes the authority and the certificate of the HTTPS server, each over a fresh key. */
export const createServerIdentity = async (): Promise<ServerIdentity> => {
  const [authority, server] = await Promise.all([createPemKeyPair(), createPemKeyPair()]);
  const certificateAuthority = signCertificate({
    ...authority,
    ...ALWAYS,
    commonName: AUTHORITY_NAME,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true },
    ],
  });
  const certificate = signCertificate({
    ...ALWAYS,
    privateKeyPem: authority.privateKeyPem,
    publicKeyPem: server.publicKeyPem,
    issuerName: AUTHORITY_NAME,
    commonName: 'localhost',
    extensions: [
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { certificateAuthority, certificate, privateKey: server.privateKeyPem };
};

type Signing = {
  readonly commonName: string;
  /** Absent: signs itself. */
  readonly issuerName?: string;
  /** The issuer's. */
  readonly privateKeyPem: string;
  readonly publicKeyPem: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly extensions?: object[];
};

const signCertificate = (wanted: Signing): string => {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(wanted.publicKeyPem);
  // A first digit of 5 keeps the number positive and all 40 characters significant.
  certificate.serialNumber = `5${randomBytes(20).toString('hex').slice(1)}`;
  certificate.validity.notBefore = new Date(wanted.notBeforeMs);
  certificate.validity.notAfter = new Date(wanted.notAfterMs);
  certificate.setSubject(nameOf(wanted.commonName));
  certificate.setIssuer(nameOf(wanted.issuerName ?? wanted.commonName));
  if (wanted.extensions !== undefined) certificate.setExtensions(wanted.extensions);
  certificate.sign(forge.pki.privateKeyFromPem(wanted.privateKeyPem), forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate).replaceAll('\r\n', '\n');
};

const nameOf = (commonName: string): forge.pki.CertificateField[] => [
  { name: 'commonName', value: commonName },
  { name: 'organizationName', value: 'WeChat Pay simulator' },
  { name: 'countryName', value: 'CN' },
];
