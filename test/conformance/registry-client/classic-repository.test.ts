import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';

import { ChartCache, listVersions, pullChart, resolveChart } from '../../../registry-client/index.ts';
import type { PullOptions } from '../../../registry-client/index.ts';
import { ensureBinaries } from '../../control-plane/index.ts';
import { buildChart } from '../../support/charts/chart-builder.ts';
import {
  chartImage,
  digest,
  local,
  registryOf,
  serve,
  stopServers,
  trusted,
} from '../../unit/registry-client/support/server.ts';
import type { Handler, TestServer } from '../../unit/registry-client/support/server.ts';

const run = promisify(execFile);
const credentials = { username: 'ada', password: 'pass:word' };
const basic = `Basic ${Buffer.from('ada:pass:word').toString('base64')}`;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'coxswain-classic-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));
afterEach(stopServers);

const optionsFor = ({ origin }: TestServer, more: Partial<PullOptions> = {}): PullOptions => ({
  ...local,
  registry: `${origin}/charts`,
  name: 'web',
  ...more,
});

/** Serves the files of the directory below /charts/, to those with the password. */
const guarded: Handler = async ({ url = '', headers }, response) => {
  if (headers.authorization !== basic) return void response.writeHead(401, { 'www-authenticate': 'Basic' }).end();
  const file = await readFile(join(directory, url.replace('/charts/', ''))).catch(() => undefined);
  if (file === undefined) response.writeHead(404).end();
  else response.end(file);
};

describe('a repository indexed by real helm, over TLS with a password', () => {
  beforeAll(async () => {
    const { helm } = await ensureBinaries(['helm']);
    for (const version of ['1.0.0', '1.2.0', '1.10.0', '2.0.0-rc.1', '1.2.0+build.7']) {
      await writeFile(join(directory, `web-${version}.tgz`), buildChart({ name: 'web', version }));
    }
    await run(helm, ['repo', 'index', directory], { env: { ...process.env, HOME: directory } });
  }, 1_200_000);

  test('versions are listed, ranges resolved and charts pulled, and the digest is the tarball’s', async () => {
    const server = await serve(guarded, trusted);
    const options = optionsFor(server, { credentials });
    const versions = await listVersions(options);
    expect(versions.slice(0, 2)).toEqual(['2.0.0-rc.1', '1.10.0']);
    expect(versions.toSorted()).toEqual(['1.0.0', '1.10.0', '1.2.0', '1.2.0+build.7', '2.0.0-rc.1']);
    const bytes = buildChart({ name: 'web', version: '1.10.0' });
    const resolved = await resolveChart({ ...options, version: '^1.0.0' });
    expect(resolved).toEqual({ version: '1.10.0', digest: digest(bytes) });
    const pulled = await pullChart({ ...options, version: '^1.0.0' });
    expect(pulled).toMatchObject({ ...resolved, chartDigest: resolved.digest });
    expect((await pulled.content.bytes()).equals(bytes)).toBe(true);
    await expect(pullChart({ ...options, version: '1.2.0+build.7' })).resolves.toMatchObject({
      version: '1.2.0+build.7',
    });
  });

  test('missing versions, charts and repositories are told apart', async () => {
    const options = optionsFor(await serve(guarded, trusted), { credentials });
    await expect(pullChart({ ...options, version: '9.9.9' })).rejects.toMatchObject({ code: 'VersionNotFound' });
    await expect(pullChart({ ...options, version: '^9' })).rejects.toMatchObject({ code: 'NoVersionMatches' });
    await expect(pullChart({ ...options, name: 'absent' })).rejects.toMatchObject({ code: 'NotFound' });
    await expect(pullChart({ ...options, name: '__proto__' })).rejects.toMatchObject({ code: 'InvalidReference' });
    await expect(pullChart({ ...options, name: 'constructor' })).rejects.toMatchObject({ code: 'NotFound' });
    await expect(pullChart({ ...options, registry: `${options.registry}/no` })).rejects.toMatchObject({
      code: 'NotFound',
    });
    await expect(pullChart({ ...options, credentials: undefined })).rejects.toMatchObject({ code: 'Unauthorized' });
    const digestOfNothing = `sha256:${'0'.repeat(64)}`;
    await expect(pullChart({ ...options, version: '1.0.0', digest: digestOfNothing })).rejects.toMatchObject({
      code: 'DigestMismatch',
    });
  });

  test('pinned and cached content needs no repository', async () => {
    const server = await serve(guarded, trusted);
    const cache = new ChartCache({ directory: join(directory, 'cache') });
    const options = optionsFor(server, { credentials, cache, version: '1.0.0' });
    const first = await pullChart(options);
    await server.stop();
    const { content: _, ...told } = first;
    await expect(pullChart({ ...options, digest: first.digest })).resolves.toMatchObject(told);
    await expect(pullChart(options)).rejects.toMatchObject({ code: 'Unavailable', transient: true });
  });
});

