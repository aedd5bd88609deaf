import { beforeEach, expect, test } from '@jest/globals';
import { story } from '../../../support/cluster/story.ts';
import type { ChartParts } from '../../../support/charts/chart-builder.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { eventually } from '../../../support/eventually.ts';

// coxswain.dev/depends-on and coxswain.dev/weight: the order of the objects of one Release.

const coxswain = story();
let tenant: Tenant;

const CONFIG = (name: string, annotations = ''): string => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
  annotations: {${annotations}}
data: {value: {{ .Values.value | quote }}}
`;

/** A Job without pods: it runs until somebody says by its status that it is complete. */
const JOB = `apiVersion: batch/v1
kind: Job
metadata: {name: migrate-{{ .Values.value }}}
spec:
  suspend: false
  parallelism: 0
  template:
    spec:
      restartPolicy: Never
      containers: [{name: main, image: example.com/migrate}]
`;

const TEMPLATES = {
  'job.yaml': JOB,
  'all.yaml': [
    CONFIG('plain'),
    CONFIG('after', 'coxswain.dev/depends-on: "Job.batch/migrate-{{ .Values.value }}"'),
    CONFIG('last', 'coxswain.dev/weight: "1"'),
    '{{ if .Values.old }}',
    CONFIG('old'),
    '{{ end }}',
  ].join('---\n'),
};

beforeEach(async () => {
  tenant = await coxswain.tenant();
});

async function complete(name: string): Promise<void> {
  await ended(name, 'SuccessCriteriaMet', 'Complete');
}

async function ended(name: string, ...types: readonly string[]): Promise<void> {
  const now = new Date().toISOString();
  const conditions = types.map((type) => ({
    type,
    status: 'True',
    lastTransitionTime: now,
    lastProbeTime: now,
  }));
  const status = { conditions, ...(types.includes('Complete') && { completionTime: now }) };
  const patch = JSON.stringify({ status });
  await tenant.kubectl('patch', 'job', name, '--subresource=status', '--type=merge', `--patch=${patch}`);
}

async function configMaps(): Promise<Record<string, string>> {
  const { items } = await tenant.kubectl.json<{ items: { metadata: { name: string }; data: { value?: string } }[] }>(
    'get',
    'configmap',
  );
  const own = items.filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt');
  return Object.fromEntries(own.map(({ metadata, data }) => [metadata.name, data.value ?? '']));
}

test('an object is applied once those before it are ready, and nothing is deleted before that', async () => {
  const chart = await coxswain.push({ name: 'ordered', values: 'value: "1"\nold: true\n', templates: TEMPLATES });
  const web = await tenant.apply('web', chart);
  const waiting = await web.until(({ status }) => status?.message?.includes('waits until') === true);
  expect(waiting.status?.message).toBe('ConfigMap/after: waits until Job/migrate-1 is ready (and 1 more wait)');
  expect(Object.keys(await configMaps())).toEqual(['old', 'plain']);
  expect(waiting.status?.version).toBeUndefined();
  await complete('migrate-1');
  await web.inForce(1);
  expect(await configMaps()).toEqual({ after: '1', last: '1', old: '1', plain: '1' });

  await web.patch({ values: { value: '2', old: false } });
  await eventually(configMaps, ({ plain }) => plain === '2');
  await web.until(({ status }) => status?.message?.includes('waits until') === true);
  expect(await configMaps()).toEqual({ after: '1', last: '1', old: '1', plain: '2' });
  await complete('migrate-2');
  await web.inForce(2);
  expect(await configMaps()).toEqual({ after: '2', last: '2', plain: '2' });

  // In force, drift is corrected whatever the others are.
  await tenant.kubectl('delete', 'job', 'migrate-2', '--wait=false');
  await tenant.kubectl('patch', 'configmap', 'after', '--type=merge', '--patch={"data":{"value":"edited"}}');
  await eventually(configMaps, ({ after }) => after === '2');
});

test('work that failed is not ready, even once it is gone', async () => {
  const chart = await coxswain.push({ name: 'failing', values: 'value: "1"\n', templates: TEMPLATES });
  const web = await tenant.apply('web', chart);
  await web.until(({ status }) => status?.message?.includes('waits until') === true);
  await ended('migrate-1', 'FailureTarget', 'Failed');
  await web.until(({ status }) => status?.health === 'Red');
  await tenant.kubectl('delete', 'job', 'migrate-1', '--cascade=background');
  await eventually(
    () => tenant.kubectl('get', 'jobs', '--output=name'),
    (names) => names === '',
  );
  await web.patch({ interval: '11m' });
  const { status } = await web.until(({ metadata, status: seen }) => seen?.observedGeneration === metadata.generation);
  expect(status).toMatchObject({ health: 'Red', operation: { phase: 'Applying' } });
  expect(Object.keys(await configMaps())).toEqual(['plain']);
});

test('an autoscaler does not hold up what it scales', async () => {
  const templates = {
    'all.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, annotations: {coxswain.dev/weight: "1"}}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: example.com/web}]}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 2
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}]
---
${JOB.replaceAll('{{ .Values.value }}', '1')}`,
  };
  const web = await tenant.apply('web', await coxswain.push({ name: 'scaled', templates }));
  await web.until(({ status }) => status?.message?.includes('waits until Job/migrate-1') === true);
  await eventually(
    async () => tenant.kubectl.json<{ status?: { conditions?: { status: string }[] } }>('get', 'hpa', 'web'),
    ({ status }) => status?.conditions?.some((condition) => condition.status === 'False') === true,
  );
  await ended('migrate-1', 'SuccessCriteriaMet', 'Complete');
  await web.inForce(1);
});

