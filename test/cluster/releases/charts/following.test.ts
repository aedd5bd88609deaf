import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { LOOPBACK, pushChart } from '../../../../registry-client/index.ts';
import type { KubeObject } from '../../../../resources/index.ts';
import { findFreePorts } from '../../../control-plane/processes/ports.ts';
import { startRegistry, type RealRegistry } from '../../../conformance/registry-client/real-registry.ts';
import { buildChart } from '../../../support/charts/chart-builder.ts';
import { eventually } from '../../../support/eventually.ts';
import type { ReleaseView } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';

// Releases that follow a range, and a registry that tells of pushes: the intervals are such that nothing else could move them.

const SECRET = 'correct horse battery staple';
const FAR = { interval: '24h' };
const CONFIG = `apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}}
data:
  chart: {{ .Chart.Version | quote }}
  content: CONTENT
`;

const coxswain = story();
let registry: RealRegistry;
let charts = 0;
let metricsPort: number;
/** A chart of its own for each test. */
let name: string;

beforeAll(async () => {
  const [port = 0, freePort = 0] = await findFreePorts(2);
  metricsPort = freePort;
  const url = `http://127.0.0.1:${port}/hooks/registry`;
  registry = await startRegistry({ notify: { url, authorization: `Bearer ${SECRET}` } });
  const secretFile = await coxswain.file('webhook-secret', SECRET);
  const webhook = ['--webhook-port', String(port), '--webhook-secret-file', secretFile];
  const flags = [...webhook, '--webhook-service=coxswain-webhook', `--metrics-port=${metricsPort}`];
  await coxswain.restart({ flags, env: { POD_IP: '192.0.2.7' } });
});

afterAll(async () => registry?.stop());

beforeEach(() => {
  name = `chart-${++charts}`;
});

describe('a push', () => {
  test('upgrades every Release that follows the range, and requests no other chart', async () => {
    await push('1.0.0');
    const followers = await Promise.all([follow('^1.0.0'), follow('^1.0.0'), follow('>=1')]);
    const followed = name;
    name = 'bystander';
    await push('1.0.0');
    await follow('^1.0.0');
    const before = tagLists('bystander');

    name = followed;
    await push('1.1.0');
    const moved = await Promise.all(followers.map((follower) => follower.view.until(isAt('1.1.0'))));
    expect(moved.map(({ status }) => status?.version)).toEqual([2, 2, 2]);
    const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    expect(metrics).toContain('coxswain_phase_duration_seconds_count{phase="push"} 3\n');
    for (const { tenant } of followers) {
      expect(await tenant.configMap('app')).toMatchObject({ chart: '1.1.0' });
    }
    expect(await notified()).toContainEqual([`${registry.host}/charts/${followed}`, 3]);
    expect(tagLists('bystander')).toBe(before);
  });

  test('of the same version with other content upgrades them too', async () => {
    await push('1.0.0', 'first');
    const { tenant, view } = await follow('1.x');
    await push('1.0.0', 'second');
    await view.until(({ status }) => status?.version === 2);
    expect(await tenant.configMap('app')).toEqual({ chart: '1.0.0', content: 'second' });
  });

  test('of an older version upgrades nothing', async () => {
    await push('1.1.0');
    const { view } = await follow('^1.0.0');
    const lists = tagLists(name);
    await push('1.0.1');
    await eventually(
      async () => tagLists(name),
      (asked) => asked > lists,
    );
    expect((await view.get()).status?.version).toBe(1);
  });

  test('of an awaited version installs it', async () => {
    await push('1.0.0');
    const { view } = await create('2.0.0');
    await view.failed('ChartVersionNotFound');
    await push('2.0.0');
    await view.until(isAt('2.0.0'));
  });
});

