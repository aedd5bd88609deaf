import { describe, expect, test } from '@jest/globals';
import { blueGreenProblem, inColour, type KubeObject } from '../../../../resources/index.ts';

const COLOUR = { label: 'coxswain.dev/colour', colour: 'v2' };
const HOW = { ...COLOUR, service: 'web', preview: 'web-next', namespace: 'shop' };
const MARK = { 'coxswain.dev/colour': 'v2' };
const APP = { app: 'web', part: 'front' };

const service = of('v1', 'Service', 'web', {
  type: 'LoadBalancer',
  selector: { app: 'web', part: 'front' },
  ports: [{ port: 80, targetPort: 'http', nodePort: 30_080 }],
});
const deployment = workload('Deployment', 'web', APP);
const worker = workload('Deployment', 'worker', { app: 'web', part: 'back' });

function of(apiVersion: string, kind: string, name: string, spec: object, more: object = {}): KubeObject {
  return { apiVersion, kind, metadata: { name }, spec, ...more };
}

function workload(kind: string, name: string, labels: object, pod: object = {}, more: object = {}): KubeObject {
  const template = { metadata: { labels }, spec: { containers: [], ...pod } };
  return of('apps/v1', kind, name, { selector: { matchLabels: labels }, template, ...more });
}

function coloured(...objects: KubeObject[]): KubeObject[] {
  return madeOf([service, deployment, ...objects].map(asItem), HOW)
    .map(({ object }) => object)
    .slice(3);
}

function many<T>(length: number, one: (n: number) => T): T[] {
  return Array.from({ length }, (_, n) => one(n));
}

function madeOf(...input: Parameters<typeof inColour<Item>>): Item[] {
  const steps = inColour<Item>(...input);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

interface Item {
  object: KubeObject;
  source: string;
}

function asItem(object: KubeObject): Item {
  return { object, source: 'templates/all.yaml' };
}

function problemWith(...objects: KubeObject[]): string | undefined {
  return blueGreenProblem(objects.map(asItem), HOW);
}

test('the Deployment behind the Service gets the colour in its name, its selector and its pods, and the Service selects it', () => {
  expect(madeOf([service, deployment].map(asItem), HOW)).toEqual([
    asItem({ ...service, spec: { ...(service['spec'] as object), selector: { ...APP, ...MARK } } }),
    asItem(
      of(
        'v1',
        'Service',
        'web-next',
        { selector: { ...APP, ...MARK }, ports: [{ port: 80, targetPort: 'http' }] },
        { metadata: { name: 'web-next', labels: MARK } },
      ),
    ),
    asItem({
      ...deployment,
      metadata: { name: 'web-v2', labels: MARK },
      spec: {
        selector: { matchLabels: { ...APP, ...MARK } },
        template: { metadata: { labels: { ...APP, ...MARK } }, spec: { containers: [] } },
      },
    }),
  ]);
  expect(madeOf([service].map(asItem), { ...HOW, preview: undefined })).toHaveLength(1);
});

test('objects that scale and protect its pods exist for each colour; those for other pods do not', () => {
  const scaler = (name: string): KubeObject =>
    of('autoscaling/v2', 'HorizontalPodAutoscaler', name, { scaleTargetRef: { kind: 'Deployment', name } });
  const budget = (name: string, matchLabels: object): KubeObject =>
    of('policy/v1', 'PodDisruptionBudget', name, { selector: { matchLabels }, minAvailable: 1 });
  const policy = (name: string, matchLabels: object): KubeObject =>
    of('networking.k8s.io/v1', 'NetworkPolicy', name, { podSelector: { matchLabels } });
  const long = budget('long', { ...APP, ...Object.fromEntries(many(100, (n) => [`k${n}`, 'v'])) });
  const shared = [
    worker,
    scaler('worker'),
    budget('all', { app: 'web' }),
    budget('worker', { part: 'back' }),
    policy('all', {}),
    long,
  ];
  expect(coloured(...shared)).toEqual(shared);
  expect(coloured(policy('web', APP))).toEqual([
    {
      ...policy('web', APP),
      metadata: { name: 'web-v2', labels: MARK },
      spec: { podSelector: { matchLabels: { ...APP, ...MARK } } },
    },
  ]);
  expect(coloured(scaler('web'), budget('web', APP))).toEqual([
    {
      ...scaler('web'),
      metadata: { name: 'web-v2', labels: MARK },
      spec: { scaleTargetRef: { kind: 'Deployment', name: 'web-v2' } },
    },
    {
      ...budget('web', APP),
      metadata: { name: 'web-v2', labels: MARK },
      spec: { selector: { matchLabels: { ...APP, ...MARK } }, minAvailable: 1 },
    },
  ]);
});

test('other Services that select only these pods select the colour too', () => {
  const headless = of('v1', 'Service', 'headless', { clusterIP: 'None', selector: APP });
  const all = of('v1', 'Service', 'all', { selector: { app: 'web' } });
  expect(coloured(headless, all, worker)).toEqual([
    { ...headless, spec: { clusterIP: 'None', selector: { ...APP, ...MARK } } },
    all,
    worker,
  ]);
});

test('objects in another namespace stay as they are, whatever their names', () => {
  const elsewhere = (object: KubeObject): KubeObject => ({
    ...object,
    metadata: { ...object.metadata, namespace: 'other' },
  });
  const others = [service, deployment, of('v1', 'ConfigMap', 'web', {})].map(elsewhere);
  expect(coloured(...others)).toEqual(others);
  expect(problemWith(...others)).toContain('the chart has no Service/web');
  const here = { ...deployment, metadata: { name: 'web', namespace: 'shop' } };
  expect(madeOf([service, here].map(asItem), HOW)[2]?.object.metadata.name).toBe('web-v2');
});

test('only objects of the colour have its label, whatever the chart says', () => {
  const marked = of('v1', 'ConfigMap', 'own', {}, { metadata: { name: 'own', labels: { ...MARK, team: 'a' } } });
  expect(coloured(marked)).toEqual([{ ...marked, metadata: { name: 'own', labels: { team: 'a' } } }]);
});

test('its pods read copies of the chart’s ConfigMaps and Secrets, and the originals stay', () => {
  const keep = { annotations: { 'helm.sh/resource-policy': 'keep', team: 'a' } };
  const config = of('v1', 'ConfigMap', 'web', {}, { metadata: { name: 'web', ...keep }, data: { a: '1' } });
  const secret = of('v1', 'Secret', 'web', {});
  const token = of('v1', 'Secret', 'token', {}, { type: 'kubernetes.io/service-account-token' });
  const pod = (config: string, secret: string): object => ({
    volumes: [
      { name: 'a', configMap: { name: config } },
      { name: 'b', secret: { secretName: secret } },
      { name: 'c', projected: { sources: [{ configMap: { name: config } }, { secret: { name: 'token' } }] } },
    ],
    initContainers: [{ name: 'web', envFrom: [{ secretRef: { name: secret } }, { configMapRef: { name: 'other' } }] }],
    containers: [{ name: 'web', env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: config, key: 'a' } } }] }],
    imagePullSecrets: [{ name: secret }],
    serviceAccountName: 'web',
  });
  const reading = workload('Deployment', 'web', APP, pod('web', 'web'));
  const items = [service, reading, config, secret, token].map(asItem);
  const objects = madeOf(items, { ...HOW, preview: undefined }).map(({ object }) => object);
  expect(objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual([
    'Service/web',
    'Deployment/web-v2',
    'ConfigMap/web',
    'ConfigMap/web-v2',
    'Secret/web',
    'Secret/web-v2',
    'Secret/token',
  ]);
  expect(objects[1]).toMatchObject({ spec: { template: { spec: pod('web-v2', 'web-v2') } } });
  expect(objects[2]).toBe(config);
  expect(objects[3]?.metadata).toEqual({ name: 'web-v2', labels: MARK, annotations: { team: 'a' } });
});

