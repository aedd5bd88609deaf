import { expect } from '@jest/globals';

import { pullChart } from '../../../../registry-client/index.ts';
import type { PulledChart, PullOptions, VerificationPolicy } from '../../../../registry-client/index.ts';
import { signingKey } from '../../../support/charts/cosign-signer.ts';
import type { SigningKey, StoredSignature } from '../../../support/charts/cosign-signer.ts';
import { chartImage, digest, local, registryOf, serve } from '../support/server.ts';
import type { Handler, TestServer } from '../support/server.ts';

export const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const INDEX = 'application/vnd.oci.image.index.v1+json';

/** Whose key is trusted, and who else signs. */
export const alice = signingKey();
export const mallory = signingKey();
export const image = chartImage();
export const otherDigest = digest('another manifest');

export const policyOf = (...keys: SigningKey[]): VerificationPolicy => ({
  provider: 'Cosign',
  keys: keys.map(({ publicPem }, index) => ({ name: `${index}.pub`, content: publicPem })),
});

/** A registry without referrers API that holds the image and signatures. */
export const holding = (held: ReturnType<typeof chartImage>, ...signatures: StoredSignature[]): Handler => {
  const contents = new Map<string, Uint8Array>();
  for (const { manifests, blobs } of signatures) {
    for (const [reference, bytes] of manifests) {
      for (const name of [reference, digest(bytes)]) contents.set(`/v2/space/web/manifests/${name}`, bytes);
    }
    for (const [blob, bytes] of blobs) contents.set(`/v2/space/web/blobs/${blob}`, bytes);
  }
  return registryOf(held, ({ method, url = '' }, response) => {
    const content = contents.get(url);
    if (content === undefined) return false;
    response.end(method === 'HEAD' ? undefined : content);
    return true;
  });
};

export const optionsFor = (server: TestServer, more: Partial<PullOptions> = {}): PullOptions => ({
  ...local,
  registry: `oci://${server.host}/space`,
  name: 'web',
  version: '1.0.0',
  ...more,
});

export const pullFrom = async (
  handler: Handler,
  verify: VerificationPolicy,
  more: Partial<PullOptions> = {},
): Promise<PulledChart> => pullChart(optionsFor(await serve(handler), { verify, ...more }));

/** What a pull is rejected with. */
export const refused = (message: string) => ({
  code: 'VerificationFailed',
  transient: false,
  message: expect.stringContaining(message),
});
