import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { LOOPBACK, pullChart } from '../../../registry-client/index.ts';
import type { VerificationPolicy } from '../../../registry-client/index.ts';
import { storeSignature } from '../../support/charts/cosign-signer.ts';
import { chartImage } from '../../unit/registry-client/support/server.ts';
import { recordedSignatures } from '../../unit/registry-client/verify/recorded/signatures.ts';
import { startReferrersRegistry, startRegistry } from './real-registry.ts';
import type { RealRegistry } from './real-registry.ts';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const image = chartImage();

/** What real cosign stores, in registries with and without the referrers API; the former make the list of it themselves. */
describe.each([
  ['with', startReferrersRegistry],
  ['without', () => startRegistry()],
])('a registry %s the referrers API', (kind, start) => {
  let registry: RealRegistry;
  beforeAll(async () => {
    registry = await start();
  }, 1_200_000);
  afterAll(async () => registry?.stop());

  test.each(recordedSignatures())('$title', async ({ title, policy, stored }) => {
    const space = title.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase();
    const url = `http://${registry.host}/v2/${space}/web`;
    await storeSignature(url, { manifests: new Map(), blobs: image.blobs });
    const request = { method: 'PUT', headers: { 'content-type': MANIFEST }, body: Buffer.from(image.manifest) };
    expect((await fetch(`${url}/manifests/1.0.0`, request)).status).toBe(201);
    const api = await fetch(`${url}/referrers/${image.digest}`);
    expect(api.status).toBe(kind === 'with' ? 200 : 404);
    const list = image.digest.replace(':', '-');
    const manifests = [...stored.manifests].filter(([name]) => kind === 'without' || name !== list);
    await storeSignature(url, { manifests: new Map(manifests.toReversed()), blobs: stored.blobs });
    const pull = (verify: VerificationPolicy) => {
      const chart = { registry: `oci://${registry.host}/${space}`, name: 'web', version: '1.0.0' };
      return pullChart({ ...chart, network: { allow: LOOPBACK }, verify });
    };
    if (title === 'an attestation') {
      await expect(pull(policy)).rejects.toMatchObject({ code: 'VerificationFailed' });
    } else {
      await expect(pull(policy)).resolves.toMatchObject({ digest: image.digest, verified: { key: 'cosign.pub' } });
    }
  });
});
