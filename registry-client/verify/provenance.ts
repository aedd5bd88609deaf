import { CORE_SCHEMA, load } from 'js-yaml';
import type { CleartextMessage, Key, Signature } from 'openpgp';

import type { Digest } from '../digest.ts';
import { isObject } from '../json-object.ts';
import { readKeyrings } from './keyring.ts';
import type { KeyringKey, OpenPgp } from './keyring.ts';
import { notVerified, requireSameChart } from './policy.ts';
import type { RequestedChart, VerificationKey, VerifiedSignature } from './policy.ts';

/** What a provenance file has to be about. */
export interface ProvenTarball extends RequestedChart {
  chartDigest: Digest;
}

/** Each is verified over the whole text. */
const MAX_SIGNATURES = 8;
const MAX_SIGNER_CHARACTERS = 256;
const NO_PROVENANCE = 'the chart has no provenance file (.prov)';
const SIGN_IT = 'sign it with helm package --sign, and publish the .prov file beside the tarball';

/** Returns the error for a chart without a provenance file. */
export function withoutProvenance(cause?: unknown): Error {
  return notVerified(NO_PROVENANCE, SIGN_IT, cause);
}

/**
 * Verifies a provenance file of Helm: an OpenPGP clear-signed message with the chart's metadata and the tarball's digest, by a key
 * of the keyrings that is neither expired nor revoked now. Throws `VerificationFailed`.
 */
export async function verifyProvenance(
  keyrings: readonly VerificationKey[],
  provenance: Uint8Array,
  tarball: ProvenTarball,
): Promise<VerifiedSignature> {
  const openpgp = await import('openpgp');
  const keys = await readKeyrings(openpgp, keyrings);
  const message = await readMessage(openpgp, provenance);
  const signature = await verifyMessage(openpgp, keys, message);
  requireSameTarball(message.getText(), tarball);
  return signature;
}

async function readMessage(openpgp: OpenPgp, provenance: Uint8Array): Promise<CleartextMessage> {
  try {
    return await openpgp.readCleartextMessage({ cleartextMessage: Buffer.from(provenance).toString('utf8') });
  } catch (cause) {
    throw notVerified('the provenance file is not a clear-signed OpenPGP message', SIGN_IT, cause);
  }
}

/** Any one good signature of a key that is given suffices. */
async function verifyMessage(
  openpgp: OpenPgp,
  keys: readonly KeyringKey[],
  message: CleartextMessage,
): Promise<VerifiedSignature> {
  const count = message.getSigningKeyIDs().length;
  if (count > MAX_SIGNATURES) throw notVerified(`the provenance file has ${count} signatures`, SIGN_IT);
  const verificationKeys = keys.map(({ key }) => key);
  const { signatures } = await openpgp.verify({ message, verificationKeys });
  const reasons: string[] = [];
  for (const { keyID, verified, signature } of signatures) {
    const signer = keys.find(({ key }) => key.getKeys(keyID).length > 0);
    try {
      if (signer === undefined)
        throw new Error(`it was made by the key ${keyID.toHex()}, which is not in any of the keyrings`);
      await verified;
      // As in Helm, a key that has expired since proves nothing any more: whoever has it now can sign with any date.
      await signer.key.getSigningKey(keyID);
      return await describeSigner(signer, await signature);
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
    }
  }
  const reason = reasons.length === 0 ? 'it is not signed' : [...new Set(reasons)].join('; ');
  throw notVerified(`the provenance file is not verified: ${reason}`, 'give the keyring of whoever signs the chart');
}

async function describeSigner({ name, key }: KeyringKey, { packets }: Signature): Promise<VerifiedSignature> {
  const created = packets[0]?.created;
  return {
    provider: 'Helm',
    key: name,
    fingerprint: key.getFingerprint().toUpperCase(),
    signer: await userIdOf(key),
    ...(created ? { signedAt: created.toISOString() } : {}),
  };
}

async function userIdOf(key: Key): Promise<string> {
  const { user } = await key.getPrimaryUser();
  return (user.userID?.userID ?? '').slice(0, MAX_SIGNER_CHARACTERS);
}

/** The signed text as Helm writes it: the metadata, `...`, and the digests of files. */
function requireSameTarball(text: string, { name, version, chartDigest }: ProvenTarball): void {
  const { metadata, files } = parseText(text);
  requireSameChart({ name: metadata['name'], version: metadata['version'] }, { name, version });
  const file = `${name}-${String(metadata['version'])}.tgz`;
  const listed = Object.hasOwn(files, file) ? files[file] : undefined;
  if (listed === chartDigest) return;
  const found = typeof listed === 'string' ? `gives ${JSON.stringify(listed)} for` : 'does not list';
  const reason = `the provenance file ${found} ${file}, and the tarball is ${chartDigest}`;
  throw notVerified(reason, 'the tarball was replaced, or the .prov file belongs to another one: publish both again');
}

function parseText(text: string): { metadata: Record<string, unknown>; files: Record<string, unknown> } {
  const [head = '', ...rest] = text.split(/\r?\n\.\.\.\r?\n/);
  const [metadata, sums] = [head, rest.join('\n')].map(parseYaml);
  if (isObject(metadata) && isObject(sums) && isObject(sums['files'])) return { metadata, files: sums['files'] };
  throw notVerified('the provenance file has no metadata or no digests of files', SIGN_IT);
}

function parseYaml(text: string): unknown {
  try {
    return load(text, { schema: CORE_SCHEMA });
  } catch (cause) {
    throw notVerified('the text of the provenance file is not YAML', SIGN_IT, cause);
  }
}
