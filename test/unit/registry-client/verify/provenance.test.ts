import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';

import { ChartCache, pullChart } from '../../../../registry-client/index.ts';
import type { PullOptions, VerificationPolicy } from '../../../../registry-client/index.ts';
import { pgpKey, provenanceOf, revoked, signText } from '../../../support/charts/pgp-signer.ts';
import type { PgpKey } from '../../../support/charts/pgp-signer.ts';
import { chartImage, digest, layer, local, registryOf, serve, stopServers } from '../support/server.ts';
import type { Handler } from '../support/server.ts';
import { cpuMs } from '../../../support/cpu-time.ts';

const chart = Buffer.from('a chart');
const LONG_AGO = new Date('2020-01-01T00:00:00Z');
let alice: PgpKey;
let mallory: PgpKey;

beforeAll(async () => {
  [alice, mallory] = await Promise.all([pgpKey('Alice'), pgpKey('Mallory')]);
});
afterEach(stopServers);

const policyOf = (...contents: (string | Uint8Array)[]): VerificationPolicy => ({
  provider: 'Helm',
  keys: contents.map((content, index) => ({ name: `${index}.gpg`, content })),
});

/** An OCI registry that holds the chart with a provenance layer, where there is one. */
const registryWith = (provenance: string | undefined): Handler => {
  const image = chartImage(chart, (manifest) => {
    const mediaType = 'application/vnd.cncf.helm.chart.provenance.v1.prov';
    if (provenance !== undefined) (manifest['layers'] as object[]).push(layer(provenance, { mediaType }));
  });
  if (provenance !== undefined) image.blobs.set(digest(provenance), Buffer.from(provenance));
  return registryOf(image);
};

/** A classic repository that holds the chart, and a .prov file beside it where there is one. */
const repositoryWith = (provenance: string | undefined): Handler => {
  const entry = { name: 'web', version: '1.0.0', urls: ['files/web-1.0.0.tgz'], digest: digest(chart) };
  const files = new Map<string, string | Uint8Array>([
    ['/charts/index.yaml', JSON.stringify({ apiVersion: 'v1', entries: { web: [entry] } })],
    ['/charts/files/web-1.0.0.tgz', chart],
    ...(provenance === undefined ? [] : [['/charts/files/web-1.0.0.tgz.prov', provenance] as const]),
  ]);
  return ({ url = '' }, response) => {
    const file = files.get(url);
    if (file === undefined) response.writeHead(404).end();
    else response.end(file);
  };
};

type Kind = 'OCI' | 'classic';

const pullFrom = async (
  kind: Kind,
  provenance: string | undefined,
  verify: VerificationPolicy,
  more: Partial<PullOptions> = {},
) => {
  const server = await serve(kind === 'OCI' ? registryWith(provenance) : repositoryWith(provenance));
  const registry = kind === 'OCI' ? `oci://${server.host}/space` : `${server.origin}/charts`;
  const options = { ...local, registry, name: 'web', version: '1.0.0', allowPlainHttp: true, verify, ...more };
  return { pulled: await pullChart(options), options, server };
};

const refused = (message: string) => ({
  code: 'VerificationFailed',
  transient: false,
  message: expect.stringContaining(message),
});

