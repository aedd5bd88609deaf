import { afterEach, describe, expect, test } from '@jest/globals';

import { listCharts } from '../../../../registry-client/index.ts';
import { local, serve, stopServers } from '../support/server.ts';
import type { Handler, TestServer } from '../support/server.ts';

afterEach(stopServers);

const from = ({ host, origin }: TestServer, path: string, scheme: 'oci' | 'http' = 'oci') => ({
  ...local,
  registry: scheme === 'oci' ? `oci://${host}${path}` : `${origin}${path}`,
});

describe('the charts of an OCI registry', () => {
  const pages: Handler = ({ url }, response) => {
    if (url === '/v2/_catalog?n=1000') {
      response.setHeader('link', '</v2/_catalog?last=team%2Fweb&n=1000>; rel="next"');
      response.end('{"repositories":["team/web","team","teams/x","team/sub/db"]}');
    } else if (url === '/v2/_catalog?last=team%2Fweb&n=1000') {
      response.end('{"repositories":["team/api","zoo",7,"team/web"]}');
    } else response.writeHead(url === '/v2/' ? 200 : 404).end();
  };

  test('are the repositories in its space, from all pages, sorted', async () => {
    const server = await serve(pages);
    await expect(listCharts(from(server, '/team'))).resolves.toEqual(['api', 'sub/db', 'web']);
    await expect(listCharts(from(server, '/team/sub'))).resolves.toEqual(['db']);
    await expect(listCharts(from(server, '/other'))).resolves.toEqual([]);
    const all = ['team', 'team/api', 'team/sub/db', 'team/web', 'teams/x', 'zoo'];
    await expect(listCharts(from(server, ''))).resolves.toEqual(all);
  });

  test('are not read from another host', async () => {
    const other = await serve((_, response) => void response.end('{"repositories":["team/evil"]}'));
    const server = await serve(({ url }, response) => {
      if (url?.startsWith('/v2/_catalog')) response.setHeader('link', `<${other.origin}/v2/_catalog>; rel="next"`);
      response.end('{"repositories":["team/web"]}');
    });
    await expect(listCharts(from(server, '/team'))).rejects.toMatchObject({ code: 'InvalidResponse' });
    expect(other.requests).toEqual([]);
  });

  test('end at the page limit', async () => {
    const server = await serve(({ url }, response) => {
      response.setHeader('link', `<${url}0>; rel="next"`);
      response.end('{"repositories":["team/web"]}');
    });
    const options = { ...from(server, '/team'), limits: { listPages: 3 } };
    await expect(listCharts(options)).rejects.toMatchObject({ code: 'TooLarge' });
  });

  test.each([
    [404, 'NotFound'],
    [403, 'Unauthorized'],
    [405, 'InvalidResponse'],
  ])('of one that answers %i are an error that says so', async (status, code) => {
    const server = await serve((_, response) => void response.writeHead(status).end());
    await expect(listCharts(from(server, '/team'))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(`list the charts of oci://${server.host}/team`),
    });
  });
});

test('the charts of a classic repository are the usable ones in its index', async () => {
  const usable = [{ version: '1.0.0', urls: ['x.tgz'] }];
  const entries = { web: usable, api: usable, none: [], bad: [{ version: 'x', urls: ['x'] }], odd: 7 };
  const server = await serve(({ url }, response) => {
    if (url === '/charts/index.yaml') response.end(JSON.stringify({ apiVersion: 'v1', entries }));
    else response.writeHead(404).end();
  });
  await expect(listCharts(from(server, '/charts', 'http'))).resolves.toEqual(['api', 'web']);
  await expect(listCharts(from(server, '/no', 'http'))).rejects.toMatchObject({ code: 'NotFound' });
});
