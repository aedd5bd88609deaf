import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { ChartCache, pullChart } from '../../../registry-client/index.ts';
import type { PullOptions } from '../../../registry-client/index.ts';
import { chartImage, digest, local, registryOf, serve, stopServers } from './support/server.ts';
import type { TestServer } from './support/server.ts';

const CHART = Buffer.alloc(300_000, 'chart');
const image = chartImage(CHART);
const patient = { attempts: 3, firstPauseMs: 1, maxPauseMs: 50 };

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'coxswain-cache-'));
});

afterEach(async () => {
  await stopServers();
  await rm(directory, { recursive: true, force: true });
});

const optionsFor = ({ host }: TestServer, more: Partial<PullOptions> = {}): PullOptions => ({
  ...local,
  registry: `oci://${host}/space`,
  name: 'web',
  version: '1.0.0',
  cache: new ChartCache({ directory }),
  ...more,
});
const filesBelow = async (): Promise<string[]> =>
  (await readdir(directory, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
const chartFile = async (): Promise<string> =>
  (await filesBelow()).find((path) => path.endsWith(image.chart.slice(7))) ?? '';
const isBlob = (url: string | undefined): boolean => url?.endsWith(image.chart) === true;
const inPieces = async (pieces: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const copies: Buffer[] = [];
  // A copy: a piece is good until the next.
  for await (const piece of pieces) copies.push(Buffer.from(piece));
  return Buffer.concat(copies);
};

describe('the content of a pulled chart', () => {
  test.each([
    ['in a file of the cache', {}],
    ['in memory, without a cache', { cache: undefined }],
    ['in memory, where the cache is too small', { cache: 'small' }],
    ['in memory, where the cache cannot be written', { cache: 'unusable' }],
  ])('%s is complete, however often it is read', async (_, { cache }: { cache?: string | undefined }) => {
    const unusable = join(directory, 'file');
    await writeFile(unusable, '');
    const caches: Record<string, ChartCache> = {
      small: new ChartCache({ directory, maxBytes: 1000 }),
      unusable: new ChartCache({ directory: unusable }),
      good: new ChartCache({ directory }),
    };
    const server = await serve(registryOf(image));
    const { content } = await pullChart(
      optionsFor(server, { cache: cache === undefined ? caches['good'] : caches[cache] }),
    );
    expect(content.size).toBe(CHART.length);
    expect((await content.bytes()).equals(CHART)).toBe(true);
    expect((await inPieces(content.read())).equals(CHART)).toBe(true);
    expect((await inPieces(content.read())).equals(CHART)).toBe(true);
    expect((await filesBelow()).filter((path) => path.endsWith('.tmp'))).toEqual([]);
  });

  test('a download that starts again leaves nothing of the first attempt in the file', async () => {
    let cuts = 1;
    const server = await serve(
      registryOf(image, ({ url }, response) => {
        if (!isBlob(url) || cuts-- === 0) return false;
        response.writeHead(200, { 'content-length': CHART.length });
        response.write(Buffer.alloc(100_000, 'other'), () => response.destroy());
        return true;
      }),
    );
    const { content } = await pullChart(optionsFor(server, { retries: patient }));
    expect(digest(await content.bytes())).toBe(image.chart);
  });

  test('a download that fails leaves no file', async () => {
    const wrong = { ...image, blobs: new Map([[image.chart, Buffer.alloc(CHART.length, 'wrong')]]) };
    const server = await serve(registryOf(wrong));
    await expect(pullChart(optionsFor(server))).rejects.toMatchObject({ code: 'DigestMismatch' });
    expect(await chartFile()).toBe('');
    expect((await filesBelow()).filter((path) => path.endsWith('.tmp'))).toEqual([]);
  });

  test.each([
    ['damaged', async (path: string) => writeFile(path, Buffer.alloc(CHART.length, 'wrong'))],
    ['longer', async (path: string) => writeFile(path, Buffer.alloc(2 * CHART.length, 'chart'))],
    ['evicted', async (path: string) => rm(path)],
    ['a directory', async (path: string) => (await rm(path), await mkdir(path))],
  ])('a file that is %s while in use fails the reader, and the next pull repairs it', async (what, harm) => {
    const server = await serve(registryOf(image));
    const { content } = await pullChart(optionsFor(server));
    const path = await chartFile();
    await harm(path);
    const failure = { code: 'Unavailable', transient: true };
    await expect(content.bytes()).rejects.toMatchObject(failure);
    await expect(inPieces(content.read())).rejects.toMatchObject(failure);
    if (what === 'a directory') await rm(path, { recursive: true });
    const again = await pullChart(optionsFor(server));
    expect((await again.content.bytes()).equals(CHART)).toBe(true);
  });
});

test('a chart from a classic repository without digests is cached by its own digest', async () => {
  const server = await serve(({ url }, response) => {
    if (url === '/index.yaml') response.end('entries: {web: [{version: 1.0.0, urls: [web.tgz]}]}');
    else response.end(CHART);
  });
  const options = { ...optionsFor(server), registry: server.origin };
  const { chartDigest, content } = await pullChart(options);
  expect(chartDigest).toBe(digest(CHART));
  expect((await content.bytes()).equals(CHART)).toBe(true);
  await server.stop();
  await expect(pullChart({ ...options, digest: chartDigest })).resolves.toMatchObject({ chartDigest });
});
