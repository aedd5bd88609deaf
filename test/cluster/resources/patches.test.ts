import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { jsonPatched, mergeRulesFor, strategicMerge, type JsonMap, type KubeObject } from '../../../resources/index.ts';
import { startControlPlane, type ControlPlane } from '../../control-plane/index.ts';
import { kubectlFor, type Kubectl } from '../../support/cluster/kubectl.ts';

// Patches as kubectl applies them.

let controlPlane: ControlPlane;
let kubectl: Kubectl;

beforeAll(async () => {
  controlPlane = await startControlPlane();
  kubectl = kubectlFor(controlPlane);
}, 1_200_000);
afterAll(async () => controlPlane?.stop());

/** What kubectl makes of an object; undefined if it refuses the patch. */
async function byKubectl(type: 'strategic' | 'merge' | 'json', object: KubeObject, patch: unknown): Promise<unknown> {
  const flags = ['--local', `--type=${type}`, `--patch=${JSON.stringify(patch)}`, '--output=json', '--filename=-'];
  const { code, stdout } = await kubectl.attempt(['patch', ...flags], { input: JSON.stringify(object) });
  return code === 0 ? JSON.parse(stdout) : undefined;
}

function ours(patch: () => unknown): unknown {
  try {
    return patch();
  } catch {
    return undefined;
  }
}

const POD_SPEC = {
  containers: [
    {
      name: 'app',
      image: 'app:1',
      args: ['a', 'b'],
      env: [
        { name: 'A', value: '1' },
        { name: 'B', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
        { name: 'C', value: '3' },
      ],
      ports: [{ containerPort: 80, name: 'http' }, { containerPort: 443 }],
      volumeMounts: [
        { name: 'data', mountPath: '/data' },
        { name: 'tmp', mountPath: '/tmp' },
      ],
      resources: { limits: { cpu: '1', memory: '1Gi' } },
    },
    { name: 'proxy', image: 'proxy:1' },
  ],
  volumes: [
    { name: 'data', emptyDir: {} },
    { name: 'tmp', emptyDir: { medium: 'Memory' } },
  ],
  imagePullSecrets: [{ name: 'one' }],
  tolerations: [{ key: 'a', operator: 'Exists' }],
  nodeSelector: { disk: 'ssd', zone: 'a' },
};
const DEPLOYMENT = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { app: 'web', tier: 'front' }, finalizers: ['example.com/a', 'example.com/b'] },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'web' } },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } },
    template: { metadata: { labels: { app: 'web' } }, spec: POD_SPEC },
  },
};
const SERVICE = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web' },
  spec: {
    ports: [
      { port: 80, name: 'http' },
      { port: 443, name: 'https' },
    ],
    selector: { app: 'web' },
  },
};
const CLUSTER_ROLE = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'Role',
  metadata: { name: 'web' },
  rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
};
const BUDGET = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'web' },
  spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'web', tier: 'front' } } },
};

const podSpec = (spec: JsonMap): JsonMap => ({ spec: { template: { spec } } });
const container = (fields: JsonMap): JsonMap => podSpec({ containers: [{ name: 'app', ...fields }] });

