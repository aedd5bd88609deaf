import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { checkTlsIdentity, type TlsIdentity } from '../../../../registry-client/auth/tls-identity.ts';

// Working with certificates and keys keeps the process from all else: a tenant's own must not do so for long.

const PEM = { type: 'pkcs8', format: 'pem' } as const;
const exchangeKey = generateKeyPairSync('x25519').privateKey.export(PEM).toString();
const largeKey = generateKeyPairSync('rsa', { modulusLength: 4104 }).privateKey.export(PEM).toString();
const hundreds = 'x'.repeat(256 * 1024 + 1);

test.each<[string, TlsIdentity, RegExp]>([
  ['hundreds of authorities', { ca: hundreds }, /more than 256 KiB of certificates/],
  ['hundreds of certificates', { cert: hundreds, key: exchangeKey }, /more than 256 KiB of certificates/],
  ['a key that takes long to sign with', { cert: 'any', key: largeKey }, /neither RSA of up to 4096 bits nor/],
  ['a key that signs nothing', { cert: 'any', key: exchangeKey }, /neither RSA of up to 4096 bits nor/],
  ['an invalid certificate', { ca: 'any' }, /the authority is not a PEM text/],
])('%s cannot be used', (_what, identity, why) => {
  expect(() => checkTlsIdentity(identity, 'registry.example.com')).toThrow(why);
});
