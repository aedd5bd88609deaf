import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import {
  ChartCache,
  LOOPBACK,
  listVersions,
  pullChart,
  pushChart,
  resolveChart,
} from '../../../registry-client/index.ts';
import { ensureBinaries } from '../../control-plane/index.ts';
import { buildChart } from '../../support/charts/chart-builder.ts';
import { startRegistry } from './real-registry.ts';
import type { RealRegistry } from './real-registry.ts';

const run = promisify(execFile);
const network = { allow: LOOPBACK };
const BUILD_MS = 1_200_000;

let registry: RealRegistry;
let helm: string;
let directory: string;

beforeAll(async () => {
  ({ helm } = await ensureBinaries(['helm']));
  registry = await startRegistry();
  directory = await mkdtemp(join(tmpdir(), 'coxswain-helm-'));
}, BUILD_MS);

afterAll(async () => {
  await registry?.stop();
  await rm(directory, { recursive: true, force: true });
});

const helmEnvironment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  HOME: directory,
  HELM_CACHE_HOME: join(directory, 'cache'),
});
const runHelm = async (...args: string[]): Promise<string> => {
  const { stdout, stderr } = await run(helm, args, { cwd: directory, env: helmEnvironment() });
  return stdout + stderr;
};
const helmPush = async (bytes: Uint8Array, space: string): Promise<string> => {
  const path = join(directory, 'push.tgz');
  await writeFile(path, bytes);
  const output = await runHelm('push', path, `oci://${registry.host}/${space}`, '--plain-http');
  return /Digest: (\S+)/.exec(output)?.[1] ?? '';
};
const source = (space: string, name: string) => ({ registry: `oci://${registry.host}/${space}`, name, network });

