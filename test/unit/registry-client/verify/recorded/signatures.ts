import { readFileSync } from 'node:fs';

import type { VerificationPolicy } from '../../../../../registry-client/index.ts';
import type { StoredSignature } from '../../../../support/charts/cosign-signer.ts';

type Texts = Record<string, string>;

/** A signature of `chartImage()` that real cosign made, and the policy with its public key. */
export type RecordedSignature = { title: string; policy: VerificationPolicy; stored: StoredSignature };

/** What record.ts has recorded. */
export function recordedSignatures(): RecordedSignature[] {
  const text = readFileSync(new URL('cosign.json', import.meta.url), 'utf8');
  const recorded = JSON.parse(text) as {
    title: string;
    publicPem: string;
    stored: { manifests: Texts; blobs: Texts };
  }[];
  return recorded.map(({ title, publicPem, stored: { manifests, blobs } }) => ({
    title,
    policy: { provider: 'Cosign', keys: [{ name: 'cosign.pub', content: publicPem }] },
    stored: { manifests: bytesOf(manifests), blobs: bytesOf(blobs) },
  }));
}

function bytesOf(texts: Texts): Map<string, Uint8Array> {
  return new Map(Object.entries(texts).map(([name, text]) => [name, Buffer.from(text)]));
}
