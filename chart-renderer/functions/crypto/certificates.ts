import { X509Certificate, type KeyObject } from 'node:crypto';
import { printAny } from '../../../golang/fmt/index.ts';
import { GoObject, type GoType, type NamedParam, type Value } from '../../../golang/reflect/index.ts';
import { type CallContext, define, defineContextual, type TemplateFunction } from '../../../golang/template/index.ts';
import { type CertificateTemplate, isIpAddress, type Issuer, issueCertificate, subjectOf } from './certificate-der.ts';
import { costly } from '../costly.ts';
import { decodeBase64 } from '../text/encoding.ts';
import type { FunctionEntries } from '../entries.ts';
import { nowMsOf } from '../host.ts';
import { decodePem, encodePem } from './pem.ts';
import { generatePrivateKey, generateRsaKey, parsePrivateKey, privateKeyPem } from './private-keys.ts';
import { random, type Codec } from '../remembering.ts';

const CERTIFICATE: GoType = { name: 'sprig.certificate', kind: 'struct' };

function certificateValue(cert: string, key: string): GoObject {
  return new GoObject(
    CERTIFICATE,
    new Map([
      ['Cert', cert],
      ['Key', key],
    ]),
  );
}

type CertificatePair = [cert: string, key: string];

/** The part of its life after which a certificate is due for renewal. */
const RENEWAL_AGE = 2 / 3;

const CERTIFICATE_AND_KEY: Codec = {
  encode: (certificate) => [...((certificate as GoObject).fields as ReadonlyMap<string, string>).values()],
  decode: (pair) => certificateValue(...(pair as CertificatePair)),
  renewalDue: ([cert]: CertificatePair, nowMs) => {
    const { validFromDate: from, validToDate: to } = new X509Certificate(cert);
    if (nowMs < from.getTime() + (to.getTime() - from.getTime()) * RENEWAL_AGE) return undefined;
    return `a certificate ends on ${to.toISOString().slice(0, 10)}`;
  },
};

function randomCertificate(implementation: TemplateFunction): TemplateFunction {
  return random(implementation, CERTIFICATE_AND_KEY);
}

const CERTIFICATE_PARAM: NamedParam = {
  name: CERTIFICATE.name,
  accepts: (value) => value instanceof GoObject && value.type === CERTIFICATE,
};

const RSA_BITS = 2048;
const DAY_MS = 24 * 60 * 60 * 1000;

/** What the caller asks for, as sprig's functions take it. */
interface Request {
  readonly commonName: string;
  readonly ips: readonly Value[];
  readonly dnsNames: readonly Value[];
  readonly days: number;
  readonly use: CertificateTemplate['use'];
}

function templateOf(context: CallContext, { commonName, ips, dnsNames, days, use }: Request): CertificateTemplate {
  const nowMs = nowMsOf(context);
  return {
    commonName,
    ips: ips.map(ipText),
    dnsNames: dnsNames.map(dnsText),
    notBefore: new Date(nowMs),
    notAfter: new Date(nowMs + days * DAY_MS),
    use,
  };
}

function ipText(ip: Value): string {
  if (typeof ip !== 'string') throw new Error(`error parsing ip: ${printAny(ip)} is not a string`);
  if (!isIpAddress(ip)) throw new Error(`error parsing ip: ${ip}`);
  return ip;
}

function dnsText(name: Value): string {
  if (typeof name === 'string') return name;
  throw new Error(`error processing alternate dns name: ${printAny(name)} is not a string`);
}

function issue(context: CallContext, request: Request, key: KeyObject, issuer?: Issuer): Value {
  const bytes = issueCertificate(templateOf(context, request), key, issuer);
  return certificateValue(encodePem({ type: 'CERTIFICATE', bytes }), privateKeyPem(key));
}

function newKey(context: CallContext): KeyObject {
  return costly(context, () => generateRsaKey(RSA_BITS));
}

