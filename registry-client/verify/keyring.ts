import type * as openpgp from 'openpgp';
import type { Key } from 'openpgp';

import { notVerified } from './policy.ts';
import type { VerificationKey } from './policy.ts';

/** OpenPGP.js; loaded only where it is needed, since it is large. */
export type OpenPgp = typeof openpgp;

/** A key of a keyring, and the keyring's name. */
export interface KeyringKey {
  name: string;
  key: Key;
}

const MAX_KEYRING_BYTES = 256 * 1024;
const ARMOR_END = '-----END PGP PUBLIC KEY BLOCK-----';

/** Reads keyrings, binary or armored; throws `VerificationFailed` where one is not a keyring, or holds a private key. */
export async function readKeyrings(openpgp: OpenPgp, keyrings: readonly VerificationKey[]): Promise<KeyringKey[]> {
  const bytes = keyrings.reduce((sum, { content }) => sum + content.length, 0);
  if (bytes > MAX_KEYRING_BYTES) {
    throw notVerified(`the keyrings have ${bytes} bytes, more than the limit of ${MAX_KEYRING_BYTES}`);
  }
  const read = await Promise.all(keyrings.map((keyring) => readKeyring(openpgp, keyring)));
  return read.flat();
}

async function readKeyring(openpgp: OpenPgp, { name, content }: VerificationKey): Promise<KeyringKey[]> {
  const keys = await parse(openpgp, content).catch((cause: unknown) => {
    throw unusable(name, 'is not an OpenPGP keyring (gpg --export)', cause);
  });
  if (keys.length === 0) throw unusable(name, 'holds no OpenPGP public key');
  if (keys.some((key) => key.isPrivate())) throw unusable(name, 'holds a private key');
  return keys.map((key) => ({ name, key }));
}

async function parse(openpgp: OpenPgp, content: string | Uint8Array): Promise<Key[]> {
  const bytes = Buffer.from(content);
  const isArmored = bytes.subarray(0, 4096).includes('-----BEGIN PGP');
  if (!isArmored) return openpgp.readKeys({ binaryKeys: new Uint8Array(bytes) });
  // What follows the last end is not a key, and the first block alone is what OpenPGP.js would read.
  const blocks = bytes.toString('utf8').split(ARMOR_END).slice(0, -1);
  const read = await Promise.all(blocks.map((block) => openpgp.readKeys({ armoredKeys: block + ARMOR_END })));
  return read.flat();
}

function unusable(name: string, why: string, cause?: unknown): Error {
  return notVerified(`the keyring ${JSON.stringify(name)} ${why}`, 'provide the public keys: gpg --export', cause);
}
