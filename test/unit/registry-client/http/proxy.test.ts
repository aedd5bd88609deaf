import { once } from 'node:events';
import { lookup } from 'node:dns/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { hostname } from 'node:os';

import { afterEach, describe, expect, test } from '@jest/globals';

import { proxyRules, proxySettingsIn, pullChart } from '../../../../registry-client/index.ts';
import type { PullOptions } from '../../../../registry-client/index.ts';
import { certificates } from '../support/certificates.ts';
import { chartImage, local, registryOf, serve, stopServers } from '../support/server.ts';

const image = chartImage();

/** A proxy on a real socket, and the ways that it was asked for. It knows every name as the server given. */
type Proxy = { url: string; asked: string[]; server: Server };
const proxies: Proxy[] = [];

async function proxyTo(host: string, answer = 200): Promise<Proxy> {
  const asked: string[] = [];
  const [address = '', port = ''] = host.split(':');
  const server = createServer((request, response) => {
    // As for plain HTTP: the whole URL stands in the request.
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(502).end();
  });
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    const { 'proxy-authorization': login = '' } = request.headers;
    asked.push(`CONNECT ${request.url} ${login}`.trim());
    if (answer !== 200) return void socket.end(`HTTP/1.1 ${answer} No\r\n\r\n`);
    const way = connect(Number(port), address, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      way.pipe(socket).pipe(way);
    });
    for (const [end, other] of [[way, socket] as const, [socket, way] as const]) end.on('error', () => other.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, server };
  proxies.push(proxy);
  return proxy;
}

afterEach(async () => {
  for (const { server } of proxies.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
  await stopServers();
});

const asked = (more: Partial<PullOptions>, registry = 'oci://other.example/space'): PullOptions => ({
  ...local,
  registry,
  name: 'web',
  version: '1.0.0',
  ...more,
});

describe('a registry behind a proxy', () => {
  const serveOther = () => serve(registryOf(image), { cert: certificates.otherCert, key: certificates.otherKey });

  test('is reached through it, by a name that only the proxy resolves, with the proxy’s credentials', async () => {
    const { host } = await serveOther();
    const proxy = await proxyTo(host);
    const { version } = await pullChart(asked({ proxy: { https: proxy.url.replace('//', '//ann:open%20sesame@') } }));
    const login = Buffer.from('ann:open sesame').toString('base64');
    expect({ version, asked: [...new Set(proxy.asked)] }).toEqual({
      version: '1.0.0',
      asked: [`CONNECT other.example:443 Basic ${login}`],
    });
    await expect(pullChart(asked({ proxy: { https: proxy.url }, tls: {} }))).rejects.toMatchObject({
      code: 'CertificateRejected',
    });
  });

  test('is reached directly if it is excepted', async () => {
    const { host } = await serveOther();
    const proxy = await proxyTo(host);
    const options = asked({ proxy: { https: proxy.url, except: '.example' } });
    await expect(pullChart(options)).rejects.toMatchObject({ code: 'Unavailable' });
    expect(proxy.asked).toEqual([]);
  });

  test('is refused as without a proxy: by name, by address, and by what its name resolves to here', async () => {
    const { host } = await serveOther();
    const proxy = await proxyTo(host);
    const network = { allowHost: (name: string) => name !== 'denied.example', allow: [] };
    for (const place of ['denied.example', '169.254.169.254', 'kubernetes.default.svc', '127.0.0.1.nip.invalid']) {
      const options = asked({ proxy: { https: proxy.url }, network }, `oci://${place}/space`);
      const code = place.endsWith('.invalid') ? 'CertificateRejected' : 'HostRefused';
      await expect(pullChart(options)).rejects.toMatchObject({ code });
    }
    // The one name beside localhost that systems resolve by themselves.
    const [{ address } = { address: '' }] = await lookup(hostname(), { all: true });
    const ours = asked({ proxy: { https: proxy.url }, network: { refuse: [address] } }, `oci://${hostname()}.:1/space`);
    await expect(pullChart(ours)).rejects.toMatchObject({ code: 'HostRefused' });
    expect([...new Set(proxy.asked)]).toEqual(['CONNECT 127.0.0.1.nip.invalid:443']);
  });

  test('is reported as unavailable if the proxy refuses, without the proxy’s password', async () => {
    const proxy = await proxyTo('127.0.0.1:1', 407);
    const options = asked({ proxy: { https: proxy.url.replace('//', '//ann:sesame@') } });
    const message = expect.stringMatching(/^(?!.*sesame).*the proxy refused the connection to other.example \(407\)/);
    await expect(pullChart(options)).rejects.toMatchObject({ code: 'Unavailable', message });
  });

  test('without TLS uses the proxy for plain HTTP', async () => {
    const proxy = await proxyTo('127.0.0.1:1');
    const options = asked({ proxy: { http: proxy.url }, allowPlainHttp: true }, 'http://charts.example/stable');
    await expect(pullChart(options)).rejects.toMatchObject({ code: 'Unavailable' });
    expect(proxy.asked[0]).toBe('GET http://charts.example/stable/index.yaml');
  });
});

describe('the choice of proxy', () => {
  test.each<[except: string, url: string, proxied: boolean]>([
    ['', 'https://registry.example.com', true],
    ['', 'http://registry.example.com', false],
    ['', 'https://localhost', false],
    ['', 'https://127.1.2.3', false],
    ['', 'https://[::1]:5000', false],
    ['*', 'https://registry.example.com', false],
    ['example.com', 'https://registry.example.com', false],
    ['example.com', 'https://example.com', false],
    ['example.com', 'https://notexample.com', true],
    ['.example.com', 'https://example.com', true],
    ['.example.com', 'https://a.b.example.com', false],
    ['*.example.com', 'https://a.example.com', false],
    ['a.test, EXAMPLE.com ,', 'https://registry.example.com', false],
    ['example.com:5000', 'https://example.com:5000', false],
    ['example.com:5000', 'https://example.com', true],
    ['example.com:443', 'https://example.com', false],
    ['10.0.0.0/8', 'https://10.1.2.3', false],
    ['10.0.0.0/8', 'https://11.1.2.3', true],
    ['10.0.0.0/8', 'https://ten.example.com', true],
    ['10.1.2.3', 'https://10.1.2.3:5000', false],
    ['fd00::/8', 'https://[fd12::1]', false],
    ['[fd12::1]:5000', 'https://[fd12::1]:5000', false],
    ['10.0.0.0/99', 'https://10.1.2.3', true],
  ])('with NO_PROXY=%j, %s: %s', (except, url, proxied) => {
    const proxyOf = proxyRules({ https: 'proxy.example.com:3128', except });
    expect(proxyOf(new URL(url))?.href).toBe(proxied ? 'http://proxy.example.com:3128/' : undefined);
  });

  test('is read from variables in upper or lower case', () => {
    const environment = { HTTPS_PROXY: '', https_proxy: 'http://a', HTTP_PROXY: 'http://b', no_proxy: 'c' };
    expect(proxySettingsIn(environment)).toEqual({ https: 'http://a', http: 'http://b', except: 'c' });
  });

  test('is refused where it is not a URL, without showing its password', () => {
    expect(() => proxyRules({ https: 'socks5://ann:sesame@proxy' })).toThrow(/^(?!.*sesame).*not a URL/);
  });
});
