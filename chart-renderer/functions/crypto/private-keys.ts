import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { derInteger, derSequence, readDer } from './der.ts';
import { decodePem, encodePem } from './pem.ts';

/** A new RSA key. */
export function generateRsaKey(bits: number): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength: bits }).privateKey;
}

/** The PEM text of a new key of that type, or the text that sprig returns for a type it does not know. */
export function generatePrivateKey(type: string): string {
  switch (type) {
    case '':
    case 'rsa':
      return privateKeyPem(generateRsaKey(4096));
    case 'dsa':
      return dsaKeyPem();
    case 'ecdsa':
      return privateKeyPem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
    case 'ed25519':
      return privateKeyPem(generateKeyPairSync('ed25519').privateKey);
    default:
      return `Unknown type ${type}`;
  }
}

/** The key in the form that Go's x509 package has for its type. */
export function privateKeyPem(key: KeyObject): string {
  const form = key.asymmetricKeyType === 'rsa' ? 'pkcs1' : key.asymmetricKeyType === 'ec' ? 'sec1' : 'pkcs8';
  return key.export({ type: form, format: 'pem' }).toString();
}

/** OpenSSL's form for DSA, which Node does not write: version, p, q, g, y, x. */
function dsaKeyPem(): string {
  const { privateKey, publicKey } = generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 });
  const [, algorithm, secret] = partsOf(privateKey.export({ type: 'pkcs8', format: 'der' }));
  const [, bits] = partsOf(publicKey.export({ type: 'spki', format: 'der' }));
  const [, parameters] = readDer(algorithm ?? Buffer.alloc(0));
  const public_ = (bits ?? Buffer.alloc(0)).subarray(1);
  const bytes = derSequence(
    derInteger(Buffer.of(0)),
    parameters?.content ?? Buffer.alloc(0),
    public_,
    secret ?? Buffer.alloc(0),
  );
  return encodePem({ type: 'DSA PRIVATE KEY', bytes });
}

function partsOf(sequence: Buffer): Buffer[] {
  return readDer(readDer(sequence)[0]?.content ?? Buffer.alloc(0)).map(({ content }) => content);
}

const FORMS: Readonly<Record<string, string>> = {
  'PRIVATE KEY': 'decoding PEM as PKCS#8',
  'RSA PRIVATE KEY': 'parsing RSA private key from PEM',
  'EC PRIVATE KEY': 'parsing EC private key from PEM',
  'DSA PRIVATE KEY': 'parsing DSA private key from PEM',
};

/** Reads a private key; throws in sprig's words. */
export function parsePrivateKey(pem: string): KeyObject {
  const block = decodePem(pem);
  if (block === undefined) throw new Error('no PEM data in input');
  const form = FORMS[block.type];
  if (form === undefined) {
    if (!block.type.endsWith(' PRIVATE KEY')) throw new Error(`no private key data in PEM block of type ${block.type}`);
    throw new Error(`invalid private key type ${block.type.replace(/ PRIVATE KEY$/, '')}`);
  }
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw new Error(`${form}: the key is malformed`, { cause: error });
  }
}