describe('with real Helm and a real registry', () => {
  test('a chart pushed by helm is pulled byte for byte, with the digest that helm printed', async () => {
    const chart = buildChart({ name: 'web', version: '1.2.3+build.5' });
    const digest = await helmPush(chart, 'pushed-by-helm');
    const pulled = await pullChart({ ...source('pushed-by-helm', 'web'), version: '1.2.3+build.5' });
    expect(pulled.digest).toBe(digest);
    expect((await pulled.content.bytes()).equals(chart)).toBe(true);
    expect(pulled.version).toBe('1.2.3+build.5');
  });

  test('a chart pushed here is pulled by helm byte for byte', async () => {
    const chart = buildChart({ name: 'web', version: '2.0.0+build', metadata: 'description: a web server' });
    const metadata = {
      apiVersion: 'v2',
      name: 'web',
      version: '2.0.0+build',
      description: 'a web server',
      home: 'https://example.com',
      maintainers: [{ name: 'Ada', email: 'ada@example.com' }, { name: 'Bob' }],
      annotations: { 'example.com/tier': 'front' },
    };
    const pushed = await pushChart(chart, { ...source('pushed-by-us', ''), metadata });
    const output = await runHelm(
      'pull',
      `oci://${registry.host}/pushed-by-us/web`,
      '--version',
      '2.0.0+build',
      '--plain-http',
    );
    expect(output).toContain(pushed.digest);
    expect((await readFile(join(directory, 'web-2.0.0+build.tgz'))).equals(chart)).toBe(true);
  });

  test('the annotations are those that helm writes for the same chart', async () => {
    const metadata = {
      apiVersion: 'v2',
      name: 'noted',
      version: '0.1.0',
      description: 'notes',
      home: 'https://example.com',
      sources: ['https://example.com/a', 'https://example.com/b'],
      maintainers: [{ name: 'Ada', email: 'ada@example.com' }, { name: 'Bob' }],
      annotations: { 'example.com/tier': 'front', 'org.opencontainers.image.title': 'not taken' },
    };
    const { apiVersion: _, name, version, ...rest } = metadata;
    const lines = Object.entries(rest).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`);
    const chart = buildChart({ name, version, metadata: lines.join('') });
    const created = new Date('2026-01-02T03:04:05.678Z');
    await helmPush(chart, 'by-helm');
    await pushChart(chart, { ...source('by-us', ''), metadata, created });
    const annotationsIn = async (space: string): Promise<Record<string, string>> => {
      const accept = { accept: 'application/vnd.oci.image.manifest.v1+json' };
      const answer = await fetch(`http://${registry.host}/v2/${space}/noted/manifests/0.1.0`, { headers: accept });
      return ((await answer.json()) as { annotations: Record<string, string> }).annotations;
    };
    const key = 'org.opencontainers.image.created';
    const { [key]: ours, ...annotations } = await annotationsIn('by-us');
    const { [key]: helms, ...expected } = await annotationsIn('by-helm');
    expect(annotations).toEqual(expected);
    expect(ours).toBe('2026-01-02T03:04:05Z');
    expect(helms).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/);
  });

  test('a range selects the newest stable version, and a prerelease only on request', async () => {
    for (const version of ['1.0.0', '1.9.0', '1.10.0', '2.0.0-rc.1']) {
      const metadata = { apiVersion: 'v2', name: 'ranged', version };
      await pushChart(buildChart({ name: 'ranged', version }), { ...source('ranges', ''), metadata });
    }
    const chart = source('ranges', 'ranged');
    await expect(listVersions(chart)).resolves.toEqual(['2.0.0-rc.1', '1.10.0', '1.9.0', '1.0.0']);
    await expect(resolveChart({ ...chart, version: '^1.0.0' })).resolves.toMatchObject({ version: '1.10.0' });
    await expect(resolveChart({ ...chart })).resolves.toMatchObject({ version: '1.10.0' });
    await expect(resolveChart({ ...chart, version: '>=1.9.0-0' })).resolves.toMatchObject({ version: '2.0.0-rc.1' });
    await expect(resolveChart({ ...chart, version: '^3' })).rejects.toMatchObject({
      code: 'NoVersionMatches',
      transient: false,
      nextStep: 'there are 2.0.0-rc.1, 1.10.0, 1.9.0, 1.0.0',
    });
    await expect(resolveChart({ ...chart, version: '9.9.9' })).rejects.toMatchObject({ code: 'VersionNotFound' });
    await expect(resolveChart({ ...chart, name: 'absent' })).rejects.toMatchObject({ code: 'NotFound' });
  });

  test('the tag list is followed across its pages', async () => {
    const metadata = { apiVersion: 'v2', name: 'paged', version: '0.0.0' };
    await pushChart(buildChart({ name: 'paged' }), { ...source('pages', ''), metadata });
    const url = `http://${registry.host}/v2/pages/paged/manifests`;
    const type = 'application/vnd.oci.image.manifest.v1+json';
    const manifest = await (await fetch(`${url}/0.0.0`, { headers: { accept: type } })).text();
    for (let patch = 1; patch <= 1005; patch++) {
      const answer = await fetch(`${url}/0.0.${patch}`, {
        method: 'PUT',
        headers: { 'content-type': type },
        body: manifest,
      });
      expect(answer.status).toBe(201);
    }
    const versions = await listVersions(source('pages', 'paged'));
    expect(versions).toHaveLength(1006);
    expect(versions[0]).toBe('0.0.1005');
  });

  test('a version is pushed once: the same content again changes nothing, other content is refused unless it may replace', async () => {
    const metadata = { apiVersion: 'v2', name: 'once', version: '1.0.0' };
    const push = (values: string, existing: 'refuse' | 'replace') =>
      pushChart(buildChart({ name: 'once', values }), { ...source('once', ''), metadata, existing });
    const first = await push('a: 1', 'refuse');
    await expect(push('a: 1', 'refuse')).resolves.toEqual({ ...first, outcome: 'unchanged' });
    await expect(push('a: 2', 'refuse')).rejects.toMatchObject({ code: 'VersionExists' });
    const second = await push('a: 2', 'replace');
    expect(second.digest).not.toBe(first.digest);
    const pinned = await pullChart({ ...source('once', 'once'), version: '1.0.0', digest: first.digest });
    expect(pinned.chartDigest).toBe(first.chartDigest);
    const latest = await pullChart({ ...source('once', 'once'), version: '1.0.0' });
    expect(latest.chartDigest).toBe(second.chartDigest);
  });

  test('a digest that the registry lacks, or that is of another version, is a mismatch, and the right one is named', async () => {
    const metadata = { apiVersion: 'v2', name: 'pinned', version: '1.0.0' };
    const one = await pushChart(buildChart({ name: 'pinned' }), { ...source('pins', ''), metadata });
    const chart = { ...source('pins', 'pinned'), version: '1.0.0' };
    const absent = `sha256:${'0'.repeat(64)}`;
    await expect(pullChart({ ...chart, digest: absent })).rejects.toMatchObject({
      code: 'DigestMismatch',
      transient: false,
      message: expect.stringContaining(one.digest),
    });
    await expect(pullChart({ ...chart, version: '2.x', digest: one.digest })).rejects.toMatchObject({
      code: 'DigestMismatch',
    });
    await expect(pullChart({ ...chart, version: '1.x', digest: one.digest })).resolves.toMatchObject({
      version: '1.0.0',
    });
    await expect(pullChart({ ...chart, version: undefined, digest: one.digest })).resolves.toMatchObject({
      version: '1.0.0',
    });
    await expect(pullChart({ ...chart, digest: 'sha256:abc' })).rejects.toMatchObject({ code: 'InvalidReference' });
  });

  test('a cached chart needs no registry where the digest is pinned, and no download where it is not', async () => {
    const cache = new ChartCache({ directory: join(directory, 'charts') });
    const other = await startRegistry();
    const chart = { registry: `oci://${other.host}/cached`, name: 'kept', version: '1.0.0', network, cache };
    const metadata = { apiVersion: 'v2', name: 'kept', version: '1.0.0' };
    await pushChart(buildChart({ name: 'kept' }), { registry: chart.registry, network, metadata });
    const first = await pullChart(chart);
    const downloads = (): number =>
      other.log().match(/"http.request.method":"GET"[^\n]*\/(manifests|blobs)\//g)?.length ?? 0;
    const before = downloads();
    expect(before).toBeGreaterThanOrEqual(2);
    const again = await pullChart(chart);
    expect(downloads()).toBe(before);
    await other.stop();
    const offline = await pullChart({ ...chart, digest: first.digest });
    const { content: _, ...told } = first;
    expect(again).toMatchObject(told);
    expect(offline).toMatchObject(told);
    await expect(pullChart({ ...chart, retries: { attempts: 1 } })).rejects.toMatchObject({
      code: 'Unavailable',
      transient: true,
    });
  });
});
