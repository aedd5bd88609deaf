import { createCipheriv, createDecipheriv, createHmac, randomBytes, scryptSync } from 'node:crypto';
import { genSaltSync, hashSync } from 'bcryptjs';
import { bytesOfText, textOfBytes } from '../../../golang/strings/index.ts';
import { define, defineContextual } from '../../../golang/template/index.ts';
import { costly } from '../costly.ts';
import { decodeBase64 } from '../text/encoding.ts';
import type { FunctionEntries } from '../entries.ts';
import { random } from '../remembering.ts';

const BCRYPT_COST = 10;
const BCRYPT_MAX_BYTES = 72;

function bcryptHash(password: string): string {
  if (bytesOfText(password).length > BCRYPT_MAX_BYTES) {
    return 'failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes';
  }
  return hashSync(password, genSaltSync(BCRYPT_COST)).replace(/^\$2[by]\$/, '$2a$');
}

const bcrypt = defineContextual(['string'], (context, password) => costly(context, () => bcryptHash(password)));

const htpasswd = defineContextual(['string', 'string'], (context, user, password) =>
  user.includes(':') ? `invalid username: ${user}` : `${user}:${costly(context, () => bcryptHash(password))}`,
);

const SEED = 'com.lyndir.masterpassword';

/** The shapes of passwords by type; each letter stands for a class of characters. */
const SHAPES: Readonly<Record<string, readonly string[]>> = {
  maximum: ['anoxxxxxxxxxxxxxxxxx', 'axxxxxxxxxxxxxxxxxno'],
  long: (
    'CvcvnoCvcvCvcv CvcvCvcvnoCvcv CvcvCvcvCvcvno CvccnoCvcvCvcv CvccCvcvnoCvcv CvccCvcvCvcvno CvcvnoCvccCvcv ' +
    'CvcvCvccnoCvcv CvcvCvccCvcvno CvcvnoCvcvCvcc CvcvCvcvnoCvcc CvcvCvcvCvccno CvccnoCvccCvcv CvccCvccnoCvcv ' +
    'CvccCvccCvcvno CvcvnoCvccCvcc CvcvCvccnoCvcc CvcvCvccCvccno CvccnoCvcvCvcc CvccCvcvnoCvcc CvccCvcvCvccno'
  ).split(' '),
  medium: ['CvcnoCvc', 'CvcCvcno'],
  short: ['Cvcn'],
  basic: ['aaanaaan', 'aannaaan', 'aaannaaa'],
  pin: ['nnnn'],
};

const VOWELS = 'aeiou';
const CONSONANTS = 'bcdfghjklmnpqrstvwxyz';
const UPPER = VOWELS.toUpperCase() + CONSONANTS.toUpperCase();
const ALPHABETIC = VOWELS.toUpperCase() + VOWELS + CONSONANTS.toUpperCase() + CONSONANTS;

const CLASSES: Readonly<Record<string, string>> = {
  V: VOWELS.toUpperCase(),
  C: CONSONANTS.toUpperCase(),
  v: VOWELS,
  c: CONSONANTS,
  A: UPPER,
  a: ALPHABETIC,
  n: '0123456789',
  o: "@&%?,=[]_:-+*$#!'^~;()/.",
  x: `${ALPHABETIC}0123456789!@#$%^&*()`,
};

function lengthPrefixed(text: string): Buffer {
  const bytes = bytesOfText(text);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** The password of the Master Password algorithm. */
function derived(counter: number, shapes: readonly string[], password: string, user: string, site: string): string {
  const salt = Buffer.concat([Buffer.from(SEED), lengthPrefixed(user)]);
  const key = scryptSync(bytesOfText(password), salt, 64, { N: 32768, r: 8, p: 2, maxmem: 128 * 1024 * 1024 });
  const count = Buffer.alloc(4);
  count.writeUInt32BE(counter);
  const message = Buffer.concat([Buffer.from(SEED), lengthPrefixed(site), count]);
  const seed = createHmac('sha256', key).update(message).digest();
  const shape = shapes[(seed[0] ?? 0) % shapes.length] ?? '';
  return Array.from(shape)
    .map((letter, i) => {
      const chars = CLASSES[letter] ?? '';
      return chars[(seed[i + 1] ?? 0) % chars.length];
    })
    .join('');
}

const derivePassword = defineContextual(
  ['uint32', 'string', 'string', 'string', 'string'],
  (context, counter, type, password, user, site) => {
    const shapes = Object.hasOwn(SHAPES, type) ? SHAPES[type] : undefined;
    if (shapes === undefined) return `cannot find password template ${type}`;
    return costly(context, () => derived(counter, shapes, password, user, site));
  },
);

const AES_BLOCK = 16;

function aesKey(password: string): Buffer {
  const key = Buffer.alloc(32);
  bytesOfText(password).copy(key);
  return key;
}

const encryptAes = define(['string', 'string'], (password, text) => {
  if (text === '') return '';
  const iv = randomBytes(AES_BLOCK);
  const cipher = createCipheriv('aes-256-cbc', aesKey(password), iv);
  return Buffer.concat([iv, cipher.update(bytesOfText(text)), cipher.final()]).toString('base64');
});

const decryptAes = define(['string', 'string'], (password, encrypted) => {
  if (encrypted === '') return '';
  const bytes = decodeBase64(encrypted);
  if (bytes.length < AES_BLOCK) {
    throw new Error(`runtime error: slice bounds out of range [:${AES_BLOCK}] with capacity ${bytes.length}`);
  }
  const blocks = bytes.subarray(AES_BLOCK);
  if (blocks.length % AES_BLOCK !== 0) throw new Error('crypto/cipher: input not full blocks');
  const cipher = createDecipheriv('aes-256-cbc', aesKey(password), bytes.subarray(0, AES_BLOCK)).setAutoPadding(false);
  const padded = Buffer.concat([cipher.update(blocks), cipher.final()]);
  const end = padded.length - (padded.at(-1) ?? 0);
  if (padded.length === 0 || end < 0) throw new Error(`runtime error: slice bounds out of range [:${end}]`);
  return textOfBytes(padded.subarray(0, end));
});

/** Sprig's functions for passwords and for encryption with one. */
export const passwordFunctions: FunctionEntries = [
  ['bcrypt', random(bcrypt)],
  ['htpasswd', random(htpasswd)],
  ['derivePassword', derivePassword],
  ['encryptAES', random(encryptAes)],
  ['decryptAES', decryptAes],
];