test('anti-affinity and topology spread apply within a colour', () => {
  const like = { labelSelector: { matchLabels: { app: 'web' } }, topologyKey: 'node' };
  const others = { labelSelector: { matchLabels: { app: 'db' } }, topologyKey: 'node' };
  const pod = (term: object): object => ({
    topologySpreadConstraints: [term, others],
    affinity: {
      nodeAffinity: {},
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [term, others],
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: term }],
      },
    },
  });
  const items = [service, workload('Deployment', 'web', APP, pod(like))].map(asItem);
  const own = { ...like, labelSelector: { matchLabels: { app: 'web', ...MARK } } };
  expect(madeOf(items, HOW)[2]?.object).toMatchObject({ spec: { template: { spec: pod(own) } } });
});

describe('refuses', () => {
  const claim = of('v1', 'PersistentVolumeClaim', 'data', { accessModes: ['ReadWriteOnce'] });
  const shared = { ...claim, spec: { accessModes: ['ReadWriteOnce', 'ReadWriteMany'] } };
  const mounting = workload('Deployment', 'web', APP, { volumes: [{ persistentVolumeClaim: { claimName: 'data' } }] });
  const replacing = workload('Deployment', 'web', APP, {}, { strategy: { type: 'Recreate' } });
  test.each([
    ['a chart without the Service', [deployment], 'the chart has no Service/web'],
    ['a Service that selects no pods of the chart', [service, worker], 'Service/web selects no Deployment'],
    ['a Service without a selector', [of('v1', 'Service', 'web', {}), deployment], 'Service/web selects no Deployment'],
    [
      'the name of another Service for the preview',
      [service, deployment, of('v1', 'Service', 'web-next', {})],
      'the chart has a Service/web-next itself',
    ],
    ['a StatefulSet', [service, workload('StatefulSet', 'web', APP)], 'StatefulSet/web cannot exist twice'],
    ['Pods', [service, { ...of('v1', 'Pod', 'web', {}), metadata: { name: 'web', labels: APP as never } }], 'Pod/web'],
    ['a Deployment whose pods must not overlap', [service, replacing], 'by its strategy, Recreate'],
    [
      'an object named like a colour',
      [service, deployment, workload('Deployment', 'web-v12', { app: 'x' })],
      'web-v12',
    ],
    ['a claim for one node', [service, mounting, claim], 'PersistentVolumeClaim/data is for one node only'],
    [
      'more Services than can be compared',
      [service, deployment, ...many(200, (n) => of('v1', 'Service', `s${n}`, {}))],
      'more than 200 Services',
    ],
    [
      'more Deployments behind the Service',
      [service, ...many(51, (n) => workload('Deployment', `w${n}`, APP))],
      'more than 50 Deployments are behind Service/web',
    ],
    [
      'more workloads',
      [service, deployment, ...many(1_000, (n) => workload('StatefulSet', `w${n}`, { app: 'other' }))],
      'more than 1000 workloads',
    ],
  ])('%s', (_title, objects, message) => {
    expect(problemWith(...objects)).toContain(message);
  });

  test('neither a claim that many nodes may mount, nor a Job whose pods have the same labels', () => {
    expect(problemWith(service, mounting, shared)).toBeUndefined();
    expect(problemWith(service, deployment, workload('Job', 'once', APP))).toBeUndefined();
  });
});
