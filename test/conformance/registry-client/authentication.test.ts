import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';

import { ChartCache, listVersions, pullChart, pushChart } from '../../../registry-client/index.ts';
import type { ConnectionOptions, PullOptions } from '../../../registry-client/index.ts';
import { buildChart } from '../../support/charts/chart-builder.ts';
import { startRegistry } from './real-registry.ts';
import type { RealRegistry } from './real-registry.ts';
import { TOKENS, tokenServer } from './token-server.ts';
import {
  chartImage,
  local,
  registryOf,
  serve,
  stopServers,
  trusted,
} from '../../unit/registry-client/support/server.ts';
import type { Handler, TestServer } from '../../unit/registry-client/support/server.ts';

const credentials = { username: 'ada', password: 'pass:word' };
const basic = `Basic ${Buffer.from('ada:pass:word').toString('base64')}`;
const metadata = { apiVersion: 'v2', name: 'web', version: '1.0.0' };
const chart = buildChart({ name: 'web' });
const image = chartImage();

afterEach(stopServers);

const optionsFor = (server: { host: string }, more: Partial<PullOptions> = {}): PullOptions => ({
  ...local,
  registry: `oci://${server.host}/space`,
  name: 'web',
  version: '1.0.0',
  credentials,
  ...more,
});
const authorizations = ({ requests }: TestServer): (string | undefined)[] => [
  ...new Set(requests.map(({ authorization }) => authorization)),
];
/** A registry that wants an `Authorization` of that value and asks for it with that challenge. */
const guarded = (challenge: string, wanted: string): Handler =>
  registryOf(image, ({ headers }, response) => {
    if (headers.authorization === wanted) return false;
    response.writeHead(401, { 'www-authenticate': challenge }).end();
    return true;
  });

describe('with a real registry that requires a password, over TLS', () => {
  let registry: RealRegistry;
  beforeAll(async () => {
    registry = await startRegistry({ authentication: { kind: 'basic', ...credentials }, transport: 'https' });
  }, 1_200_000);
  afterAll(() => registry?.stop());

  test('charts are pushed and pulled with the right password, and not with another or none', async () => {
    const options = optionsFor(registry);
    await expect(pushChart(chart, { ...options, metadata })).resolves.toMatchObject({ outcome: 'pushed' });
    const pulled = await pullChart(options);
    expect((await pulled.content.bytes()).equals(chart)).toBe(true);
    const wrong = { credentials: { username: 'ada', password: 'secret-7f' } };
    for (const more of [wrong, { credentials: undefined }]) {
      const error: Error = await pullChart({ ...options, ...more }).then(
        () => new Error('pulled'),
        (thrown) => thrown,
      );
      expect(error).toMatchObject({ code: 'Unauthorized', transient: false, status: 401 });
      expect(error.message).not.toContain('secret-7f');
    }
  });
});

describe('with a real registry that uses tokens', () => {
  let registry: RealRegistry;
  let tokens: TestServer;
  let grants: URL[];
  beforeAll(async () => {
    grants = [];
    tokens = await serve(tokenServer({ authorization: basic, onGrant: (url) => grants.push(url) }));
    const realm = `${tokens.origin}/token`;
    const authentication = { kind: 'token', realm, ...TOKENS } as const;
    registry = await startRegistry({ authentication });
  }, 1_200_000);
  afterAll(async () => {
    await registry?.stop();
    await tokens?.stop();
  });
  const trusting = (more: Partial<ConnectionOptions> = {}) =>
    optionsFor(registry, { tokenServers: [tokens.origin], ...more });

  test('one password exchange is enough for a push, and one for a pull; another host gets the password only if approved', async () => {
    await pushChart(chart, { ...trusting(), metadata });
    expect(grants.map((url) => url.searchParams.getAll('scope'))).toEqual([['repository:space/web:pull,push']]);
    const pulled = await pullChart(trusting());
    expect((await pulled.content.bytes()).equals(chart)).toBe(true);
    expect(grants).toHaveLength(2);
    await expect(listVersions(trusting())).resolves.toEqual(['1.0.0']);
    const seen = tokens.requests.length;
    const unapproved = pullChart(optionsFor(registry));
    await expect(unapproved).rejects.toMatchObject({
      code: 'Unauthorized',
      nextStep: expect.stringContaining(tokens.origin),
    });
    expect(tokens.requests.slice(seen).map(({ authorization }) => authorization)).toEqual([undefined]);
  });
});

