import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import type { Release } from '../../../crds/index.ts';
import { packagePublicCharts, type PublicCharts } from '../../support/charts/public-charts.ts';
import type { StoredChart } from '../../support/charts/registry.ts';
import { conditionOf, type ReleaseView } from '../../support/cluster/installation.ts';
import { run } from '../../support/cluster/kubectl.ts';
import { PLUGINS } from '../../support/command/command.ts';
import type { Tenant } from '../../support/cluster/tenant.ts';
import { eventually } from '../../support/eventually.ts';
import { tethered } from '../../support/processes/tethered.ts';
import { describeOnRealNode } from '../../support/real-node/real-node.ts';
import { nodeStory } from '../../support/real-node/story.ts';

type Container = Readonly<Record<string, unknown>>;
type Colour = 'Green' | 'Yellow' | 'Red';
type Pods = { items: { status: { podIP?: string; containerStatuses?: { restartCount: number }[] } }[] };

const COMMAND = join(PLUGINS, 'kubectl-release');
const WEB = 'registry.test/web:1';
const PATIENCE = { timeoutMs: 120_000 };
const OBJECTS = '{{- range .Values.objects }}\n---\n{{ toYaml . }}\n{{- end }}\n';

const podOf = (container: Container, more: object = {}): object => ({
  terminationGracePeriodSeconds: 1,
  containers: [{ name: 'main', image: WEB, ...container }],
  ...more,
});

const deploymentOf = (container: Container): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'app' },
  spec: {
    selector: { matchLabels: { app: 'app' } },
    template: { metadata: { labels: { app: 'app' } }, spec: podOf(container) },
  },
});

const jobOf = (container: Container, annotations: Readonly<Record<string, string>> = {}): object => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'job', annotations },
  spec: { backoffLimit: 0, template: { spec: podOf(container, { restartPolicy: 'Never' }) } },
});