test('a deletion goes in reverse order', async () => {
  const templates = {
    'all.yaml': [CONFIG('first'), CONFIG('then', 'coxswain.dev/depends-on: ConfigMap/first')].join('---\n'),
  };
  const chart = await coxswain.push({ name: 'reverse', values: 'value: "1"\n', templates });
  const web = await tenant.apply('web', chart);
  await web.inForce(1);
  await tenant.kubectl(
    'patch',
    'configmap',
    'then',
    '--type=merge',
    '--patch={"metadata":{"finalizers":["example.com/held"]}}',
  );
  await tenant.kubectl('delete', 'release', 'web', '--wait=false');
  const held = await web.until(({ status }) => status?.message?.includes('is being deleted') === true);
  expect(held.status?.message).toContain('ConfigMap/then');
  expect(Object.keys(await configMaps())).toEqual(['first', 'then']);
  await tenant.kubectl('patch', 'configmap', 'then', '--type=merge', '--patch={"metadata":{"finalizers":null}}');
  await eventually(configMaps, (left) => Object.keys(left).length === 0);
});

test('an impossible order is refused before anything is written', async () => {
  const templates = {
    'all.yaml': [
      CONFIG('a', 'coxswain.dev/depends-on: ConfigMap/b'),
      CONFIG('b', 'coxswain.dev/depends-on: ConfigMap/a'),
    ].join('---\n'),
  };
  const web = await tenant.apply('web', await coxswain.push({ name: 'round', values: 'value: "1"\n', templates }));
  const { message } = await web.failed('Refused');
  expect(message).toContain('ConfigMap/a -> ConfigMap/b -> ConfigMap/a');
  expect(await configMaps()).toEqual({});
});

/** A chart whose own ConfigMap comes after the dependency web, and web after db, which has a Job. */
function chartInOrder(webAfter: string): ChartParts {
  const metadata = (name: string): string => `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`;
  const value = (text: string): string => text.replaceAll('.Values.value', '.Values.global.value');
  const dependencies = [
    '{name: db, version: 1.0.0, depends-on: []}',
    `{name: web, version: 1.0.0, depends-on: [${webAfter}]}`,
  ];
  return {
    name: 'umbrella',
    metadata: `annotations: {helm.sh/depends-on/subcharts: '["web"]'}\ndependencies: [${dependencies.join(', ')}]\n`,
    values: 'global: {value: "1"}\n',
    templates: { 'own.yaml': value(CONFIG('own')) },
    files: {
      'charts/db/Chart.yaml': metadata('db'),
      'charts/db/templates/all.yaml': value(`${JOB}---\n${CONFIG('db')}`),
      'charts/web/Chart.yaml': metadata('web'),
      'charts/web/templates/all.yaml': value(CONFIG('web')),
    },
  };
}

test('subcharts are applied in the order that Chart.yaml declares, and deleted in reverse', async () => {
  const web = await tenant.apply('web', await coxswain.push(chartInOrder('db')));
  const waiting = await web.until(({ status }) => status?.message?.includes('waits until') === true);
  expect(waiting.status?.message).toContain('waits until Job/migrate-1 is ready (and 1 more wait)');
  expect(Object.keys(await configMaps())).toEqual(['db']);
  await complete('migrate-1');
  await web.inForce(1);
  expect(Object.keys(await configMaps())).toEqual(['db', 'own', 'web']);

  const finalizers = (list: string): string => `--patch={"metadata":{"finalizers":${list}}}`;
  await tenant.kubectl('patch', 'configmap', 'web', '--type=merge', finalizers('["example.com/held"]'));
  await tenant.kubectl('delete', 'release', 'web', '--wait=false');
  await eventually(configMaps, (left) => !('own' in left));
  await eventually(
    () => tenant.kubectl('get', 'configmap', 'web', '--output=jsonpath={.metadata.deletionTimestamp}'),
    (time) => time !== '',
  );
  expect(Object.keys(await configMaps())).toEqual(['db', 'web']);
  await tenant.kubectl('patch', 'configmap', 'web', '--type=merge', finalizers('[]'));
  await eventually(configMaps, (left) => Object.keys(left).length === 0);
});

test('subcharts that depend on each other in a circle are refused with the path, and nothing is applied', async () => {
  const web = await tenant.apply('web', await coxswain.push({ ...chartInOrder('web'), name: 'circle' }));
  const { message } = await web.failed('ChartInvalid');
  expect(message).toContain('web -> web');
  expect(await configMaps()).toEqual({});
});
