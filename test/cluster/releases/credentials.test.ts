import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { LOOPBACK, pushChart } from '../../../registry-client/index.ts';
import { startRegistry, type RealRegistry } from '../../conformance/registry-client/real-registry.ts';
import { buildChart } from '../../support/chart-builder.ts';
import { releaseOf, startInstallation, viewRelease, type Installation } from '../../support/installation.ts';
import { createTenant } from '../../support/tenant.ts';
import { webChart } from '../../support/web-chart.ts';

const CREDENTIALS = { username: 'captain', password: 'open sesame' };

let coxswain: Installation;
let registry: RealRegistry;

beforeAll(async () => {
  coxswain = await startInstallation();
  registry = await startRegistry({ authentication: { kind: 'basic', ...CREDENTIALS } });
  await pushChart(buildChart(webChart()), {
    registry: `oci://${registry.host}/private`,
    metadata: { name: 'web', version: '1.0.0' },
    credentials: CREDENTIALS,
    network: { allow: LOOPBACK },
  });
}, 120_000);

afterAll(async () => {
  await registry?.stop();
  await coxswain?.stop();
});

test('a chart of a private registry is pulled with the Secret that secretRef names, read as the tenant', async () => {
  const { kubectl } = coxswain;
  const namespace = await createTenant(kubectl);
  const web = viewRelease(kubectl, namespace, 'web');
  const chart = { registry: `oci://${registry.host}/private`, name: 'web', version: '1.0.0' };

  await kubectl.apply(releaseOf(namespace, 'web', chart));
  await web.failed('RegistryUnauthorized');

  await web.patch({ chart: { secretRef: { name: 'login' } } });
  expect((await web.failed('RegistryUnauthorized')).message).toContain('login');

  const login = ['--docker-username=captain', '--docker-password=open sesame', `--docker-server=${registry.host}`];
  await kubectl('create', 'secret', 'docker-registry', 'login', '--namespace', namespace, ...login);
  const release = await web.ready({ timeoutMs: 60_000 });
  expect(JSON.stringify(release)).not.toContain('open sesame');
}, 90_000);