const STRATEGIC: [string, KubeObject, JsonMap][] = [
  ['a field', DEPLOYMENT, { spec: { replicas: 3 } }],
  ['a null', DEPLOYMENT, { metadata: { labels: { tier: null } }, spec: { strategy: null } }],
  ['a null where nothing is', DEPLOYMENT, { metadata: { annotations: null }, spec: { paused: null } }],
  ['a map in which nothing was', DEPLOYMENT, { metadata: { annotations: { a: 'b' } } }],
  ['a changed container', DEPLOYMENT, container({ image: 'app:2' })],
  ['a new container', DEPLOYMENT, podSpec({ containers: [{ name: 'new', image: 'n:1' }] })],
  [
    'a new and a changed container',
    DEPLOYMENT,
    podSpec({ containers: [{ name: 'proxy', image: 'p:2' }, { name: 'new' }] }),
  ],
  ['containers in another order', DEPLOYMENT, podSpec({ containers: [{ name: 'proxy' }, { name: 'app' }] })],
  ['a deleted container', DEPLOYMENT, podSpec({ containers: [{ name: 'proxy', $patch: 'delete' }] })],
  ['one deleted that does not exist', DEPLOYMENT, podSpec({ containers: [{ name: 'none', $patch: 'delete' }] })],
  [
    'one deleted and one new',
    DEPLOYMENT,
    podSpec({ containers: [{ name: 'new' }, { name: 'app', $patch: 'delete' }] }),
  ],
  ['replaced containers', DEPLOYMENT, podSpec({ containers: [{ $patch: 'replace' }, { name: 'new', image: 'n:1' }] })],
  ['a list that is replaced', DEPLOYMENT, container({ args: ['c'] })],
  ['an empty list', DEPLOYMENT, container({ args: [], env: [] })],
  [
    'variables',
    DEPLOYMENT,
    container({
      env: [
        { name: 'C', value: '4' },
        { name: 'D', value: '5' },
        { name: 'A', value: null },
      ],
    }),
  ],
  [
    'a source of a variable',
    DEPLOYMENT,
    container({ env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }] }),
  ],
  ['ports', DEPLOYMENT, container({ ports: [{ containerPort: 80, protocol: 'UDP' }, { containerPort: 8080 }] })],
  [
    'mounts',
    DEPLOYMENT,
    container({
      volumeMounts: [
        { mountPath: '/tmp', readOnly: true },
        { mountPath: '/new', name: 'new' },
      ],
    }),
  ],
  [
    'another kind of volume',
    DEPLOYMENT,
    podSpec({ volumes: [{ name: 'data', $retainKeys: ['name', 'configMap'], configMap: { name: 'c' } }] }),
  ],
  ['retained keys', DEPLOYMENT, { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } }],
  ['a replaced map', DEPLOYMENT, podSpec({ nodeSelector: { $patch: 'replace', disk: 'hdd' } })],
  ['a deleted map', DEPLOYMENT, podSpec({ nodeSelector: { $patch: 'delete' } })],
  ['tolerations, which are replaced', DEPLOYMENT, podSpec({ tolerations: [{ key: 'b', operator: 'Exists' }] })],
  ['pull secrets', DEPLOYMENT, podSpec({ imagePullSecrets: [{ name: 'two' }] })],
  ['host aliases where none were', DEPLOYMENT, podSpec({ hostAliases: [{ ip: '10.0.0.1', hostnames: ['a'] }] })],
  ['finalizers', DEPLOYMENT, { metadata: { finalizers: ['example.com/c', 'example.com/b'] } }],
  ['a finalizer that is there', DEPLOYMENT, { metadata: { finalizers: ['example.com/a'] } }],
  ['a deleted finalizer', DEPLOYMENT, { metadata: { '$deleteFromPrimitiveList/finalizers': ['example.com/a'] } }],
  ['limits', DEPLOYMENT, container({ resources: { limits: { cpu: null, 'example.com/gpu': '1' } } })],
  [
    'ports of a Service',
    SERVICE,
    {
      spec: {
        ports: [
          { port: 443, targetPort: 8443 },
          { port: 53, protocol: 'UDP', name: 'dns' },
        ],
      },
    },
  ],
  ['rules of a Role', CLUSTER_ROLE, { rules: [{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['list'] }] }],
  ['the selector of a budget', BUDGET, { spec: { selector: { matchLabels: { app: 'db' } } } }],
  [
    'a text for a map',
    DEPLOYMENT,
    { metadata: { labels: { app: 'x' } }, spec: { strategy: { rollingUpdate: { maxSurge: '50%' } } } },
  ],
  ['a container without a name', DEPLOYMENT, podSpec({ containers: [{ image: 'a:1' }] })],
  ['an unknown directive', DEPLOYMENT, { spec: { $patch: 'remove' } }],
];

