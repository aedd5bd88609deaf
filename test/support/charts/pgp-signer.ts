import { createHash } from 'node:crypto';
import { createCleartextMessage, generateKey, revokeKey, sign } from 'openpgp';
import type { PrivateKey } from 'openpgp';

/** An OpenPGP key pair; `keyring` is what `gpg --export` writes, and `secretKeyring` what `--export-secret-keys` does. */
export type PgpKey = { privateKey: PrivateKey; keyring: Uint8Array; secretKeyring: Uint8Array; armored: string };

/** Makes an RSA key, the kind that Helm's documentation makes; `expiresInSeconds` counts from `created`. */
export async function pgpKey(
  name: string,
  { created = new Date(Date.now() - 60_000), expiresInSeconds = 0 } = {},
): Promise<PgpKey> {
  const email = `${name.toLowerCase()}@example.com`;
  const { privateKey } = await generateKey({
    type: 'rsa',
    rsaBits: 2048,
    userIDs: [{ name, email }],
    date: created,
    keyExpirationTime: expiresInSeconds,
    format: 'object',
  });
  return keyOf(privateKey);
}

/** The same key, revoked. */
export async function revoked({ privateKey }: PgpKey): Promise<PgpKey> {
  const result = await revokeKey({ key: privateKey, format: 'object' });
  return keyOf(result.privateKey);
}

/** Signs a tarball as `helm package --sign` does. */
export async function provenanceOf(
  { privateKey }: PgpKey,
  tarball: Uint8Array,
  options: { name?: string; version?: string; file?: string; date?: Date } = {},
): Promise<string> {
  const { name = 'web', version = '1.0.0', date = new Date() } = options;
  const { file = `${name}-${version}.tgz` } = options;
  const digest = createHash('sha256').update(tarball).digest('hex');
  const text = `apiVersion: v2\nname: ${name}\nversion: ${version}\n\n...\nfiles:\n  ${file}: sha256:${digest}\n`;
  return signText(privateKey, text, date);
}

/** Signs any text, as often as there are keys given, in the way of a provenance file. */
export async function signText(
  signingKeys: PrivateKey | PrivateKey[],
  text: string,
  date = new Date(),
): Promise<string> {
  return sign({ message: await createCleartextMessage({ text }), signingKeys, date });
}

function keyOf(privateKey: PrivateKey): PgpKey {
  const publicKey = privateKey.toPublic();
  const [keyring, secretKeyring] = [publicKey.write(), privateKey.write()];
  return { privateKey, keyring, secretKeyring, armored: publicKey.armor() };
}
