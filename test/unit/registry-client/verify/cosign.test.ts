import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { ChartCache, pullChart } from '../../../../registry-client/index.ts';
import type { PullOptions, VerificationPolicy } from '../../../../registry-client/index.ts';
import { messageSignature, signingKey, sigstoreBundle, simpleSigning } from '../../../support/charts/cosign-signer.ts';
import type { SigningKey, StoredSignature } from '../../../support/charts/cosign-signer.ts';
import { recordedSignatures } from './recorded/signatures.ts';
import { chartImage, digest, layer, local, registryOf, serve, stopServers } from '../support/server.ts';
import type { Handler, TestServer } from '../support/server.ts';

const alice = signingKey();
const mallory = signingKey();
const image = chartImage();
const otherDigest = digest('another manifest');
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';

afterEach(stopServers);

const policyOf = (...keys: SigningKey[]): VerificationPolicy => ({
  provider: 'Cosign',
  keys: keys.map(({ publicPem }, index) => ({ name: `${index}.pub`, content: publicPem })),
});

/** A registry without referrers API that holds the image and signatures. */
const holding = (held: ReturnType<typeof chartImage>, ...signatures: StoredSignature[]): Handler => {
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

const optionsFor = (server: TestServer, more: Partial<PullOptions> = {}): PullOptions => ({
  ...local,
  registry: `oci://${server.host}/space`,
  name: 'web',
  version: '1.0.0',
  ...more,
});

const pullFrom = async (handler: Handler, verify: VerificationPolicy, more: Partial<PullOptions> = {}) =>
  pullChart(optionsFor(await serve(handler), { verify, ...more }));

const refused = (message: string) => ({
  code: 'VerificationFailed',
  transient: false,
  message: expect.stringContaining(message),
});

describe('a signature that counts', () => {
  test.each<[string, SigningKey, (key: SigningKey) => StoredSignature]>([
    ['simple signing, P-256', alice, (key) => simpleSigning(key, image.digest)],
    ['simple signing, P-384 with SHA-256', signingKey('P-384'), (key) => simpleSigning(key, image.digest)],
    [
      'simple signing, P-384 with SHA-384',
      signingKey('P-384'),
      (key) => simpleSigning(key, image.digest, { hash: 'sha384' }),
    ],
    ['simple signing, RSA', signingKey('rsa'), (key) => simpleSigning(key, image.digest)],
    ['simple signing, Ed25519', signingKey('ed25519'), (key) => simpleSigning(key, image.digest)],
    ['a bundle, P-256', alice, (key) => sigstoreBundle(key, image.digest)],
    ['a bundle, RSA', signingKey('rsa'), (key) => sigstoreBundle(key, image.digest)],
    ['a bundle, Ed25519', signingKey('ed25519'), (key) => sigstoreBundle(key, image.digest)],
    ['a bundle with a message signature', alice, (key) => messageSignature(key, image.manifest)],
  ])('%s', async (_, key, make) => {
    const pulled = await pullFrom(holding(image, make(key)), policyOf(key));
    expect((await pulled.content.bytes()).toString()).toBe('a chart');
    expect(pulled.verified).toEqual({
      provider: 'Cosign',
      key: '0.pub',
      fingerprint: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    });
  });

  test('any one of several keys suffices, and the result says which', async () => {
    const pulled = await pullFrom(holding(image, simpleSigning(alice, image.digest)), policyOf(mallory, alice));
    expect(pulled.verified).toMatchObject({ key: '1.pub' });
  });

  test('a good signature counts beside bad ones', async () => {
    const signatures = [sigstoreBundle(mallory, image.digest), simpleSigning(alice, image.digest)];
    await expect(pullFrom(holding(image, ...signatures), policyOf(alice))).resolves.toMatchObject({
      verified: { key: '0.pub' },
    });
  });

  test('it is found by the referrers API, over pages, and other referrers are passed over', async () => {
    const { manifests, blobs } = sigstoreBundle(alice, image.digest);
    const list = JSON.parse(Buffer.from(manifests.get(image.digest.replace(':', '-')) ?? '').toString()) as object;
    const other = { mediaType: MANIFEST, digest: otherDigest, size: 9 };
    const sbom = { ...other, artifactType: 'application/spdx+json' };
    const type = 'application/vnd.dev.sigstore.bundle.v0.3+json';
    const attestation = { ...other, artifactType: type, annotations: { 'dev.sigstore.bundle.predicateType': 'slsa' } };
    const signed = holding(image, {
      manifests: new Map([...manifests].filter(([name]) => name.startsWith('sha256:'))),
      blobs,
    });
    const path = `/v2/space/web/referrers/${image.digest}`;
    const server = await serve(async (request, response) => {
      if (request.url !== path && request.url !== `${path}?page=2`) return signed(request, response);
      response.setHeader('content-type', INDEX);
      if (request.url !== path) return void response.end(JSON.stringify(list));
      response.setHeader('link', `<${path}?page=2>; rel="next"`);
      response.end(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [sbom, attestation] }));
    });
    const pulled = await pullChart(optionsFor(server, { verify: policyOf(alice) }));
    expect(pulled.verified).toMatchObject({ key: '0.pub' });
    expect(server.requests.filter(({ path: asked }) => asked.includes(otherDigest))).toEqual([]);
  });

  test('an index is signed as a whole', async () => {
    const index = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: INDEX,
        manifests: [{ mediaType: MANIFEST, digest: image.digest, size: image.manifest.length }],
      }),
    );
    const held = { ...image, manifest: index, digest: digest(index) };
    const inner: StoredSignature = { manifests: new Map([[image.digest, image.manifest]]), blobs: new Map() };
    const signed = holding(held, simpleSigning(alice, held.digest), inner);
    await expect(pullFrom(signed, policyOf(alice))).resolves.toMatchObject({ digest: held.digest });
    const unsigned = holding(held, simpleSigning(alice, image.digest), inner);
    await expect(pullFrom(unsigned, policyOf(alice))).rejects.toMatchObject(refused('there is no cosign signature'));
  });
});

