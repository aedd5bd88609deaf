import { afterEach, describe, expect, test } from '@jest/globals';

import { LOOPBACK, pullChart } from '../../../../registry-client/index.ts';
import type { NetworkPolicy, PullOptions } from '../../../../registry-client/index.ts';
import { networkGuard } from '../../../../registry-client/http/network-policy.ts';
import { chartImage, local, registryOf, serve, stopServers } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

afterEach(stopServers);

const check = (host: string, policy: NetworkPolicy = {}): void =>
  networkGuard(policy).check(new URL(`https://${host}/`));
const refusal = expect.objectContaining({ code: 'HostRefused', transient: false });
const optionsFor = ({ host }: Pick<TestServer, 'host'>, more: Partial<PullOptions> = {}): PullOptions => ({
  ...local,
  registry: `oci://${host}/space`,
  name: 'web',
  version: '1.0.0',
  ...more,
});

describe('hosts by name and address', () => {
  test.each([
    '127.0.0.1',
    '127.8.9.10',
    '2130706433',
    '0x7f.1',
    '017700000001',
    '[::1]',
    '[::]',
    '0.0.0.0',
    '[::ffff:127.0.0.1]',
    '169.254.169.254',
    '[::ffff:169.254.169.254]',
    '[::ffff:a9fe:a9fe]',
    '[64:ff9b::169.254.169.254]',
    '[2002:a9fe:a9fe::1]',
    '[fe80::1]',
    '[fd00:ec2::254]',
    '100.100.100.200',
    '224.0.0.1',
    '255.255.255.255',
    '[ff02::1]',
    '[::169.254.169.254]',
    'kubernetes',
    'kubernetes.default',
    'kubernetes.default.svc',
    'KUBERNETES.default.svc.cluster.local',
    'kubernetes.default.svc.',
  ])('%s is refused', (host) => {
    expect(() => check(host)).toThrow(refusal);
  });

  test.each([
    '192.0.2.1',
    '10.0.0.1',
    '[2001:db8::1]',
    '[::ffff:192.0.2.1]',
    'example.com',
    'harbor.kubernetes.example',
  ])('%s is allowed', (host) => expect(() => check(host)).not.toThrow());

  test('more can be refused, and what is refused by default can be allowed', () => {
    expect(() => check('10.96.0.1', { refuse: ['10.96.0.0/12'] })).toThrow(refusal);
    expect(() => check('[::ffff:10.96.0.1]', { refuse: ['10.96.0.0/12'] })).toThrow(refusal);
    expect(() => check('127.0.0.1', { allow: LOOPBACK })).not.toThrow();
    expect(() => check('[::1]', { allow: LOOPBACK })).not.toThrow();
    expect(() => check('169.254.169.254', { allow: LOOPBACK })).toThrow(refusal);
    expect(() =>
      check('example.com:444', { allowHost: (host, port) => host === 'example.com' && port === 443 }),
    ).toThrow(refusal);
    expect(() =>
      check('example.com', { allowHost: (host, port) => host === 'example.com' && port === 443 }),
    ).not.toThrow();
  });

  test.each(['10.0.0.0/33', '10.0.0.0/x', 'example.com', '', '10.0.0.0/'])('%p is not a CIDR', (cidr) => {
    expect(() => networkGuard({ refuse: [cidr] })).toThrow(expect.objectContaining({ code: 'InvalidReference' }));
  });
});

describe('hosts by what their name resolves to', () => {
  test('a name that resolves to a refused address is refused when it is connected to', async () => {
    const server = await serve(registryOf(chartImage()));
    const named = { host: server.host.replace('127.0.0.1', 'localhost') };
    const options = optionsFor(named, { network: {} });
    await expect(pullChart(options)).rejects.toMatchObject({ code: 'HostRefused', transient: false });
    expect(server.requests).toEqual([]);
    await expect(pullChart(optionsFor(named))).resolves.toMatchObject({ version: '1.0.0' });
  });

  test('loopback is refused by default', async () => {
    const server = await serve(registryOf(chartImage()));
    await expect(pullChart(optionsFor(server, { network: undefined }))).rejects.toMatchObject({ code: 'HostRefused' });
    expect(server.requests).toEqual([]);
  });
});

describe('every hop (R1)', () => {
  const redirecting = (location: string) =>
    serve(
      registryOf(chartImage(), ({ url }, response) => {
        if (!url?.includes('/blobs/')) return false;
        response.writeHead(302, { location }).end();
        return true;
      }),
    );

  test.each([
    ['https://169.254.169.254/latest', 'HostRefused'],
    ['https://[::ffff:169.254.169.254]/', 'HostRefused'],
    ['https://kubernetes.default.svc/api', 'HostRefused'],
    ['http://192.0.2.1/', 'InsecureTransport'],
    ['http://169.254.169.254/', 'InsecureTransport'],
    ['file:///etc/passwd', 'InsecureTransport'],
    ['gopher://example.com', 'InsecureTransport'],
    ['https://', 'InvalidResponse'],
    ['', 'InvalidResponse'],
  ])('a redirect to %p is refused', async (location, code) => {
    const server = await redirecting(location);
    await expect(pullChart(optionsFor(server))).rejects.toMatchObject({ code, transient: false });
  });

  test('a redirect to a host that the administrator did not allow is refused', async () => {
    const other = await serve((_, response) => void response.end('a chart'));
    const server = await redirecting(other.origin);
    const port = Number(server.host.split(':')[1]);
    const network = { allow: LOOPBACK, allowHost: (_: string, asked: number) => asked === port };
    await expect(pullChart(optionsFor(server, { network }))).rejects.toMatchObject({ code: 'HostRefused' });
    expect(other.requests).toEqual([]);
  });

  test('endless redirects are given up', async () => {
    const server: TestServer = await serve(
      registryOf(chartImage(), ({ url }, response) => {
        if (!url?.includes('/blobs/')) return false;
        response.writeHead(302, { location: `${url}x` }).end();
        return true;
      }),
    );
    await expect(pullChart(optionsFor(server))).rejects.toMatchObject({ code: 'InvalidResponse' });
    expect(server.requests.filter(({ path }) => path.includes('/blobs/'))).toHaveLength(11);
  });

  test('a token server counts as a hop too', async () => {
    const server = await serve((_, response) => {
      response.writeHead(401, { 'www-authenticate': 'Bearer realm="https://169.254.169.254/token"' }).end();
    });
    await expect(pullChart(optionsFor(server))).rejects.toMatchObject({ code: 'HostRefused' });
  });
});
