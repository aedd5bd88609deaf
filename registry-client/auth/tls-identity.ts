import { X509Certificate, createPrivateKey } from 'node:crypto';

import { RegistryError } from '../errors.ts';

/**
 * PEM texts: authorities that the registry's certificate must come from (other hosts may have one of the system's too), and a
 * certificate with its key for the registry alone to see.
 */
export type TlsIdentity = { ca?: string | undefined; cert?: string | undefined; key?: string | undefined };

/** Returns what is given of an identity; throws `InvalidCredentials` where it is no PEM text, or the key is not the certificate's. */
export function checkTlsIdentity(
  { ca, cert, key }: TlsIdentity = {},
  owner: string,
): { ca?: string; cert?: string; key?: string } {
  if ((cert === undefined) !== (key === undefined)) throw invalid(owner, 'a certificate and its key go together');
  if (ca !== undefined) parsed(owner, 'the authority', () => new X509Certificate(ca));
  if (cert === undefined || key === undefined) return ca === undefined ? {} : { ca };
  const certificate = parsed(owner, 'the client certificate', () => new X509Certificate(cert));
  const privateKey = parsed(owner, "the client certificate's key", () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey)) throw invalid(owner, 'the key is not that of the client certificate');
  return { ...(ca === undefined ? {} : { ca }), cert, key };
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
