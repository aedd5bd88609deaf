import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { ChartCache, RegistryError, listVersions, pullChart, resolveChart } from '../../../registry-client/index.ts';
import type { PullOptions } from '../../../registry-client/index.ts';
import { chartImage, digest, layer, local, registryOf, serve, stopServers } from './support/server.ts';
import type { Handler, TestServer } from './support/server.ts';

let directory: string;
let cache: ChartCache;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'coxswain-cache-'));
  cache = new ChartCache({ directory });
});

afterEach(async () => {
  await stopServers();
  await rm(directory, { recursive: true, force: true });
});

const optionsFor = (server: TestServer, more: Partial<PullOptions> = {}): PullOptions => ({
  ...local,
  registry: `oci://${server.host}/space`,
  name: 'web',
  version: '1.0.0',
  cache,
  ...more,
});

/** What was cached besides `allowed`, by digest. */
const cached = async (): Promise<string[]> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => `sha256:${name}`);
};

const failureOf = async (handler: Handler, more: Partial<PullOptions> = {}): Promise<RegistryError> => {
  const server = await serve(handler);
  const error: unknown = await pullChart(optionsFor(server, more)).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(RegistryError);
  expect((error as RegistryError).message).toContain(`pull oci://${server.host}/space/web:1.0.0`);
  return error as RegistryError;
};

describe('digests and sizes (R3)', () => {
  const image = chartImage();

  test('a manifest that does not match its digest is refused, and nothing is cached', async () => {
    const wrong = registryOf({ ...image, manifest: Buffer.from('{"schemaVersion":2}') });
    await expect(failureOf(wrong)).resolves.toMatchObject({ code: 'DigestMismatch', transient: false });
    await expect(cached()).resolves.toEqual([]);
  });

  test('a manifest whose Docker-Content-Digest changes after the tag was resolved is refused', async () => {
    const moved = registryOf(image, (request, response) => {
      if (request.method !== 'GET' || !request.url?.includes('/manifests/')) return false;
      response.setHeader('docker-content-digest', `sha256:${'0'.repeat(64)}`).end(image.manifest);
      return true;
    });
    await expect(failureOf(moved)).resolves.toMatchObject({ code: 'DigestMismatch' });
    await expect(cached()).resolves.toEqual([]);
  });

  test('a blob that does not match its digest is refused and not cached', async () => {
    const wrong = registryOf({ ...image, blobs: new Map([[image.chart, Buffer.from('b chart')]]) });
    await expect(failureOf(wrong)).resolves.toMatchObject({ code: 'DigestMismatch' });
    await expect(cached()).resolves.toEqual([image.digest]);
  });

  test.each([
    ['longer', 'a chart and more'],
    ['shorter', 'a char'],
  ])('a blob that is %s than its descriptor says is refused', async (_, content) => {
    const wrong = registryOf({ ...image, blobs: new Map([[image.chart, Buffer.from(content)]]) });
    await expect(failureOf(wrong)).resolves.toMatchObject({ code: 'DigestMismatch', transient: false });
  });

  test.each([-1, 1.5, '7', null, 1e300])('a size of %p in a descriptor is refused', async (size) => {
    const wrong = chartImage('a chart', (manifest) => (manifest['layers'] = [layer('a chart', { size })]));
    await expect(failureOf(registryOf(wrong))).resolves.toMatchObject({ code: 'InvalidManifest' });
  });

  test('a size over the limit is refused before anything is allocated or asked for', async () => {
    const wrong = chartImage('a chart', (manifest) => (manifest['layers'] = [layer('a chart', { size: 1e15 })]));
    await expect(failureOf(registryOf(wrong))).resolves.toMatchObject({ code: 'TooLarge' });
    await expect(cached()).resolves.toEqual([wrong.digest]);
  });

  test('a manifest that never ends is cut off at the limit', async () => {
    const endless = registryOf(image, (request, response) => {
      if (request.method !== 'GET' || !request.url?.includes('/manifests/')) return false;
      const chunk = Buffer.alloc(65_536, ' ');
      const more = (): void => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', more);
      more();
      return true;
    });
    await expect(failureOf(endless)).resolves.toMatchObject({ code: 'TooLarge' });
  });
});

