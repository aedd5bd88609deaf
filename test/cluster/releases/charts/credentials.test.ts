import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { LOOPBACK, pushChart, type ConnectionOptions } from '../../../../registry-client/index.ts';
import { startRegistry, type RealRegistry } from '../../../conformance/registry-client/real-registry.ts';
import { buildChart } from '../../../support/charts/chart-builder.ts';
import { eventually } from '../../../support/eventually.ts';
import type { ReleaseView } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { webChart } from '../../../support/charts/web-chart.ts';
import { certificates } from '../../../unit/registry-client/support/certificates.ts';

const CREDENTIALS = { username: 'captain', password: 'open sesame' };
const { ca, clientCert, clientKey } = certificates;

const coxswain = story();
/** By password, by password over TLS of an authority of its own, by client certificate. */
let plain: RealRegistry;
let secure: RealRegistry;
let mutual: RealRegistry;
let tenant: Tenant;
let web: ReleaseView;

beforeAll(async () => {
  const authentication = { kind: 'basic', ...CREDENTIALS } as const;
  plain = await startRegistry({ authentication });
  secure = await startRegistry({ authentication, transport: 'https' });
  mutual = await startRegistry({ transport: 'https with client certificates' });
  await push(plain, { credentials: CREDENTIALS });
  await push(secure, { credentials: CREDENTIALS, tls: { ca } });
  await push(mutual, { tls: { ca, cert: clientCert, key: clientKey } });
});

afterAll(async () => {
  await Promise.all([plain, secure, mutual].map((registry) => registry?.stop()));
});

beforeEach(async () => {
  tenant = await coxswain.tenant();
  web = tenant.release('web');
});

describe('a Secret that secretRef names, read with the tenant’s rights', () => {
  test('of type dockerconfigjson', async () => {
    await create(plain);
    await web.failed('RegistryUnauthorized');

    await web.patch({ chart: { secretRef: { name: 'login' } } });
    expect((await web.failed('RegistryUnauthorized')).message).toContain('login');

    await dockerSecret('login', plain);
    const release = await web.ready();
    expect(JSON.stringify(release)).not.toContain('open sesame');
  });

  test('of type basic-auth, with an authority beside it', async () => {
    await secret('trusting', 'kubernetes.io/basic-auth', { ...CREDENTIALS, 'ca.crt': ca });
    await secret('not-trusting', 'kubernetes.io/basic-auth', CREDENTIALS);
    await create(secure, 'not-trusting');
    expect((await web.failed('RegistryRefused')).message).toContain('certificate');
    await web.patch({ chart: { secretRef: { name: 'trusting' } } });
    await web.ready();
  });

  test('of type tls: a client certificate, and the authority of the registry', async () => {
    const identity = { 'tls.crt': clientCert, 'tls.key': clientKey, 'ca.crt': ca };
    await secret('identity', 'kubernetes.io/tls', identity);
    await create(mutual, 'identity');
    await web.ready();
  });

  test.each<[string, string, Record<string, string>, string]>([
    ['of another type', 'example.com/token', { token: 'open sesame' }, 'example.com/token'],
    ['without what counts', 'Opaque', { token: 'open sesame' }, 'none of'],
    ['half of a login', 'Opaque', { username: 'captain' }, 'must be given together'],
    ['for another registry', 'kubernetes.io/dockerconfigjson', { '.dockerconfigjson': '{"auths":{}}' }, 'no entry'],
    ['that is not PEM', 'Opaque', { 'ca.crt': 'open sesame' }, 'PEM'],
  ])('%s is refused with the reason', async (_, type, data, told) => {
    await secret('login', type, data);
    await create(secure, 'login');
    const { message } = await web.failed('RegistryUnauthorized');
    expect(message).toContain(told);
    expect(message).not.toContain('sesame');
  });
});

describe("the service account's imagePullSecrets, where no secretRef is given", () => {
  const pullWith = async (name: string): Promise<void> => {
    const patch = JSON.stringify({ imagePullSecrets: [{ name: 'absent' }, { name }] });
    await tenant.kubectl('patch', 'serviceaccount', 'default', `--patch=${patch}`);
  };

  test('are used for a registry that rejects anonymous pulls, also for a range', async () => {
    await dockerSecret('login', plain);
    await pullWith('login');
    await create(plain);
    await web.ready();
    await web.patch({ chart: { version: '^1.0.0' } });
    const { status } = await web.until((release) => release.status?.version === 2);
    expect(status?.chart?.version).toBe('1.0.0');
  });

  test('that the account may not read leave the pull anonymous, and the message says so and what would grant access', async () => {
    const { kubectl } = coxswain;
    tenant = await coxswain.tenant({ rights: 'view' });
    web = tenant.release('web');
    await dockerSecret('login', plain);
    await pullWith('login');
    await create(plain);
    const { message } = await web.failed('RegistryUnauthorized');
    expect(message).toMatch(/no credentials were sent.*login/);
    await kubectl.attempt(['apply', '--filename=-'], { input: message.split('\n').slice(1).join('\n') });
    for (const name of ['absent', 'login']) {
      const user = `--as=system:serviceaccount:${tenant.namespace}:default`;
      // Until the API server has seen the binding.
      await eventually(
        () => tenant.kubectl('auth', 'can-i', 'get', `secrets/${name}`, user),
        (answer) => expect(answer).toBe('yes\n'),
      );
    }
  });
});

async function push(registry: RealRegistry, options: ConnectionOptions): Promise<void> {
  const metadata = { name: 'web', version: '1.0.0' };
  const target = { registry: `oci://${registry.host}/private`, metadata, network: { allow: LOOPBACK } };
  await pushChart(buildChart(webChart()), { ...target, ...options });
}

async function create(registry: RealRegistry, secretName?: string): Promise<void> {
  const secretRef = secretName === undefined ? {} : { secretRef: { name: secretName } };
  const chart = { registry: `oci://${registry.host}/private`, name: 'web', version: '1.0.0', ...secretRef };
  await tenant.apply('web', chart, { chart });
}

async function dockerSecret(name: string, { host }: RealRegistry): Promise<void> {
  const login = ['--docker-username=captain', '--docker-password=open sesame', `--docker-server=${host}`];
  await tenant.kubectl('create', 'secret', 'docker-registry', name, ...login);
}

async function secret(name: string, type: string, stringData: Record<string, string>): Promise<void> {
  await coxswain.kubectl.apply({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: tenant.namespace },
    type,
    stringData,
  });
}
