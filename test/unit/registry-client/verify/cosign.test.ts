import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { ChartCache, pullChart } from '../../../../registry-client/index.ts';
import type { VerificationPolicy } from '../../../../registry-client/index.ts';
import { messageSignature, signingKey, sigstoreBundle, simpleSigning } from '../../../support/charts/cosign-signer.ts';
import type { SigningKey, StoredSignature } from '../../../support/charts/cosign-signer.ts';
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
import { recordedSignatures } from './recorded/signatures.ts';
import { digest, serve, stopServers } from '../support/server.ts';

afterEach(stopServers);

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

  test('it is found by the referrers API, across pages, and other referrers are skipped', async () => {
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

describe('charts signed by real cosign, recorded by recorded/record.ts', () => {
  const signatures = recordedSignatures();
  const signed = signatures.filter(({ title }) => title !== 'an attestation');

  test('are all there', () => {
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

  test('without keys nothing is verified', async () => {
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

  test('filled by another pull, the policy still applies', async () => {
    const server = await serve(holding(image, simpleSigning(mallory, image.digest)));
    const options = optionsFor(server, { cache });
    await pullChart(options);
    await pullChart({ ...options, verify: policyOf(mallory) });
    await expect(pullChart({ ...options, verify: policyOf(alice) })).rejects.toMatchObject(refused('another key'));
  });

  test('a verified chart needs no registry, as long as one of the given keys verifies it', async () => {
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

  test('a cached chart that was never verified fails while the registry is down', async () => {
    const server = await serve(holding(image, simpleSigning(alice, image.digest)));
    const options = optionsFor(server, { cache, digest: image.digest });
    await pullChart(options);
    await server.stop();
    await expect(pullChart(options)).resolves.toBeDefined();
    const verified = pullChart({ ...options, verify: policyOf(alice) });
    await expect(verified).rejects.toMatchObject({ code: 'Unavailable' });
  });

  test('changing a cached signature has no effect', async () => {
    const server = await serve(holding(image, simpleSigning(alice, image.digest)));
    const options = optionsFor(server, { cache, digest: image.digest, verify: policyOf(alice) });
    await pullChart(options);
    for (const text of ['', '{', 'null', '{"format":"bundle"}', '{"format":"bundle","content":"e30="}']) {
      await cache.writeSignature('public', image.digest as `sha256:${string}`, 'cosign', Buffer.from(text));
      await expect(pullChart(options)).resolves.toMatchObject({ verified: { key: '0.pub' } });
    }
  });
});