test('a push without a notification is found within a short interval, however often nothing was found before', async () => {
  const silent = await startRegistry();
  try {
    await push('1.0.0', 'content', silent);
    const { view } = await create('2.0.0', undefined, {}, silent, { interval: '5s' });
    await view.failed('ChartVersionNotFound');
    const asked = (): number => silent.log().split(`/v2/charts/${name}/`).length;
    const first = asked();
    await eventually(
      async () => asked(),
      (times) => times >= first + 16,
    );
    await push('2.0.0', 'content', silent);
    await view.until(isAt('2.0.0'));
  } finally {
    await silent.stop();
  }
});

test('the Service for notifications points at the active controller', async () => {
  const target = ['endpointslice', 'coxswain-webhook', '--namespace', 'coxswain-system'];
  const { endpoints, metadata } = await coxswain.kubectl.json<KubeObject>('get', ...target);
  expect(endpoints).toMatchObject([{ addresses: ['192.0.2.7'] }]);
  expect(metadata.labels).toMatchObject({ 'kubernetes.io/service-name': 'coxswain-webhook' });
});

test('Releases of several tenants share a registry’s answers, except those that use credentials', async () => {
  await push('1.0.0');
  await Promise.all([1, 2, 3, 4, 5, 6].map(() => follow('^1.0.0')));
  const shared = tagLists(name);
  expect(shared).toBeLessThan(6);

  const tenant = await coxswain.tenant();
  const login = ['--docker-username=a', '--docker-password=b', `--docker-server=${registry.host}`];
  await tenant.kubectl('create', 'secret', 'docker-registry', 'login', ...login);
  const { view } = await create('^1.0.0', tenant, { secretRef: { name: 'login' } });
  await view.ready();
  expect(tagLists(name)).toBe(shared + 1);
});

test('with the registry down, a chart with a cached digest is deployed, and a Release that follows a range stays as it is', async () => {
  const gone = await startRegistry();
  const digest = await push('1.0.0', 'content', gone);
  const { view } = await create('^1.0.0', undefined, {}, gone, { interval: '5s' });
  await view.until(isAt('1.0.0'));
  await gone.stop();
  const other = await create('1.0.0', undefined, { digest }, gone);
  await other.view.until(isAt('1.0.0'));
  await view.ready();
});

type Follower = { tenant: Tenant; view: ReleaseView };

async function follow(version: string): Promise<Follower> {
  const follower = await create(version);
  await follower.view.ready();
  return follower;
}

async function create(
  version: string,
  given?: Tenant,
  more: object = {},
  { host }: RealRegistry = registry,
  control: Record<string, unknown> = FAR,
): Promise<Follower> {
  const tenant = given ?? (await coxswain.tenant());
  const chart = { registry: `oci://${host}/charts`, name, version, ...more };
  return { tenant, view: await tenant.apply('app', chart, { ...control, chart }) };
}

async function push(version: string, content = 'content', { host }: RealRegistry = registry): Promise<string> {
  const archive = buildChart({ name, version, templates: { 'config.yaml': CONFIG.replace('CONTENT', content) } });
  const { digest } = await pushChart(archive, {
    registry: `oci://${host}/charts`,
    metadata: { name, version },
    existing: 'replace',
    network: { allow: LOOPBACK },
  });
  return digest;
}

function isAt(version: string): Parameters<ReleaseView['until']>[0] {
  return ({ status }) => status?.chart?.version === version && status.operation?.phase === 'Done';
}

/** The places of which the controller was told, and how many Releases that concerned. */
async function notified(): Promise<[place: string, releases: number][]> {
  const lines = (await readFile(coxswain.controller.logFile, 'utf8'))
    .split('\n')
    .filter((line) => line.startsWith('{'));
  const entries = lines.map((line) => JSON.parse(line) as { message: string; pushed: string[]; releases: number });
  const told = entries.filter(({ message }) => message === 'registry notification');
  return told.flatMap(({ pushed, releases }) => pushed.map((place): [string, number] => [place, releases]));
}

/** How often the versions of a chart were asked for. */
function tagLists(chart: string): number {
  return registry.log().split(`"GET /v2/charts/${chart}/tags/list`).length - 1;
}
