import { RegistryError } from '../errors.ts';
import { readKeyrings } from './keyring.ts';
import type { VerificationPolicy, VerifiedSignature } from './policy.ts';
import { readPublicKeys } from './public-key.ts';

/**
 * Tells whether the key that made a signature, which was verified before, is one of the policy's now, and neither expired nor
 * revoked; false where the policy's keys cannot be used.
 */
export async function isSignerTrusted(policy: VerificationPolicy, signature: VerifiedSignature): Promise<boolean> {
  if (policy.provider !== signature.provider) return false;
  try {
    return await (policy.provider === 'Cosign' ? hasPublicKey(policy, signature) : hasValidKey(policy, signature));
  } catch (error) {
    if (error instanceof RegistryError && error.code === 'VerificationFailed') return false;
    throw error;
  }
}

function hasPublicKey({ keys }: VerificationPolicy, { fingerprint }: VerifiedSignature): boolean {
  return readPublicKeys(keys).some((key) => key.fingerprint === fingerprint);
}

async function hasValidKey({ keys }: VerificationPolicy, { fingerprint }: VerifiedSignature): Promise<boolean> {
  const known = await readKeyrings(await import('openpgp'), keys);
  const signer = known.find(({ key }) => key.getFingerprint().toUpperCase() === fingerprint);
  if (signer === undefined) return false;
  return signer.key.getSigningKey().then(
    () => true,
    () => false,
  );
}