describeOnRealNode('Releases of pods that run', () => {
  const story = nodeStory();
  let chart: StoredChart;
  let publicCharts: PublicCharts;
  const seconds: string[] = [];

  beforeAll(async () => {
    chart = await story.push({ name: 'objects', values: 'objects: []\n', templates: { 'objects.yaml': OBJECTS } });
    publicCharts = await packagePublicCharts();
  });
  afterAll(async () => {
    if (seconds.length > 0)
      process.stdout.write(`seconds from kubectl apply until the Release was of its colour:\n${seconds.join('')}`);
    await publicCharts?.remove();
  });

  const apply = async (tenant: Tenant, ...objects: readonly object[]): Promise<ReleaseView> =>
    tenant.apply('story', chart, { values: { objects } });

  /** Waits until a Release is of a colour for a cause, and notes how long that took. */
  const turns = async (release: ReleaseView, colour: Colour, cause: RegExp, what: string): Promise<Release> => {
    const startedAt = performance.now();
    const seen = await release.until(
      ({ status }) => status?.health === colour && cause.test(status.message ?? ''),
      PATIENCE,
    );
    const took = ((performance.now() - startedAt) / 1000).toFixed(1);
    seconds.push(`  ${took.padStart(5)}  ${colour.padEnd(6)}  ${what}: ${seen.status?.message ?? ''}\n`);
    return seen;
  };

  const pods = async (tenant: Tenant): Promise<Pods['items']> => (await tenant.kubectl.json<Pods>('get', 'pods')).items;
  const tell = async (tenant: Tenant, path: string, what: 'fail' | 'pass'): Promise<void> => {
    const [pod] = await pods(tenant);
    await fetch(`http://${pod?.status.podIP}${path}`, { method: 'POST', body: what });
  };

  test('the chart of helm create becomes Green, serves, and is upgraded while it does', async () => {
    const tenant = await story.tenant('created');
    const [created] = publicCharts.charts;
    const stored = await story.push(created?.archive ?? new Uint8Array());
    const image = { repository: 'registry.test/web', tag: '1' };
    const probe = { httpGet: { path: '/', port: 'http' }, periodSeconds: 1 };
    const values = { image, replicaCount: 2, readinessProbe: probe, fullnameOverride: 'created' };
    const release = await tenant.apply('created', stored, { values });
    await turns(release, 'Green', /^$/, 'the chart of helm create');
    const { spec } = await tenant.kubectl.json<{ spec: { clusterIP: string } }>('get', 'service', 'created');
    const ask = async (): Promise<boolean> =>
      fetch(`http://${spec.clusterIP}/`, { headers: { connection: 'close' } }).then(
        ({ ok }) => ok,
        () => false,
      );
    // kube-proxy may be a moment behind the pods.
    await eventually(ask, (isAnswered) => isAnswered);
    let failures = 0;
    let answers = 0;
    let isOver = false;
    const load = (async () => {
      while (!isOver) {
        if (await ask()) answers++;
        else failures++;
      }
    })();
    await release.patch({ values: { podAnnotations: { changed: 'yes' } } });
    await release.inForce(2, PATIENCE);
    await release.until(({ status }) => status?.health === 'Green', PATIENCE);
    isOver = true;
    await load;
    process.stdout.write(`during the upgrade ${answers} requests were answered and ${failures} were not\n`);
    expect(answers).toBeGreaterThan(0);
  });

  test('a program that exits is Red, with the exit code and its last output', async () => {
    const release = await apply(
      await story.tenant('crash'),
      deploymentOf({ args: ['say', 'no database at db:5432', '3'] }),
    );
    await turns(release, 'Red', /exit code 3\)?; its log ends: no database at db:5432/, 'a program that ends');
  });

  test('a program that exits again and again stays Red while it is restarted, with one event, secrets masked', async () => {
    const tenant = await story.tenant('loop');
    const objects = JSON.stringify({ objects: [deploymentOf({ args: ['say', 'nobody says open-sesame', '3'] })] });
    await tenant.kubectl('create', 'secret', 'generic', 'values', `--from-literal=values.yaml=${objects}`);
    const release = await tenant.apply('story', chart, { valuesFrom: [{ kind: 'Secret', name: 'values' }] });
    await turns(release, 'Red', /its log ends: \*\*\*/, 'a program that ends again and again');
    const restarts = async (): Promise<number> =>
      (await pods(tenant))[0]?.status.containerStatuses?.[0]?.restartCount ?? 0;
    await eventually(restarts, (count) => expect(count).toBeGreaterThan(2), PATIENCE);
    const field = '--field-selector=involvedObject.kind=Release';
    const { items } = await tenant.kubectl.json<{ items: { reason: string; count: number }[] }>('get', 'events', field);
    const times = (reason: string): number => items.find((event) => event.reason === reason)?.count ?? 0;
    // Its first run is ready before it ends, since it has no probe.
    expect({ red: times('Unhealthy'), isGreenOnce: times('InstallSucceeded') <= 1 }).toEqual({
      red: 1,
      isGreenOnce: true,
    });
    const { status } = await release.get();
    expect(status).toMatchObject({ health: 'Red', message: expect.not.stringContaining('sesame') });
  });

  test('an account that may not read logs loses nothing but the last line', async () => {
    const tenant = await story.tenant('silent');
    const { kubectl, namespace } = tenant;
    await kubectl('create', 'serviceaccount', 'plain');
    await kubectl('create', 'role', 'plain', '--verb=*', '--resource=deployments.apps,pods,events');
    await kubectl('create', 'rolebinding', 'plain', '--role=plain', `--serviceaccount=${namespace}:plain`);
    const values = { objects: [deploymentOf({ args: ['say', 'no', '3'] })] };
    const release = await tenant.apply('story', chart, { values, serviceAccountName: 'plain' });
    const { status } = await turns(release, 'Red', /CrashLoopBackOff/, 'a program that ends, whose log is not read');
    expect(status?.message).not.toContain('its log ends');
  });

  test('a program that is missing from the image is Red, with its name', async () => {
    const release = await apply(await story.tenant('command'), deploymentOf({ command: ['/usr/bin/absent'] }));
    await turns(release, 'Red', /usr\/bin\/absent/, 'a program that is not in the image');
  });

  test('an image that is missing from the registry is Red, with its name', async () => {
    const release = await apply(await story.tenant('image'), deploymentOf({ image: 'registry.test/absent:1' }));
    await turns(release, 'Red', /registry\.test\/absent:1/, 'an image that is not in the registry');
  });

  test('a program that exceeds its memory limit is Red, with the reason', async () => {
    const resources = { limits: { memory: '32Mi' } };
    const release = await apply(await story.tenant('memory'), deploymentOf({ args: ['eat'], resources }));
    await turns(release, 'Red', /OOMKilled/, 'a program that takes too much memory');
  });

  test('a pod whose readiness probe fails is not Green, and is Green again when it recovers', async () => {
    const readinessProbe = { httpGet: { path: '/ready', port: 80 }, periodSeconds: 1, failureThreshold: 1 };
    const tenant = await story.tenant('ready');
    const release = await apply(tenant, deploymentOf({ readinessProbe }));
    await turns(release, 'Green', /^$/, 'a web server');
    await tell(tenant, '/ready', 'fail');
    await turns(release, 'Yellow', /0 of 1 replicas available/, 'its readiness fails');
    await tell(tenant, '/ready', 'pass');
    await turns(release, 'Green', /^$/, 'it recovers');
  });

  test('a pod whose liveness probe fails is restarted and Green again', async () => {
    const probe = { httpGet: { path: '/alive', port: 80 }, periodSeconds: 1, failureThreshold: 1 };
    const tenant = await story.tenant('alive');
    const release = await apply(tenant, deploymentOf({ livenessProbe: probe, readinessProbe: probe }));
    await turns(release, 'Green', /^$/, 'a web server with a liveness probe');
    await tell(tenant, '/alive', 'fail');
    const restarts = async (): Promise<number> =>
      (await pods(tenant))[0]?.status.containerStatuses?.[0]?.restartCount ?? 0;
    await eventually(restarts, (count) => expect(count).toBe(1), PATIENCE);
    await turns(release, 'Green', /^$/, 'its container was restarted');
  });

  test('a failed hook fails the Release, with exit code and log, and nothing from the chart is applied', async () => {
    const tenant = await story.tenant('hook');
    const annotations = { 'helm.sh/hook': 'pre-install', 'helm.sh/hook-output-log-policy': 'hook-failed' };
    const hook = jobOf({ args: ['say', 'migration 7 failed', '9'] }, annotations);
    const release = await apply(tenant, hook, deploymentOf({}));
    const failed = await release.failed('HookFailed', PATIENCE);
    seconds.push(`         Failed  a hook: ${failed.message}\n`);
    expect(failed.message).toContain('exit code 9; its log ends: migration 7 failed');
    expect((await release.get()).status?.hooks).toMatchObject([{ phase: 'Failed', log: 'migration 7 failed' }]);
    expect(await tenant.kubectl('get', 'deployments', '--output=name')).toBe('');
    const env = { KUBECONFIG: story.node.kubeconfig, COXSWAIN_NODE: process.execPath };
    const logs = await run(COMMAND, ['logs', 'story', '-n', tenant.namespace], { env });
    expect(logs).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\[job-\S+\/main\] migration 7 failed$/m) });
  });

  test('logs that are followed show what a pod writes, and the pod that takes its place', async () => {
    const readinessProbe = { httpGet: { path: '/ready', port: 80 }, periodSeconds: 1 };
    const tenant = await story.tenant('logs');
    await (await apply(tenant, deploymentOf({ readinessProbe }))).ready(PATIENCE);
    const output = join(story.node.directory, `followed-${tenant.namespace}`);
    const command = [COMMAND, 'logs', 'story', '--follow', '--tail=1', '-n', tenant.namespace];
    const following = await tethered(output, command, {
      KUBECONFIG: story.node.kubeconfig,
      COXSWAIN_NODE: process.execPath,
    });
    const writes = async (line: RegExp): Promise<string> =>
      eventually(
        () => readFile(output, 'utf8'),
        (text) => expect(text).toMatch(line),
        PATIENCE,
      );
    const names = async (): Promise<string[]> =>
      (await tenant.kubectl('get', 'pods', '--output=name'))
        .trim()
        .split('\n')
        .map((name) => name.replace('pod/', ''));
    const [first = ''] = await names();
    await writes(new RegExp(`^\\[${first}/main\\] ${first} serves port 80$`, 'm'));
    await tell(tenant, '/ready', 'pass');
    await writes(new RegExp(`^\\[${first}/main\\] /ready is told: pass$`, 'm'));
    await tenant.kubectl('delete', 'pod', first, '--wait=false');
    const [next = ''] = await eventually(
      async () => (await names()).filter((name) => name !== first),
      (others) => others.length === 1,
      PATIENCE,
    );
    await writes(new RegExp(`^\\[${next}/main\\] ${next} serves port 80$`, 'm'));
    await following.stop();
  });

  test('a Job that succeeds is Green, and one that fails is Red, with the exit code', async () => {
    const good = await apply(await story.tenant('job'), jobOf({ args: ['say', 'done', '0'] }));
    await turns(good, 'Green', /^$/, 'a Job that ends well');
    const finished = await good.get();
    expect(conditionOf(finished, 'Ready')?.status).toBe('True');
    const bad = await apply(await story.tenant('job'), jobOf({ args: ['say', 'disk full', '4'] }));
    await turns(bad, 'Red', /exit code 4; its log ends: disk full$/, 'a Job that fails');
  });
});
