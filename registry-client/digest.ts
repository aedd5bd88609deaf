import { createHash } from 'node:crypto';

/** A content digest, `sha256:` and 64 hex digits in lower case. */
export type Digest = `sha256:${string}`;

/** Tells whether `text` is a sha256 digest as the OCI image specification writes them. */
export function isDigest(text: unknown): text is Digest {
  return typeof text === 'string' && /^sha256:[0-9a-f]{64}$/.test(text);
}

/** Returns the sha256 digest of `bytes`. */
export function digestOfBytes(bytes: Uint8Array | string): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
