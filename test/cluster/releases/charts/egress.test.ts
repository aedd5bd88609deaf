import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { LOOPBACK, pushChart } from '../../../../registry-client/index.ts';
import { startRegistry, type RealRegistry } from '../../../conformance/registry-client/real-registry.ts';
import { TOKENS, tokenServer } from '../../../conformance/registry-client/token-server.ts';
import { buildChart } from '../../../support/charts/chart-builder.ts';
import type { ReleaseView } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { webChart } from '../../../support/charts/web-chart.ts';
import { serve, stopServers, type TestServer } from '../../../unit/registry-client/support/server.ts';

// Registries whose tokens come from another host, as GitLab's do, and registries that only a proxy leads to.

const CREDENTIALS = { username: 'captain', password: 'open sesame' };
const AUTHORIZATION = `Basic ${Buffer.from('captain:open sesame').toString('base64')}`;
/** A name that only the proxy knows. */
const BEHIND = 'registry.behind.proxy:5000';

const coxswain = story();
let tokens: TestServer;
let registry: RealRegistry;
let proxy: Server;
let proxied: string[];
let tenant: Tenant;
let web: ReleaseView;

beforeAll(async () => {
  tokens = await serve(tokenServer({ authorization: AUTHORIZATION }));
  registry = await startRegistry({ authentication: { kind: 'token', realm: `${tokens.origin}/jwt/auth`, ...TOKENS } });
  const target = { registry: `oci://${registry.host}/private`, metadata: { name: 'web', version: '1.0.0' } };
  const connection = { credentials: CREDENTIALS, tokenServers: [tokens.origin], network: { allow: LOOPBACK } };
  await pushChart(buildChart(webChart()), { ...target, ...connection });
  proxy = await proxyTo(coxswain.controlPlane.registry);
});

afterAll(async () => {
  proxy?.close();
  await registry?.stop();
  await stopServers();
});

beforeEach(async () => {
  proxied = [];
  tenant = await coxswain.tenant();
  web = tenant.release('web');
});

test('a token server that the Secret names is sent its password, and no other is', async () => {
  await secret('login', CREDENTIALS);
  await secret('trusting', { ...CREDENTIALS, 'token-server': `${tokens.origin}/jwt/auth` });
  const told = passwordsTold();
  await create('login');
  const { message } = await web.failed('RegistryUnauthorized');
  expect(message).toContain(`approve ${tokens.origin} as a token server`);
  expect(passwordsTold()).toBe(told);
  await web.patch({ chart: { secretRef: { name: 'trusting' } } });
  await web.ready();
});

test('a token server that the administrator names is sent every password for that registry', async () => {
  await coxswain.restart({ flags: [`--token-server=${registry.host}=${tokens.origin}`] });
  await secret('login', CREDENTIALS);
  await create('login');
  await web.ready();
});

test('a token server that the Secret names is not contacted where the administrator does not allow its host', async () => {
  await coxswain.restart({ flags: [`--allow-registry=${registry.host}`] });
  await secret('trusting', { ...CREDENTIALS, 'token-server': `${tokens.origin}/jwt/auth` });
  const { length } = tokens.requests;
  await create('trusting');
  expect((await web.failed('RegistryRefused')).message).toContain('not among the allowed hosts');
  expect(tokens.requests).toHaveLength(length);
});

test('a registry that only the proxy can resolve is reached through it, others directly as before', async () => {
  const chart = await coxswain.push(webChart());
  const { port } = proxy.address() as AddressInfo;
  const address = `http://127.0.0.1:${port}`;
  const env = { HTTPS_PROXY: address, HTTP_PROXY: address, NO_PROXY: 'direct.example' };
  await coxswain.restart({
    flags: [`--allow-plain-http=${BEHIND}`, '--allow-plain-http=direct.example'],
    env,
  });
  const behind = chart.registry.replace(/\/\/[^/]+/, `//${BEHIND}`);
  await tenant.apply('web', { ...chart, registry: behind });
  await web.ready();
  expect(new Set(proxied)).toEqual(new Set([BEHIND]));
  await tenant.apply('near', chart);
  await tenant.release('near').ready();
  await tenant.apply('no', { ...chart, registry: 'oci://direct.example/charts' });
  await tenant.release('no').failed('RegistryUnavailable');
  await tenant.apply('inside', { ...chart, registry: 'oci://10.96.0.1/charts' });
  await tenant.release('inside').failed('RegistryRefused');
  expect(new Set(proxied)).toEqual(new Set([BEHIND]));
});

function passwordsTold(): number {
  return tokens.requests.filter(({ authorization }) => authorization !== undefined).length;
}

/** A proxy that takes whatever is asked for from one server. */
async function proxyTo(address: string): Promise<Server> {
  const [host = '', port] = address.split(':');
  const server = createServer((asked, answer) => {
    const { host: name, pathname, search } = new URL(asked.url ?? '');
    proxied.push(name);
    const passed = request({ host, port, path: pathname + search, method: asked.method, headers: asked.headers });
    passed.on('response', (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    passed.on('error', () => answer.writeHead(502).end());
    asked.pipe(passed);
  });
  server.on('connect', ({ url = '' }, socket: Socket) => {
    proxied.push(url);
    const way = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      way.pipe(socket).pipe(way);
    });
    way.on('error', () => socket.destroy());
    socket.on('error', () => way.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function create(secretName: string): Promise<void> {
  const place = { registry: `oci://${registry.host}/private`, name: 'web', version: '1.0.0' };
  const chart = { ...place, secretRef: { name: secretName } };
  await tenant.apply('web', chart, { chart });
}

async function secret(name: string, stringData: Record<string, string>): Promise<void> {
  const metadata = { name, namespace: tenant.namespace };
  await coxswain.kubectl.apply({ apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', stringData });
}
