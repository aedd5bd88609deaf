import type { VerificationPolicy } from '../../registry-client/index.ts';
import { digestOfJson } from '../../resources/index.ts';

/** Digest of a policy and the keys in it; undefined for none. */
export function policyDigest(policy: VerificationPolicy | undefined): string | undefined {
  const keys = policy?.keys.map(({ name, content }) => [name, Buffer.from(content).toString('base64')]);
  return policy && digestOfJson([policy.provider, keys]);
}