describe('indexes and what they point to (R6)', () => {
  const chart = 'a chart';
  const indexOf = (...entries: unknown[]): string => JSON.stringify({ apiVersion: 'v1', entries: { web: entries } });
  const entryOf = (more: object = {}): object => ({
    name: 'web',
    version: '1.0.0',
    urls: ['web.tgz'],
    digest: digest(chart),
    ...more,
  });
  const repository =
    (index: string): Handler =>
    ({ url }, response) => {
      if (url === '/charts/index.yaml') response.end(index);
      else if (url === '/charts/web.tgz' || url === '/x') response.end(chart);
      else response.writeHead(404).end();
    };
  const pullFrom = async (index: string, more: Partial<PullOptions> = {}) =>
    pullChart(optionsFor(await serve(repository(index)), more));

  test('unusable entries are skipped', async () => {
    const bad = [
      null,
      7,
      'x',
      [],
      {},
      { version: '2.0.0' },
      { version: 3, urls: ['x'] },
      { version: 'x', urls: ['x'] },
    ];
    const empty = [
      { version: '4.0.0', urls: [] },
      { version: '5.0.0', urls: [null, ''] },
    ];
    await expect(pullFrom(indexOf(...bad, ...empty, entryOf()))).resolves.toMatchObject({ version: '1.0.0' });
  });

  test('YAML of any style that Helm reads is accepted, and versions with a v', async () => {
    const yaml = 'entries:\n  web:\n  - {version: v1.0.0, created: 2020-01-01T00:00:00Z, urls: [web.tgz]}\n';
    await expect(pullFrom(yaml, { version: '1.0.0' })).resolves.toMatchObject({
      version: 'v1.0.0',
      digest: digest(chart),
    });
    await expect(pullFrom(yaml, { version: 'v1.0.0' })).resolves.toMatchObject({ version: 'v1.0.0' });
    await expect(pullFrom(yaml, { version: '^1' })).resolves.toMatchObject({ version: 'v1.0.0' });
  });

  test('of a version that occurs twice, the first entry counts', async () => {
    const index = indexOf(entryOf(), entryOf({ urls: ['other.tgz'] }));
    await expect(pullFrom(index)).resolves.toMatchObject({ version: '1.0.0' });
  });

  test.each([
    '',
    'null',
    '[]',
    '<html><body>',
    'entries: [',
    'entries: {web',
    '{"entries":',
    '\u0000',
    'entries: 3',
    '%YAML 9.9',
  ])('the index %p is refused', async (index) => {
    await expect(pullFrom(index)).rejects.toMatchObject({ code: 'InvalidIndex', transient: false });
  });

  test('an index designed to blow up is read or refused in time', async () => {
    const laughs = Array.from(
      { length: 30 },
      (_, level) => `a${level + 1}: &a${level + 1} [${`*a${level},`.repeat(9)}]`,
    );
    for (const index of [
      `a0: &a0 x\n${laughs.join('\n')}\nentries: {}`,
      '['.repeat(100_000),
      '{'.repeat(100_000),
      '- '.repeat(50_000),
    ]) {
      await expect(pullFrom(index)).rejects.toMatchObject({ code: expect.stringMatching(/InvalidIndex|NotFound/) });
    }
  });

  test('an index over the limit is cut off', async () => {
    const index = `${indexOf(entryOf())}${' '.repeat(200_000)}`;
    await expect(pullFrom(index, { limits: { indexBytes: 100_000 } })).rejects.toMatchObject({ code: 'TooLarge' });
  });

  test.each([
    ['ftp://example.com/x', 'InvalidIndex'],
    ['file:///etc/passwd', 'InvalidIndex'],
    ['https://169.254.169.254/x', 'HostRefused'],
    ['//kubernetes.default.svc/x', /HostRefused|InsecureTransport/],
    ['http://192.0.2.1/x', 'InsecureTransport'],
  ])('a chart at %p is not fetched', async (url, code) => {
    const expected = typeof code === 'string' ? code : expect.stringMatching(code);
    await expect(pullFrom(indexOf(entryOf({ urls: [url] })))).rejects.toMatchObject({ code: expected });
  });

  test('a URL that climbs with .. stays on the host', async () => {
    await expect(pullFrom(indexOf(entryOf({ urls: ['../../../x'] })))).resolves.toMatchObject({ version: '1.0.0' });
  });

  test('a chart on another host is fetched without credentials', async () => {
    const other = await serve((_, response) => void response.end(chart));
    const index = indexOf(entryOf({ urls: [`${other.origin}/web.tgz`] }));
    await expect(pullFrom(index, { credentials })).resolves.toMatchObject({ version: '1.0.0' });
    expect(other.requests.map(({ authorization }) => authorization)).toEqual([undefined]);
  });

  test('a chart that the index places in an OCI registry is pulled from there, without credentials', async () => {
    const image = chartImage(chart);
    const registry = await serve(registryOf(image));
    const urls = [`oci://${registry.host}/space/web`];
    const pulled = await pullFrom(indexOf(entryOf({ urls })), { credentials });
    expect(pulled).toMatchObject({ version: '1.0.0', digest: digest(chart), chartDigest: digest(chart) });
    const options = {
      ...optionsFor(await serve(repository(indexOf(entryOf({ urls, digest: undefined }))))),
      credentials,
    };
    await expect(resolveChart(options)).resolves.toEqual({ version: '1.0.0', digest: digest(chart) });
    expect(registry.requests.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
    const wrong = indexOf(entryOf({ urls, digest: digest('another chart') }));
    await expect(pullFrom(wrong)).rejects.toMatchObject({ code: 'DigestMismatch' });
  });

  test('an unchanged index is not sent again, and one that needed credentials is only for those who have them', async () => {
    let state = 'one';
    const index = indexOf(entryOf());
    const server = await serve((request, response) => {
      if (request.url !== '/charts/index.yaml') return repository(index)(request, response);
      if (request.headers.authorization !== basic) return void response.writeHead(401).end();
      const etag = `"${state}"`;
      const isSame = request.headers['if-none-match'] === etag;
      sent.push(isSame ? 304 : 200);
      response.writeHead(isSame ? 304 : 200, { etag }).end(isSame ? undefined : index);
    });
    const sent: number[] = [];
    const options = optionsFor(server, {
      credentials,
      cacheScope: 'ada',
      cache: new ChartCache({ directory: join(directory, 'indexes') }),
    });
    const resolved = { version: '1.0.0', digest: digest(chart) };
    for (let time = 0; time < 3; time++) await expect(resolveChart(options)).resolves.toEqual(resolved);
    state = 'two';
    for (let time = 0; time < 2; time++) await expect(resolveChart(options)).resolves.toEqual(resolved);
    await resolveChart({ ...options, cacheScope: 'eve' });
    expect(sent).toEqual([200, 304, 304, 200, 304, 200]);
    await expect(resolveChart({ ...options, credentials: undefined })).rejects.toMatchObject({ code: 'Unauthorized' });
  });

  test('a tarball that does not match the index is refused and not cached', async () => {
    const cache = new ChartCache({ directory: join(directory, 'mismatch') });
    const wrong = digest('another chart');
    await expect(pullFrom(indexOf(entryOf({ digest: wrong })), { cache })).rejects.toMatchObject({
      code: 'DigestMismatch',
    });
    await expect(cache.read('default', digest(chart) as never)).resolves.toBeUndefined();
  });

  test('a tarball over the limit is cut off', async () => {
    await expect(pullFrom(indexOf(entryOf()), { limits: { chartBytes: 3 } })).rejects.toMatchObject({
      code: 'TooLarge',
    });
  });
});