describe('a strategic merge gives what kubectl gives', () => {
  test.each(STRATEGIC)('for %s', async (_what, object, patch) => {
    const merged = ours(() => strategicMerge(object, patch, mergeRulesFor(object)));
    expect(merged).toEqual(await byKubectl('strategic', object, patch));
  });
});

const CUSTOM = {
  apiVersion: 'example.com/v1',
  kind: 'Gadget',
  metadata: { name: 'g', finalizers: ['example.com/a'] },
  spec: { list: [{ name: 'a' }], map: { a: 1, b: { c: 2 } }, text: 'x' },
};

describe('a merge into a custom resource gives what kubectl gives', () => {
  test.each<[string, JsonMap]>([
    ['a list', { spec: { list: [{ name: 'b' }] } }],
    ['a null', { spec: { map: { a: null }, none: null } }],
    ['a new map with nulls', { spec: { other: { a: null, b: { c: null, d: 1 } } } }],
    ['a map for a text, and a text for a map', { spec: { text: { a: 1 }, map: 'x' } }],
    ['finalizers', { metadata: { finalizers: ['example.com/b'] } }],
  ])('for %s', async (_what, patch) => {
    const merged = strategicMerge(CUSTOM, patch, mergeRulesFor(CUSTOM));
    expect(merged).toEqual(await byKubectl('merge', CUSTOM, patch));
  });
});

describe('a JSON patch gives what kubectl gives', () => {
  const containers = '/spec/template/spec/containers';
  test.each<[string, unknown[]]>([
    ['add', [{ op: 'add', path: `${containers}/0/args/-`, value: 'c' }]],
    ['add in between', [{ op: 'add', path: `${containers}/1`, value: { name: 'new' } }]],
    ['add over an existing value', [{ op: 'add', path: '/spec/replicas', value: 4 }]],
    ['add where nothing is', [{ op: 'add', path: '/spec/none/x', value: 1 }]],
    ['remove', [{ op: 'remove', path: `${containers}/1` }]],
    ['remove a missing field', [{ op: 'remove', path: '/spec/none' }]],
    ['replace', [{ op: 'replace', path: `${containers}/0/image`, value: 'app:2' }]],
    ['move', [{ op: 'move', from: '/metadata/labels/tier', path: '/metadata/labels/level' }]],
    ['move in a list', [{ op: 'move', from: `${containers}/1`, path: `${containers}/0` }]],
    ['copy', [{ op: 'copy', from: `${containers}/0`, path: `${containers}/-` }]],
    [
      'a test that holds',
      [
        { op: 'test', path: '/spec/replicas', value: 1 },
        { op: 'replace', path: '/spec/replicas', value: 2 },
      ],
    ],
    [
      'a test that does not',
      [
        { op: 'test', path: '/spec/replicas', value: 2 },
        { op: 'replace', path: '/spec/replicas', value: 2 },
      ],
    ],
    [
      'an escaped key',
      [
        { op: 'add', path: '/metadata/annotations', value: {} },
        { op: 'add', path: '/metadata/annotations/a.b~1c~0d', value: 'x' },
      ],
    ],
    ['a place beyond the end', [{ op: 'add', path: `${containers}/7`, value: { name: 'new' } }]],
  ])('for %s', async (_what, operations) => {
    expect(ours(() => jsonPatched(DEPLOYMENT, operations))).toEqual(await byKubectl('json', DEPLOYMENT, operations));
  });
});

test.each(['replace', 'copy'])('unlike kubectl, and as RFC 6902 asks, %s needs a location that exists', async (op) => {
  const operations = [{ op, from: '/spec/none', path: '/spec/paused', value: true }];
  expect(() => jsonPatched(DEPLOYMENT, operations)).toThrow(/nothing at/);
  expect(await byKubectl('json', DEPLOYMENT, operations)).toBeDefined();
});