describe('what real cosign made, recorded by recorded/record.ts', () => {
  const signatures = recordedSignatures();
  const signed = signatures.filter(({ title }) => title !== 'an attestation');

  test('is all there', () => {
    expect(signed).toHaveLength(6);
    expect(signatures).toHaveLength(7);
  });

  test.each(signed)('$title', async ({ policy, stored }) => {
    const pulled = await pullFrom(holding(image, stored), policy);
    expect(pulled.verified).toMatchObject({ key: 'cosign.pub' });
    await expect(pullFrom(holding(image, stored), policyOf(alice))).rejects.toMatchObject(refused('another key'));
  });

  test('an attestation does not count', async () => {
    for (const { policy, stored } of signatures.filter((one) => !signed.includes(one))) {
      await expect(pullFrom(holding(image, stored), policy)).rejects.toMatchObject(refused('something other'));
    }
  });
});

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

  test('a bundle or payload that is damaged', async () => {
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

  test('of a thousand bad ones only so many are looked at, and a long one is not read', async () => {
    const server = await serve(holding(image, simpleSigning(mallory, image.digest, { signatures: 60 })));
    const pull = pullChart(optionsFor(server, { verify: policyOf(alice) }));
    await expect(pull).rejects.toMatchObject(refused('each of the 32 signatures looked at'));
    expect(server.requests.filter(({ path }) => path.includes('/blobs/')).length).toBeLessThanOrEqual(33);
    const limits = { signatureBytes: 10 };
    const long = pullFrom(holding(image, simpleSigning(alice, image.digest)), policyOf(alice), { limits });
    await expect(long).rejects.toMatchObject(refused('there is no cosign signature'));
  });

  test('of a thousand referrers only so many are looked at', async () => {
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

  test('the tag is moved between verification and pull: what was verified is what is returned', async () => {
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

  test('a signed chart in the place of another, or of another version', async () => {
    const signed = holding(image, simpleSigning(alice, image.digest));
    const moved: Handler = (request, response) => {
      request.url = request.url?.replace('/web2/', '/web/').replace('manifests/2.0.0', 'manifests/1.0.0') ?? '';
      return signed(request, response);
    };
    await expect(pullFrom(moved, policyOf(alice), { name: 'web2' })).rejects.toMatchObject(refused('not web2 1.0.0'));
    await expect(pullFrom(moved, policyOf(alice), { version: '2.0.0' })).rejects.toMatchObject(refused('not web 2.0'));
  });

  test('credentials go with the signatures as with the chart, and what the registry refuses is no missing signature', async () => {
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

  test('a registry that fails half way is unavailable, and not the chart unsigned', async () => {
    const failing = registryOf(image, ({ url }, response) => {
      if (!url?.includes('.sig')) return false;
      response.writeHead(503).end();
      return true;
    });
    await expect(pullFrom(failing, policyOf(alice))).rejects.toMatchObject({ code: 'Unavailable', transient: true });
  });
});

describe('keys', () => {
  const privatePem = alice.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

  test.each<[string, string]>([
    ['a private key', privatePem],
    ['no key', 'hello'],
    ['a broken key', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n'],
    ['a very long text', `${alice.publicPem}${' '.repeat(20_000)}`],
    ['a weak key', signingKey('rsa-1024').publicPem],
    ['a curve of other uses', signingKey('secp256k1').publicPem],
  ])('%s is refused by its name and never shown', async (_, content) => {
    const verify: VerificationPolicy = { provider: 'Cosign', keys: [{ name: 'a.pub', content }] };
    const error = await pullFrom(holding(image, simpleSigning(alice, image.digest)), verify).catch((thrown) => thrown);
    expect(error).toMatchObject(refused('"a.pub"'));
    expect(String(error)).not.toContain(content.slice(0, 60));
  });

  test('no keys verify nothing', async () => {
    const signed = holding(image, simpleSigning(alice, image.digest));
    await expect(pullFrom(signed, { provider: 'Cosign', keys: [] })).rejects.toMatchObject(refused('0 public keys'));
  });
});

describe('with a cache', () => {
  let directory: string;
  let cache: ChartCache;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'coxswain-verify-'));
    cache = new ChartCache({ directory });
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  test('that another pull filled, the policy holds all the same', async () => {
    const server = await serve(holding(image, simpleSigning(mallory, image.digest)));
    const options = optionsFor(server, { cache });
    await pullChart(options);
    await pullChart({ ...options, verify: policyOf(mallory) });
    await expect(pullChart({ ...options, verify: policyOf(alice) })).rejects.toMatchObject(refused('another key'));
  });

  test('what was verified before needs no registry, as long as a key that is given verifies it', async () => {
    const server = await serve(holding(image, sigstoreBundle(alice, image.digest)));
    const options = optionsFor(server, { cache, digest: image.digest, verify: policyOf(alice) });
    const first = await pullChart(options);
    await server.stop();
    await expect(pullChart(options)).resolves.toEqual({ ...first, content: expect.anything() });
    await expect(pullChart({ ...options, verify: policyOf(mallory, alice) })).resolves.toMatchObject({
      verified: { key: '1.pub' },
    });
    const rotated = pullChart({ ...options, verify: policyOf(mallory) });
    await expect(rotated).rejects.toMatchObject({ code: 'Unavailable', transient: true });
  });

  test('a chart that is cached and was never verified fails while the registry is down', async () => {
    const server = await serve(holding(image, simpleSigning(alice, image.digest)));
    const options = optionsFor(server, { cache, digest: image.digest });
    await pullChart(options);
    await server.stop();
    await expect(pullChart(options)).resolves.toBeDefined();
    const verified = pullChart({ ...options, verify: policyOf(alice) });
    await expect(verified).rejects.toMatchObject({ code: 'Unavailable' });
  });

  test('whoever changes what is cached changes nothing', async () => {
    const server = await serve(holding(image, simpleSigning(alice, image.digest)));
    const options = optionsFor(server, { cache, digest: image.digest, verify: policyOf(alice) });
    await pullChart(options);
    for (const text of ['', '{', 'null', '{"format":"bundle"}', '{"format":"bundle","content":"e30="}']) {
      await cache.writeSignature('public', image.digest as `sha256:${string}`, 'cosign', Buffer.from(text));
      await expect(pullChart(options)).resolves.toMatchObject({ verified: { key: '0.pub' } });
    }
  });
});

test('a chart layer in a manifest of a signature is not what makes it one', async () => {
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
