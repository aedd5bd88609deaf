import { X509Certificate, createPrivateKey, type KeyObject } from 'node:crypto';

import { RegistryError } from '../errors.ts';

/**
 * PEM texts: authorities that the registry's certificate must come from (other hosts may have one of the system's too), and a
 * certificate with its key for the registry alone to see.
 */
export interface TlsIdentity {
  ca?: string | undefined;
  cert?: string | undefined;
  key?: string | undefined;
}

/** Reading certificates and signing with a key block the whole process, for as long as whoever supplies them chooses. */
const MAX_CERTIFICATES_BYTES = 256 * 1024;
const MAX_RSA_BITS = 4096;
const KEY_TYPES: readonly unknown[] = ['rsa', 'rsa-pss', 'ec', 'ed25519', 'ed448'];

/**
 * Returns what is given of an identity; throws `InvalidCredentials` where it is not PEM, the key is not the certificate's, or either
 * takes too long to work with.
 */
export function checkTlsIdentity(
  { ca, cert, key }: TlsIdentity = {},
  owner: string,
): { ca?: string; cert?: string; key?: string } {
  if ((cert === undefined) !== (key === undefined)) throw invalid(owner, 'a certificate and its key go together');
  checkLength(ca, owner);
  checkLength(cert, owner);
  if (ca !== undefined) parsed(owner, 'the authority', () => new X509Certificate(ca));
  if (cert === undefined || key === undefined) return ca === undefined ? {} : { ca };
  const privateKey = checkedKey(key, owner);
  const certificate = parsed(owner, 'the client certificate', () => new X509Certificate(cert));
  if (!certificate.checkPrivateKey(privateKey)) throw invalid(owner, 'the key is not that of the client certificate');
  return { ...(ca === undefined ? {} : { ca }), cert, key };
}

function checkLength(text: string | undefined, owner: string): void {
  if (text === undefined || text.length <= MAX_CERTIFICATES_BYTES) return;
  throw invalid(owner, `it has more than ${MAX_CERTIFICATES_BYTES / 1024} KiB of certificates`);
}

function checkedKey(text: string, owner: string): KeyObject {
  const key = parsed(owner, "the client certificate's key", () => createPrivateKey(text));
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (KEY_TYPES.includes(key.asymmetricKeyType) && bits <= MAX_RSA_BITS) return key;
  throw invalid(owner, `its key is neither RSA of up to ${MAX_RSA_BITS} bits nor of an elliptic curve`);
}

function parsed<Result>(owner: string, what: string, parse: () => Result): Result {
  try {
    return parse();
  } catch {
    // The cause could quote the key.
    throw invalid(owner, `${what} is not a PEM text that can be read`);
  }
}

function invalid(owner: string, reason: string): RegistryError {
  return new RegistryError({
    code: 'InvalidCredentials',
    reason: `the TLS identity for ${owner} cannot be used: ${reason}`,
  });
}
