import { createHash, createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP, isIPv4 } from 'node:net';
import { der, derBitString, derInteger, derObjectId, derSequence, DER_TAG, type DerValue, readDer } from './der.ts';

/** What a certificate is to say. */
export interface CertificateTemplate {
  readonly commonName: string;
  readonly dnsNames: readonly string[];
  readonly ips: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly use: 'authority' | 'server';
}

/** The signer. */
export interface Issuer {
  readonly key: KeyObject;
  /** The subject's name, in DER. */
  readonly name: Buffer;
  /** The subject key identifier, if its certificate has one. */
  readonly keyId: Buffer | undefined;
}

const ID = {
  commonName: '2.5.4.3',
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
} as const;

/** Issues a certificate, in DER, that Go's x509.CreateCertificate would issue for this template; signed by its own key without an issuer. */
export function issueCertificate(template: CertificateTemplate, key: KeyObject, issuer?: Issuer): Buffer {
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const subject = nameOf(template.commonName);
  const signer = issuer ?? { key, name: subject, keyId: undefined };
  const algorithm = signatureAlgorithm(signer.key);
  const authorityKeyId = signer.name.equals(subject) ? undefined : signer.keyId;
  const content = derSequence(
    der(0xa0, derInteger(Buffer.of(2))),
    derInteger(randomBytes(16)),
    algorithm.id,
    signer.name,
    derSequence(timeOf(template.notBefore), timeOf(template.notAfter)),
    subject,
    publicKey,
    der(0xa3, derSequence(...extensionsOf(template, publicKey, authorityKeyId))),
  );
  return derSequence(content, algorithm.id, derBitString(sign(algorithm.digest, content, signer.key)));
}

/** The subject's name and key identifier of a certificate in DER; throws where that is malformed. */
export function subjectOf(certificate: Buffer): { readonly name: Buffer; readonly keyId: Buffer | undefined } {
  const [body] = childrenOf(readDer(certificate)[0]);
  const fields = childrenOf(body).filter(({ tag }) => tag !== 0xa0);
  const name = fields[4];
  if (name?.tag !== DER_TAG.sequence) throw new Error('x509: malformed certificate');
  const [extensions] = childrenOf(fields.find(({ tag }) => tag === 0xa3));
  const id = derObjectId(ID.subjectKeyId);
  const found = childrenOf(extensions)
    .map(childrenOf)
    .find(([first]) => first?.whole.equals(id));
  return { name: name.whole, keyId: childrenOf(found?.at(-1))[0]?.content };
}

function childrenOf(value: DerValue | undefined): DerValue[] {
  return value === undefined ? [] : readDer(value.content);
}

const ECDSA: Readonly<Record<string, readonly [id: string, digest: string]>> = {
  prime256v1: ['1.2.840.10045.4.3.2', 'sha256'],
  secp384r1: ['1.2.840.10045.4.3.3', 'sha384'],
  secp521r1: ['1.2.840.10045.4.3.4', 'sha512'],
};

function signatureAlgorithm(key: KeyObject): { readonly id: Buffer; readonly digest: string | null } {
  const type = key.asymmetricKeyType;
  if (type === 'rsa')
    return { id: derSequence(derObjectId('1.2.840.113549.1.1.11'), der(DER_TAG.null)), digest: 'sha256' };
  if (type === 'ed25519') return { id: derSequence(derObjectId('1.3.101.112')), digest: null };
  const curve = type === 'ec' ? ECDSA[key.asymmetricKeyDetails?.namedCurve ?? ''] : undefined;
  if (curve !== undefined) return { id: derSequence(derObjectId(curve[0])), digest: curve[1] };
  throw new Error('error creating certificate: x509: only RSA, ECDSA and Ed25519 keys supported');
}

const PRINTABLE = /^[A-Za-z0-9 '()+,\-./:=?]*$/;

function nameOf(commonName: string): Buffer {
  if (commonName === '') return derSequence();
  const tag = PRINTABLE.test(commonName) ? DER_TAG.printableString : DER_TAG.utf8String;
  return derSequence(der(DER_TAG.set, derSequence(derObjectId(ID.commonName), der(tag, Buffer.from(commonName)))));
}

function timeOf(date: Date): Buffer {
  const digits = `${date
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replaceAll(/[-:T]/g, '')}Z`;
  const short = date.getUTCFullYear() >= 1950 && date.getUTCFullYear() < 2050;
  return short ? der(DER_TAG.utcTime, Buffer.from(digits.slice(2))) : der(DER_TAG.generalizedTime, Buffer.from(digits));
}

type Criticality = 'critical' | 'optional';

function extension(id: string, criticality: Criticality, value: Buffer): Buffer {
  const critical = criticality === 'critical' ? [der(DER_TAG.boolean, Buffer.of(0xff))] : [];
  return derSequence(derObjectId(id), ...critical, der(DER_TAG.octetString, value));
}

function extensionsOf(template: CertificateTemplate, publicKey: Buffer, authorityKeyId: Buffer | undefined): Buffer[] {
  const isAuthority = template.use === 'authority';
  // Digital signature and key encipherment; an authority signs certificates too.
  const usage = isAuthority ? derBitString(Buffer.of(0xa4), 2) : derBitString(Buffer.of(0xa0), 5);
  const extensions = [
    extension(ID.keyUsage, 'critical', usage),
    extension(ID.extendedKeyUsage, 'optional', derSequence(derObjectId(ID.serverAuth), derObjectId(ID.clientAuth))),
    extension(
      ID.basicConstraints,
      'critical',
      derSequence(...(isAuthority ? [der(DER_TAG.boolean, Buffer.of(0xff))] : [])),
    ),
  ];
  if (isAuthority)
    extensions.push(extension(ID.subjectKeyId, 'optional', der(DER_TAG.octetString, keyIdOf(publicKey))));
  if (authorityKeyId !== undefined) {
    extensions.push(extension(ID.authorityKeyId, 'optional', derSequence(der(0x80, authorityKeyId))));
  }
  const names = [
    ...template.dnsNames.map((name) => der(0x82, Buffer.from(name))),
    ...template.ips.map((ip) => der(0x87, ipBytes(ip))),
  ];
  const criticality = template.commonName === '' ? 'critical' : 'optional';
  if (names.length > 0) extensions.push(extension(ID.subjectAltName, criticality, derSequence(...names)));
  return extensions;
}

/** The first 160 bits of the SHA-256 of the public key, as RFC 7093 and Go have it. */
function keyIdOf(publicKey: Buffer): Buffer {
  const bits = childrenOf(readDer(publicKey)[0])[1]?.content ?? Buffer.alloc(0);
  return createHash('sha256').update(bits.subarray(1)).digest().subarray(0, 20);
}

/** Whether the text is an IP address without a zone. */
export function isIpAddress(text: string): boolean {
  return isIP(text) !== 0 && !text.includes('%');
}

function ipBytes(ip: string): Buffer {
  if (isIPv4(ip)) return Buffer.from(ip.split('.').map(Number));
  const bytes = Buffer.from(expanded(ip).flatMap((group) => [group >> 8, group & 0xff]));
  const isMapped = bytes.readBigUInt64BE() === 0n && bytes.readUInt32BE(8) === 0xffff;
  return isMapped ? bytes.subarray(12) : bytes;
}

/** The eight groups of an IPv6 address. */
function expanded(ip: string): number[] {
  const dotted = ip.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_all, ...parts: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = parts.map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
  const [head = '', tail = ''] = dotted.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === '' ? [] : tail.split(':');
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  return [...before, ...zeros, ...after].map((group) => Number.parseInt(group, 16));
}