function givenKey(pem: string): KeyObject {
  return inContext('parsing private key', () => parsePrivateKey(pem));
}

function inContext<T>(context: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Error(`${context}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function issuerOf(authority: GoObject): Issuer {
  const fields = authority.fields as ReadonlyMap<string, string>;
  const block = decodePem(fields.get('Cert') ?? '');
  if (block === undefined) throw new Error('unable to decode certificate');
  const subject = inContext('error parsing certificate: decodedSignerCert.Bytes', () => subjectOf(block.bytes));
  const key = inContext('error parsing private key', () => parsePrivateKey(fields.get('Key') ?? ''));
  return { ...subject, key };
}

const genPrivateKey = defineContextual(['string'], (context, type) => costly(context, () => generatePrivateKey(type)));

function authorityRequest(commonName: string, days: number): Request {
  return { commonName, ips: [], dnsNames: [], days, use: 'authority' };
}

const genCA = defineContextual(['string', 'int'], (context, name, days) =>
  issue(context, authorityRequest(name, days), newKey(context)),
);

const genCAWithKey = defineContextual(['string', 'int', 'string'], (context, name, days, key) =>
  issue(context, authorityRequest(name, days), givenKey(key)),
);

const SERVER_PARAMS = ['string', 'list', 'list', 'int'] as const;

function serverRequest(commonName: string, ips: readonly Value[], dnsNames: readonly Value[], days: number): Request {
  return { commonName, ips, dnsNames, days, use: 'server' };
}

const genSelfSignedCert = defineContextual(SERVER_PARAMS, (context, name, ips, dnsNames, days) =>
  issue(context, serverRequest(name, ips, dnsNames, days), newKey(context)),
);

const genSelfSignedCertWithKey = defineContextual(
  [...SERVER_PARAMS, 'string'],
  (context, name, ips, dnsNames, days, key) => issue(context, serverRequest(name, ips, dnsNames, days), givenKey(key)),
);

const genSignedCert = defineContextual(
  [...SERVER_PARAMS, CERTIFICATE_PARAM],
  (context, name, ips, dnsNames, days, authority) => {
    const request = serverRequest(name, ips, dnsNames, days);
    return issue(context, request, newKey(context), issuerOf(authority as GoObject));
  },
);

const genSignedCertWithKey = defineContextual(
  [...SERVER_PARAMS, CERTIFICATE_PARAM, 'string'],
  (context, name, ips, dnsNames, days, authority, key) => {
    const request = serverRequest(name, ips, dnsNames, days);
    return issue(context, request, givenKey(key), issuerOf(authority as GoObject));
  },
);

const buildCustomCert = define(['string', 'string'], (encodedCert, encodedKey) => {
  const cert = decoded(encodedCert, 'certificate');
  const key = decoded(encodedKey, 'private key');
  const block = decodePem(cert);
  if (block === undefined) throw new Error('unable to decode certificate');
  inContext('error parsing certificate: decodedCert.Bytes', () => subjectOf(block.bytes));
  inContext('error parsing private key', () => parsePrivateKey(key));
  return certificateValue(cert, key);
});

function decoded(text: string, what: string): string {
  try {
    return decodeBase64(text).toString('utf8');
  } catch (error) {
    throw new Error(`unable to decode base64 ${what}`, { cause: error });
  }
}

/** Sprig's functions for keys and certificates. */
export const certificateFunctions: FunctionEntries = [
  ['genPrivateKey', random(genPrivateKey)],
  ['genCA', randomCertificate(genCA)],
  ['genCAWithKey', randomCertificate(genCAWithKey)],
  ['genSelfSignedCert', randomCertificate(genSelfSignedCert)],
  ['genSelfSignedCertWithKey', randomCertificate(genSelfSignedCertWithKey)],
  ['genSignedCert', randomCertificate(genSignedCert)],
  ['genSignedCertWithKey', randomCertificate(genSignedCertWithKey)],
  ['buildCustomCert', buildCustomCert],
];