describe('where credentials go (R1, R2)', () => {
  test('a password is sent only to the registry that asks, and never before it asks', async () => {
    const server = await serve(guarded('Basic realm="r"', basic));
    await pullChart(optionsFor(server));
    expect(server.requests.find(({ path }) => path.includes('manifests'))?.authorization).toBeUndefined();
    expect(authorizations(server)).toEqual([undefined, basic]);
  });

  test('a redirect to another origin is followed without credentials, and its challenge is not answered', async () => {
    const storage = await serve((_, response) => void response.end('a chart'));
    const asking = await serve(
      (_, response) => void response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end(),
    );
    for (const [target, outcome] of [
      [storage, { code: undefined }],
      [asking, { code: 'Unauthorized' }],
    ] as const) {
      const away: Handler = registryOf(image, (request, response) => {
        if (request.headers.authorization !== basic) {
          response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end();
        } else if (request.url?.includes('/blobs/')) {
          response.writeHead(307, { location: `${target.origin}/blob?signature=abc` }).end();
        } else return false;
        return true;
      });
      const result: unknown = await pullChart(optionsFor(await serve(away))).catch((error: unknown) => error);
      expect((result as { code?: string }).code).toBe(outcome.code);
      expect(authorizations(target)).toEqual([undefined]);
      expect(String(result)).not.toContain('signature');
    }
  });

  test('the target of a redirect cannot ask for credentials in the registry’s name', async () => {
    const asking = await serve((_, response) => void response.writeHead(401, { 'www-authenticate': 'Basic' }).end());
    const server = await serve(
      registryOf(image, ({ url }, response) => {
        const isBlob = url?.includes('/blobs/') === true;
        if (isBlob) response.writeHead(307, { location: asking.origin }).end();
        return isBlob;
      }),
    );
    await expect(pullChart(optionsFor(server))).rejects.toMatchObject({ code: 'Unauthorized' });
    expect([...authorizations(server), ...authorizations(asking)]).toEqual([undefined, undefined]);
  });

  test('the target of a redirect cannot send credentials back to the registry', async () => {
    const server: TestServer = await serve(
      registryOf(image, (request, response) => {
        if (request.url === '/elsewhere') response.end('a chart');
        else if (request.headers.authorization !== basic)
          response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end();
        else if (request.url?.includes('/blobs/')) response.writeHead(302, { location: bounce.origin }).end();
        else return false;
        return true;
      }),
    );
    const bounce = await serve(
      (_, response) => void response.writeHead(302, { location: `${server.origin}/elsewhere` }).end(),
    );
    await pullChart(optionsFor(server));
    expect(server.requests.find(({ path }) => path === '/elsewhere')?.authorization).toBeUndefined();
  });

  test.each<[string, string, string]>([
    ['no realm', 'Bearer service="s"', 'InvalidResponse'],
    ['a realm that is not a URL', 'Bearer realm="token"', 'InvalidResponse'],
    ['a realm of another scheme', 'Bearer realm="file:///etc/passwd"', 'InsecureTransport'],
    ['an unknown scheme', 'Negotiate abc', 'Unauthorized'],
    ['no challenge', '', 'Unauthorized'],
    ['metadata as realm', 'Bearer realm="http://169.254.169.254/latest"', 'InsecureTransport|HostRefused'],
  ])('%s gets no credentials', async (_, challenge, codes) => {
    const server = await serve(guarded(challenge, 'never'));
    const error: unknown = await pullChart(optionsFor(server)).catch((thrown: unknown) => thrown);
    expect(codes.split('|')).toContain((error as { code: string }).code);
    expect(authorizations(server)).toEqual([undefined]);
  });

  test('a registry with TLS cannot name a token server without TLS', async () => {
    const tokens = await serve((_, response) => void response.end('{"token":"t"}'));
    const server = await serve(guarded(`Bearer realm="${tokens.origin}"`, 'Bearer t'), trusted);
    const options = optionsFor(server, { tokenServers: [tokens.origin] });
    await expect(pullChart(options)).rejects.toMatchObject({ code: 'InsecureTransport' });
    expect(tokens.requests).toEqual([]);
  });

  test('an anonymous token may come from another host without approval', async () => {
    const tokens = await serve((_, response) => void response.end('{"access_token":"t"}'));
    const server = await serve(guarded(`Bearer realm="${tokens.origin}/t",service="s"`, 'Bearer t'));
    await expect(pullChart(optionsFor(server))).resolves.toMatchObject({ version: '1.0.0' });
    expect(authorizations(tokens)).toEqual([undefined]);
  });

  test('an expired token is renewed', async () => {
    let issued = 0;
    let valid = 0;
    const server: TestServer = await serve(
      registryOf(image, ({ url, headers }, response) => {
        if (url?.startsWith('/token') === true) {
          valid = ++issued;
          response.end(JSON.stringify({ token: `t${issued}` }));
        } else if (url !== '/v2/' && headers.authorization !== `Bearer t${valid}`) {
          response.writeHead(401, { 'www-authenticate': `Bearer realm="${server.origin}/token"` }).end();
        } else {
          if (url?.includes('/manifests/')) valid = 0;
          return false;
        }
        return true;
      }),
    );
    await expect(pullChart(optionsFor(server))).resolves.toMatchObject({ version: '1.0.0' });
    expect(issued).toBeGreaterThan(1);
  });

  test.each(['{}', '{"token":""}', '{"token":"a\\nb: c"}', 'null', 'x'.repeat(200_000)])(
    'a token answer of %p is refused',
    async (answer) => {
      const tokens = await serve((_, response) => void response.end(answer));
      const server = await serve(guarded(`Bearer realm="${tokens.origin}"`, 'never'));
      await expect(pullChart(optionsFor(server))).rejects.toMatchObject({
        code: expect.stringMatching(/^(InvalidResponse|TooLarge)$/),
      });
    },
  );

  test('an upload that the registry sends to another host goes there without credentials', async () => {
    const storage = await serve((_, response) => void response.writeHead(201).end());
    const server = await serve((request, response) => {
      if (request.headers.authorization !== basic)
        response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end();
      else if (request.method === 'POST') response.writeHead(202, { location: `${storage.origin}/upload` }).end();
      else response.writeHead(request.method === 'PUT' ? 201 : 404).end();
    });
    await expect(pushChart(chart, { ...optionsFor(server), metadata })).resolves.toMatchObject({ outcome: 'pushed' });
    expect(storage.requests).toHaveLength(2);
    expect(authorizations(storage)).toEqual([undefined]);
  });

  test('a chart that needed credentials is cached for that scope alone', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'coxswain-scope-'));
    const cache = new ChartCache({ directory });
    const server = await serve(guarded('Basic realm="r"', basic));
    const pinned = { cache, digest: image.digest };
    await pullChart(optionsFor(server, { ...pinned, cacheScope: 'team-a' }));
    await server.stop();
    await expect(pullChart(optionsFor(server, { ...pinned, cacheScope: 'team-a' }))).resolves.toBeDefined();
    await expect(pullChart(optionsFor(server, { ...pinned, cacheScope: 'team-b' }))).rejects.toMatchObject({
      code: 'Unavailable',
    });
    await rm(directory, { recursive: true });
  });
});