describe.each<Kind>(['OCI', 'classic'])('a provenance file in a registry of the kind %s', (kind) => {
  test('signed by a key in the keyring', async () => {
    const date = new Date('2026-01-02T03:04:05Z');
    const key = await pgpKey('Alice', { created: LONG_AGO });
    const provenance = await provenanceOf(key, chart, { date });
    const { pulled } = await pullFrom(kind, provenance, policyOf(mallory.keyring, key.keyring));
    expect((await pulled.content.bytes()).equals(chart)).toBe(true);
    expect(pulled.verified).toEqual({
      provider: 'Helm',
      key: '1.gpg',
      fingerprint: key.privateKey.getFingerprint().toUpperCase(),
      signer: 'Alice <alice@example.com>',
      signedAt: '2026-01-02T03:04:05.000Z',
    });
  });

  test('that does not exist', async () => {
    await expect(pullFrom(kind, undefined, policyOf(alice.keyring))).rejects.toMatchObject(refused('no provenance'));
  });

  test('signed by another key', async () => {
    const provenance = await provenanceOf(mallory, chart);
    await expect(pullFrom(kind, provenance, policyOf(alice.keyring))).rejects.toMatchObject(
      refused('not in any of the keyrings'),
    );
  });

  test('for another tarball, name, version or file', async () => {
    const wrong: [string, string][] = [
      [await provenanceOf(alice, Buffer.from('another')), 'the tarball was replaced'],
      [await provenanceOf(alice, chart, { name: 'db' }), 'not web 1.0.0'],
      [await provenanceOf(alice, chart, { version: '1.0.1' }), 'not web 1.0.0'],
      [await provenanceOf(alice, chart, { file: 'web.tgz' }), 'does not list web-1.0.0.tgz'],
      [await provenanceOf(alice, chart, { file: '__proto__' }), 'does not list web-1.0.0.tgz'],
    ];
    for (const [provenance, message] of wrong) {
      await expect(pullFrom(kind, provenance, policyOf(alice.keyring))).rejects.toMatchObject(refused(message));
    }
  });

  test('that was edited after it was signed', async () => {
    const good = await provenanceOf(alice, Buffer.from('another'));
    const edited = good.replace(/sha256:[0-9a-f]+/, digest(chart));
    await expect(pullFrom(kind, edited, policyOf(alice.keyring))).rejects.toMatchObject(refused('not verified'));
  });

  test('with an unsigned text around the signed one', async () => {
    const good = await provenanceOf(alice, Buffer.from('another'));
    const around = `name: web\nversion: 1.0.0\n...\nfiles:\n  web-1.0.0.tgz: ${digest(chart)}\n`;
    for (const text of [around + good, good + around, good.replace('\n\n', `\n${around}\n`)]) {
      await expect(pullFrom(kind, text, policyOf(alice.keyring))).rejects.toMatchObject({ code: 'VerificationFailed' });
    }
  });

  test('that is not one', async () => {
    const pgp = '-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n';
    for (const text of ['', 'hello', pgp, `${pgp}x\n-----BEGIN PGP SIGNATURE-----\n\n-----END PGP SIGNATURE-----\n`]) {
      await expect(pullFrom(kind, text, policyOf(alice.keyring))).rejects.toMatchObject({ code: 'VerificationFailed' });
    }
    for (const text of ['hello', 'a: [', 'a: b\n...\n- c', `name: web\nversion: 1.0.0\n...\nfiles: x`]) {
      const signed = await signText(alice.privateKey, text);
      await expect(pullFrom(kind, signed, policyOf(alice.keyring))).rejects.toMatchObject({
        code: 'VerificationFailed',
      });
    }
  });

  test('signed by a key that has since expired or been revoked', async () => {
    const expired = await pgpKey('Alice', { created: LONG_AGO, expiresInSeconds: 86_400 });
    const then = new Date(LONG_AGO.getTime() + 3_600_000);
    const old = await provenanceOf(expired, chart, { date: then });
    await expect(pullFrom(kind, old, policyOf(expired.keyring))).rejects.toMatchObject(refused('expired'));
    const provenance = await provenanceOf(alice, chart);
    const { keyring } = await revoked(alice);
    await expect(pullFrom(kind, provenance, policyOf(keyring))).rejects.toMatchObject(refused('revoked'));
  });

  test('needs no registry once verified, and is checked against the keyring each time', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'coxswain-provenance-'));
    try {
      const cache = new ChartCache({ directory });
      const provenance = await provenanceOf(alice, chart);
      const { pulled, options, server } = await pullFrom(kind, provenance, policyOf(alice.keyring), { cache });
      await server.stop();
      const pinned = { ...options, digest: pulled.digest };
      await expect(pullChart(pinned)).resolves.toMatchObject({ verified: { signer: 'Alice <alice@example.com>' } });
      const other = pullChart({ ...pinned, verify: policyOf(mallory.keyring) });
      await expect(other).rejects.toMatchObject({
        code: kind === 'OCI' ? 'VerificationFailed' : 'Unavailable',
      });
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });
});

describe('expensive input', () => {
  test('with many signatures is not verified', async () => {
    const keys = Array.from({ length: 9 }, () => alice.privateKey);
    const provenance = await signText(keys, 'name: web\n');
    await expect(pullFrom('OCI', provenance, policyOf(alice.keyring))).rejects.toMatchObject(refused('9 signatures'));
  });

  test('of junk is read in linear time', async () => {
    const beginnings = '-----BEGIN PGP PUBLIC KEY BLOCK-----\n'.repeat(6900);
    const provenance = await provenanceOf(alice, chart);
    const start = cpuMs();
    await expect(pullFrom('OCI', provenance, policyOf(beginnings))).rejects.toMatchObject(refused('"0.gpg"'));
    const text = `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n${'- \n'.repeat(80_000)}`;
    await expect(pullFrom('OCI', text, policyOf(alice.keyring))).rejects.toMatchObject({ code: 'VerificationFailed' });
    expect(cpuMs() - start).toBeLessThan(4000);
  });
});

describe('keyrings', () => {
  test('may be armored, and hold several keys', async () => {
    const provenance = await provenanceOf(alice, chart);
    const armored = `${mallory.armored}\n${alice.armored}`;
    const binary = Buffer.concat([mallory.keyring, alice.keyring]);
    for (const keyring of [armored, binary]) {
      const { pulled } = await pullFrom('OCI', provenance, policyOf(keyring));
      expect(pulled.verified).toMatchObject({ fingerprint: alice.privateKey.getFingerprint().toUpperCase() });
    }
  });

  test('that cannot be used are refused by name', async () => {
    const provenance = await provenanceOf(alice, chart);
    const unusable = [alice.secretKeyring, alice.privateKey.armor(), 'hello', '', Buffer.alloc(100, 0x99)];
    for (const content of unusable) {
      await expect(pullFrom('OCI', provenance, policyOf(content))).rejects.toMatchObject(refused('"0.gpg"'));
    }
    const long = policyOf(Buffer.alloc(2 * 1024 * 1024));
    await expect(pullFrom('OCI', provenance, long)).rejects.toMatchObject(refused('more than the limit'));
    await expect(pullFrom('OCI', provenance, policyOf())).rejects.toMatchObject(refused('not in any of the keyrings'));
  });

  test('a provenance file over the limit is not read', async () => {
    const provenance = await provenanceOf(alice, chart);
    const limits = { signatureBytes: 100 };
    for (const kind of ['OCI', 'classic'] as const) {
      const pull = pullFrom(kind, provenance, policyOf(alice.keyring), { limits });
      await expect(pull).rejects.toMatchObject({ code: 'TooLarge' });
    }
  });
});

test('cosign signatures exist in OCI registries only', async () => {
  const verify = { ...policyOf(alice.keyring), provider: 'Cosign' } as const;
  await expect(pullFrom('classic', undefined, verify)).rejects.toMatchObject(refused('only OCI registries'));
});