describe('manifests (R4)', () => {
  test.each<[string, (manifest: Record<string, unknown>) => void]>([
    ['no layers', (manifest) => (manifest['layers'] = [])],
    ['two chart layers', (manifest) => (manifest['layers'] = [layer('a chart'), layer('another')])],
    ['a layer of another type', (manifest) => (manifest['layers'] = [layer('a chart', { mediaType: 'text/plain' })])],
    ['layers that are null', (manifest) => (manifest['layers'] = [null])],
    ['a digest of another kind', (manifest) => (manifest['layers'] = [layer('a chart', { digest: 'md5:abc' })])],
    ['a digest that is a path', (manifest) => (manifest['layers'] = [layer('a chart', { digest: 'sha256:../../x' })])],
    [
      'a container image',
      (manifest) => (manifest['config'] = { mediaType: 'application/vnd.oci.image.config.v1+json' }),
    ],
    ['no config', (manifest) => delete manifest['config']],
    ['schema 1', (manifest) => (manifest['schemaVersion'] = 1)],
    ['an empty index', (manifest) => (manifest['manifests'] = [])],
  ])('%s is refused', async (_, change) => {
    await expect(failureOf(registryOf(chartImage('a chart', change)))).resolves.toMatchObject({
      code: 'InvalidManifest',
      transient: false,
    });
  });

  test.each(['', 'null', '[]', '<html>', '\u0000', '{"schemaVersion":2'])('the body %p is refused', async (body) => {
    const bytes = Buffer.from(body);
    const image = { ...chartImage(), manifest: bytes, digest: digest(bytes) };
    await expect(failureOf(registryOf(image))).resolves.toMatchObject({ code: 'InvalidManifest' });
  });

  const indexOf = (entries: object[]) => {
    const image = chartImage();
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: entries }));
    const handler = registryOf({ ...image, manifest: bytes, digest: digest(bytes) }, (request, response) => {
      if (!request.url?.endsWith(image.digest)) return false;
      response.end(image.manifest);
      return true;
    });
    return { handler, digest: digest(bytes) };
  };
  const entry = (more: object = {}): object => {
    const { manifest, digest: of } = chartImage();
    return { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: of, size: manifest.length, ...more };
  };

  test('an index with one chart is read, and the index’s own digest counts', async () => {
    const { handler, digest: indexDigest } = indexOf([entry(), { mediaType: 'application/x-signature' }]);
    const server = await serve(handler);
    const pulled = await pullChart(optionsFor(server));
    expect(pulled.digest).toBe(indexDigest);
    expect((await pulled.content.bytes()).toString()).toBe('a chart');
    await server.stop();
    await expect(pullChart(optionsFor(server, { digest: indexDigest }))).resolves.toMatchObject({ version: '1.0.0' });
  });

  test.each<[string, object[]]>([
    ['of a thousand manifests', Array.from({ length: 1000 }, () => entry())],
    ['of indexes', [entry({ mediaType: 'application/vnd.oci.image.index.v1+json' })]],
    ['with two charts', [entry(), entry()]],
  ])('an index %s is refused', async (_, entries) => {
    await expect(failureOf(indexOf(entries).handler)).resolves.toMatchObject({ code: 'InvalidManifest' });
  });

  test('foreign urls in a descriptor are never followed', async () => {
    const other = await serve((_, response) => void response.end('a chart'));
    const image = chartImage('a chart', (manifest) => {
      manifest['layers'] = [layer('a chart', { urls: [`${other.origin}/chart`] })];
    });
    await expect(failureOf(registryOf({ ...image, blobs: new Map() }))).resolves.toMatchObject({ code: 'NotFound' });
    expect(other.requests).toEqual([]);
  });
});

