import { createHash, createPublicKey } from 'node:crypto';

import { expect, test } from '@jest/globals';

import { isSignerTrusted } from '../../../../registry-client/index.ts';
import type { VerificationPolicy, VerifiedSignature } from '../../../../registry-client/index.ts';
import { signingKey } from '../../../support/charts/cosign-signer.ts';
import { pgpKey, revoked } from '../../../support/charts/pgp-signer.ts';

const policyOf = (
  provider: VerificationPolicy['provider'],
  ...contents: (string | Uint8Array)[]
): VerificationPolicy => ({ provider, keys: contents.map((content) => ({ name: 'key', content })) });

test('a cosign key is trusted as long as it is among the keys', async () => {
  const [alice, bob] = [signingKey(), signingKey('rsa')];
  const der = createPublicKey(alice.publicPem).export({ type: 'spki', format: 'der' });
  const fingerprint = `sha256:${createHash('sha256').update(der).digest('hex')}`;
  const signature: VerifiedSignature = { provider: 'Cosign', key: 'key', fingerprint };
  await expect(isSignerTrusted(policyOf('Cosign', alice.publicPem), signature)).resolves.toBe(true);
  await expect(isSignerTrusted(policyOf('Cosign', bob.publicPem, alice.publicPem), signature)).resolves.toBe(true);
  await expect(isSignerTrusted(policyOf('Cosign', bob.publicPem), signature)).resolves.toBe(false);
  await expect(isSignerTrusted(policyOf('Cosign', 'no key', alice.publicPem), signature)).resolves.toBe(false);
  await expect(isSignerTrusted(policyOf('Helm', alice.publicPem), signature)).resolves.toBe(false);
});

test('a PGP key is trusted as long as it is in a keyring and neither expired nor revoked', async () => {
  const created = new Date('2020-01-01T00:00:00Z');
  const [alice, expired] = await Promise.all([pgpKey('Alice'), pgpKey('Eve', { created, expiresInSeconds: 60 })]);
  const signatureOf = ({ privateKey }: typeof alice): VerifiedSignature => {
    const fingerprint = privateKey.getFingerprint().toUpperCase();
    return { provider: 'Helm', key: 'key', fingerprint };
  };
  const keyring = Buffer.concat([alice.keyring, expired.keyring]);
  await expect(isSignerTrusted(policyOf('Helm', keyring), signatureOf(alice))).resolves.toBe(true);
  await expect(isSignerTrusted(policyOf('Helm', keyring), signatureOf(expired))).resolves.toBe(false);
  await expect(isSignerTrusted(policyOf('Helm', expired.keyring), signatureOf(alice))).resolves.toBe(false);
  await expect(isSignerTrusted(policyOf('Helm', (await revoked(alice)).keyring), signatureOf(alice))).resolves.toBe(
    false,
  );
  await expect(isSignerTrusted(policyOf('Helm', 'no keyring'), signatureOf(alice))).resolves.toBe(false);
});
