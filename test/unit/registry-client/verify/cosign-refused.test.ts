import { afterEach, describe, expect, test } from '@jest/globals';

import { pullChart } from '../../../../registry-client/index.ts';
import { messageSignature, sigstoreBundle, simpleSigning } from '../../../support/charts/cosign-signer.ts';
import type { StoredSignature } from '../../../support/charts/cosign-signer.ts';
import {
  INDEX,
  MANIFEST,
  alice,
  holding,
  image,
  mallory,
  optionsFor,
  otherDigest,
  policyOf,
  pullFrom,
  refused,
} from './cosign-registry.ts';
import { chartImage, digest, layer, registryOf, serve, stopServers } from '../support/server.ts';
import type { Handler } from '../support/server.ts';

afterEach(stopServers);

describe('a signature that does not count (R8)', () => {
  test.each<[string, StoredSignature[], string]>([
    ['none at all', [], 'there is no cosign signature'],
    ['another key', [simpleSigning(mallory, image.digest)], 'another key'],
    ['another key, in a bundle', [sigstoreBundle(mallory, image.digest)], 'another key'],
    ['another key, over the manifest', [messageSignature(mallory, image.manifest)], 'another key'],
    ['another digest', [relabelled(simpleSigning(alice, otherDigest), otherDigest, image.digest)], 'another digest'],
    [
      'another digest, in a bundle',
      [relabelled(sigstoreBundle(alice, otherDigest), otherDigest, image.digest)],
      'another digest',
    ],
    ['another type of payload', [simpleSigning(alice, image.digest, { type: 'atomic' })], 'something other'],
    [
      'an attestation by the same key',
      [sigstoreBundle(alice, image.digest, { predicateType: 'https://slsa.dev/provenance/v1' })],
      'something other',
    ],
    ['a certificate', [sigstoreBundle(alice, image.digest, { material: { certificate: {} } })], 'keyless'],
  ])('%s', async (_, signatures, message) => {
    const server = await serve(holding(image, ...signatures));
    const pull = pullChart(optionsFor(server, { verify: policyOf(alice) }));
    await expect(pull).rejects.toMatchObject(refused(message));
    // Nothing that was not signed is even downloaded.
    expect(server.requests.filter(({ path }) => path.endsWith(image.chart))).toEqual([]);
  });

  test('a damaged bundle or payload', async () => {
    for (const make of [simpleSigning, sigstoreBundle]) {
      const { manifests, blobs } = make(alice, image.digest);
      const damaged = new Map([...blobs].map(([name]) => [name, Buffer.from('{]')]));
      for (const held of [damaged, new Map<string, Uint8Array>()]) {
        const pull = pullFrom(holding(image, { manifests, blobs: held }), policyOf(alice));
        await expect(pull).rejects.toMatchObject(refused('cannot be read'));
      }
    }
    const { manifests } = sigstoreBundle(alice, image.digest);
    const beside = [{ manifests, blobs: new Map<string, Uint8Array>() }, simpleSigning(alice, image.digest)];
    await expect(pullFrom(holding(image, ...beside), policyOf(alice))).resolves.toMatchObject({
      verified: { key: '0.pub' },
    });
  });

  test('of a thousand bad ones only a limited number is checked, and a long one is not read', async () => {
    const server = await serve(holding(image, simpleSigning(mallory, image.digest, { signatures: 60 })));
    const pull = pullChart(optionsFor(server, { verify: policyOf(alice) }));
    await expect(pull).rejects.toMatchObject(refused('each of the 32 signatures looked at'));
    expect(server.requests.filter(({ path }) => path.includes('/blobs/')).length).toBeLessThanOrEqual(33);
    const limits = { signatureBytes: 10 };
    const long = pullFrom(holding(image, simpleSigning(alice, image.digest)), policyOf(alice), { limits });
    await expect(long).rejects.toMatchObject(refused('there is no cosign signature'));
  });

  test('of a thousand referrers only a limited number is checked', async () => {
    const manifests = Array.from({ length: 1000 }, (_, index) => ({
      mediaType: MANIFEST,
      digest: digest(`${index}`),
      size: 9,
    }));
    const server = await serve(
      registryOf(image, ({ url = '' }, response) => {
        if (url.includes('/referrers/')) {
          response.setHeader('content-type', INDEX);
          response.end(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests }));
          return true;
        }
        const index = manifests.findIndex((manifest) => url.endsWith(manifest.digest));
        if (index >= 0) response.end(`${index}`);
        return index >= 0;
      }),
    );
    const pull = pullChart(optionsFor(server, { verify: policyOf(alice) }));
    await expect(pull).rejects.toMatchObject(refused('each of the 32 signatures looked at'));
    expect(server.requests.length).toBeLessThan(50);
  });

  test('a tag that moves between verification and pull: the verified chart is returned', async () => {
    const evil = chartImage('an evil chart');
    let asked = 0;
    const signed = holding(image, simpleSigning(alice, image.digest), {
      manifests: new Map([[evil.digest, evil.manifest]]),
      blobs: evil.blobs,
    });
    const server = await serve(async (request, response) => {
      if (request.url !== '/v2/space/web/manifests/1.0.0') return signed(request, response);
      const { manifest } = asked++ === 0 ? image : evil;
      response.setHeader('docker-content-digest', digest(manifest));
      response.end(request.method === 'HEAD' ? undefined : manifest);
    });
    const pulled = await pullChart(optionsFor(server, { verify: policyOf(alice) }));
    expect(pulled).toMatchObject({ digest: image.digest, chartDigest: image.chart });
    await expect(pullChart(optionsFor(server, { verify: policyOf(alice) }))).rejects.toMatchObject(
      refused('there is no cosign signature'),
    );
  });

  test('a signed chart in place of another, or of another version', async () => {
    const signed = holding(image, simpleSigning(alice, image.digest));
    const moved: Handler = (request, response) => {
      request.url = request.url?.replace('/web2/', '/web/').replace('manifests/2.0.0', 'manifests/1.0.0') ?? '';
      return signed(request, response);
    };
    await expect(pullFrom(moved, policyOf(alice), { name: 'web2' })).rejects.toMatchObject(refused('not web2 1.0.0'));
    await expect(pullFrom(moved, policyOf(alice), { version: '2.0.0' })).rejects.toMatchObject(refused('not web 2.0'));
  });

  test('credentials are sent for signatures as for the chart, and a refusal is not a missing signature', async () => {
    const signed = holding(image, simpleSigning(alice, image.digest));
    const server = await serve((request, response) => {
      if (request.headers.authorization !== undefined) return signed(request, response);
      response.writeHead(401, { 'www-authenticate': 'Basic' }).end();
    });
    const options = optionsFor(server, { verify: policyOf(alice) });
    await expect(pullChart(options)).rejects.toMatchObject({ code: 'Unauthorized' });
    const credentials = { username: 'ada', password: 'x' };
    await expect(pullChart({ ...options, credentials })).resolves.toMatchObject({ verified: { key: '0.pub' } });
  });

  test('a registry that fails half way is unavailable, which does not make the chart unsigned', async () => {
    const failing = registryOf(image, ({ url }, response) => {
      if (!url?.includes('.sig')) return false;
      response.writeHead(503).end();
      return true;
    });
    await expect(pullFrom(failing, policyOf(alice))).rejects.toMatchObject({ code: 'Unavailable', transient: true });
  });
});

test('a chart layer in a signature’s manifest does not make it a signature', async () => {
  const { manifests } = simpleSigning(alice, image.digest);
  const [name = ''] = manifests.keys();
  const odd = new Map([[name, Buffer.from(JSON.stringify({ schemaVersion: 2, layers: [layer('a chart')] }))]]);
  const pull = pullFrom(holding(image, { manifests: odd, blobs: new Map() }), policyOf(alice));
  await expect(pull).rejects.toMatchObject(refused('there is no cosign signature'));
});

/** Puts the signature of one digest where that of another would be looked for. */
function relabelled({ manifests, blobs }: StoredSignature, from: string, to: string): StoredSignature {
  const rename = (name: string): string => name.replace(from.replace(':', '-'), to.replace(':', '-'));
  return { manifests: new Map([...manifests].map(([name, bytes]) => [rename(name), bytes])), blobs };
}