describe('tag lists (R5)', () => {
  const listing = async (handler: Handler): Promise<string[]> => {
    const { version: _, ...options } = optionsFor(await serve(handler));
    return listVersions({
      ...options,
      limits: { listPages: 5, listPageBytes: 100_000, listBytes: 200_000, listItems: 1_000 },
    });
  };

  test('tags that are not versions are left out, and _ stands for +', async () => {
    const tags = ['latest', '1.0.0_build', 'v2.0.0', '1.2', '2.0.0-rc.1', '01.0.0', 7, null, '1.0.0'];
    const answer: Handler = (_, response) => void response.end(JSON.stringify({ tags }));
    await expect(listing(answer)).resolves.toEqual(['2.0.0-rc.1', '1.0.0+build', '1.0.0']);
  });

  test('an endless list, in a circle or not, ends at the page limit', async () => {
    const circle: Handler = (request, response) => {
      response.setHeader('link', `<${request.url}>; rel="next"`).end('{"tags":["1.0.0"]}');
    };
    await expect(listing(circle)).rejects.toMatchObject({ code: 'TooLarge' });
  });

  test('a list that continues on another host is refused, without asking that host', async () => {
    const other = await serve((_, response) => void response.end('{"tags":[]}'));
    const away: Handler = (_, response) => {
      response.setHeader('link', `<${other.origin}/v2/space/web/tags/list>; rel="next"`).end('{"tags":[]}');
    };
    await expect(listing(away)).rejects.toMatchObject({ code: 'InvalidResponse' });
    expect(other.requests).toEqual([]);
  });

  test('by default at most half a megabyte is parsed at once', async () => {
    const body = `{"tags":["1.0.0"],"more":[${'[],'.repeat(200_000)}0]}`;
    const server = await serve((_, response) => void response.end(body));
    const { version: _, ...options } = optionsFor(server);
    await expect(listVersions(options)).rejects.toMatchObject({ code: 'TooLarge' });
    await expect(pullChart({ ...options, version: '1.0.0' })).rejects.toMatchObject({ code: 'TooLarge' });
  });

  test('a page that is too large is refused', async () => {
    const tags = Array.from({ length: 100_000 }, (_, index) => `1.0.${index}`);
    await expect(listing((_, response) => void response.end(JSON.stringify({ tags })))).rejects.toMatchObject({
      code: 'TooLarge',
    });
  });

  test.each([
    ['of many bytes', 'x'.repeat(20_000), /more than 200000 bytes/],
    ['of many items', '', /more than 1000 items/],
  ])('pages %s together are refused, though each is small', async (_, padding, why) => {
    let pages = 0;
    const endless: Handler = ({ url }, response) => {
      pages += 1;
      const tags = Array.from({ length: padding === '' ? 400 : 4 }, (_unused, index) => `1.${pages}.${index}`);
      response
        .setHeader('link', `<${url}0>; rel="next"`)
        .end(JSON.stringify({ tags, padding: [padding, padding, padding] }));
    };
    await expect(listing(endless)).rejects.toMatchObject({ code: 'TooLarge', message: expect.stringMatching(why) });
    expect(pages).toBeLessThan(5);
  });

  test.each(['[]', 'null', '{"tags":', '<html>'])('the body %p is refused', async (body) => {
    await expect(listing((_, response) => void response.end(body))).rejects.toMatchObject({ code: 'InvalidResponse' });
  });
});

describe('a tag that moves (R8)', () => {
  test('the pull gets what the tag stood for when it was resolved', async () => {
    const first = chartImage('the first chart');
    const second = chartImage('the second chart');
    let current = first;
    const server = await serve((request, response) => {
      const isFirst = request.url?.includes(first.digest) === true || request.url?.includes(first.chart) === true;
      return registryOf(isFirst ? first : current)(request, response);
    });
    const resolved = await resolveChart(optionsFor(server));
    current = second;
    const pulled = await pullChart({ ...optionsFor(server), digest: resolved.digest });
    expect((await pulled.content.bytes()).toString()).toBe('the first chart');
  });
});
