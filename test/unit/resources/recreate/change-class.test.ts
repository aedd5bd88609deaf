import { describe, expect, test } from '@jest/globals';
import { immutableChangeOf, recreateRefusal, type KubeObject } from '../../../../resources/index.ts';
import type { JsonMap } from '../../../../resources/json/json.ts';

const account = { namespace: 'shop', name: 'default' };

function objectOf(apiVersion: string, kind: string, parts: JsonMap = {}, metadata: JsonMap = {}): KubeObject {
  return { apiVersion, kind, ...parts, metadata: { name: 'x', namespace: 'shop', ...metadata } };
}

function classOf(desired: KubeObject, live: KubeObject, ...fields: string[]): ReturnType<typeof immutableChangeOf> {
  return immutableChangeOf({ desired, live, fields, account, manager: 'coxswain' });
}

/** An object whose manifest and live state differ in nothing that the rules look at. */
function plain(apiVersion: string, kind: string, ...fields: string[]): ReturnType<typeof immutableChangeOf> {
  const object = objectOf(apiVersion, kind);
  return classOf(object, object, ...fields);
}

const RBAC = 'rbac.authorization.k8s.io/v1';

test.each([
  ['batch/v1', 'Job', ['spec.template'], 'Recreate', 'Foreground'],
  ['apps/v1', 'Deployment', ['spec.selector'], 'Recreate', 'Foreground'],
  ['apps/v1', 'DaemonSet', ['spec.selector'], 'Recreate', 'Foreground'],
  ['v1', 'Service', ['spec.clusterIPs[0]', 'spec.ipFamilies[1]'], 'Recreate', 'Background'],
  [RBAC, 'RoleBinding', ['roleRef'], 'Recreate', 'Background'],
  ['storage.k8s.io/v1', 'StorageClass', ['parameters', 'provisioner'], 'Recreate', 'Background'],
  ['v1', 'ConfigMap', ['data'], 'Recreate', 'Background'],
  ['v1', 'Secret', ['type'], 'Recreate', 'Background'],
  ['apps/v1', 'Deployment', ['spec.other'], 'LosesData', 'Background'],
  ['apps/v1', 'Deployment', ['spec.selector', 'spec.other'], 'LosesData', 'Background'],
  ['v1', 'PersistentVolumeClaim', ['spec'], 'LosesData', 'Background'],
  ['v1', 'PersistentVolume', ['spec.persistentvolumesource'], 'LosesData', 'Background'],
  ['v1', 'Pod', ['spec'], 'LosesData', 'Foreground'],
  ['db.example.com/v1', 'Database', ['spec.engine'], 'LosesData', 'Background'],
  // A kind of the same name in another group is another kind.
  ['example.com/v1', 'Service', ['spec.clusterIP'], 'LosesData', 'Background'],
  ['apiextensions.k8s.io/v1', 'CustomResourceDefinition', ['spec.scope'], 'Impossible', 'Background'],
  ['v1', 'Namespace', ['spec'], 'Impossible', 'Background'],
])('%s %s, fields %j: %s, with propagation %s', (apiVersion, kind, fields, expected, propagation) => {
  expect(plain(apiVersion, kind, ...fields)).toMatchObject({ class: expected, propagation, growth: [] });
});

describe('data would be lost in', () => {
  const job = (status: JsonMap): KubeObject => objectOf('batch/v1', 'Job', { status });
  const binding = (subject: JsonMap): KubeObject => objectOf(RBAC, 'RoleBinding', { subjects: [subject] });
  const service = (type: string): KubeObject => objectOf('v1', 'Service', { spec: { type } });
  const secret = (manager: string, key: string): KubeObject =>
    objectOf(
      'v1',
      'Secret',
      {},
      {
        managedFields: [{ manager, operation: 'Update', fieldsV1: { 'f:data': { '.': {}, [`f:${key}`]: {} } } }],
      },
    );
  const holds = objectOf('v1', 'Secret', { data: { ours: '' } });

  test.each<[string, KubeObject, KubeObject, string, string]>([
    ['a Job with a pod at work', job({}), job({ ready: 1 }), 'spec.template', 'LosesData'],
    ['a Job that has done a part', job({}), job({ active: 1, ready: 0, succeeded: 50 }), 'spec.template', 'LosesData'],
    ['a Job whose pods cannot start', job({}), job({ active: 1, ready: 0 }), 'spec.template', 'Recreate'],
    [
      'a Job that has ended',
      job({}),
      job({ ready: 1, conditions: [{ type: 'Failed', status: 'True' }] }),
      'spec.template',
      'Recreate',
    ],
    [
      'a Pod that has ended',
      objectOf('v1', 'Pod'),
      objectOf('v1', 'Pod', { status: { phase: 'Failed' } }),
      'spec',
      'Recreate',
    ],
    ['the own account', binding({}), binding({ kind: 'ServiceAccount', name: 'default' }), 'roleRef', 'LosesData'],
    [
      'the group of the own account',
      binding({ kind: 'Group', name: 'system:serviceaccounts:shop' }),
      binding({}),
      'roleRef',
      'LosesData',
    ],
    [
      'the own account as a user',
      binding({ kind: 'User', name: 'system:serviceaccount:shop:default' }),
      binding({}),
      'roleRef',
      'LosesData',
    ],
    [
      'an account of the same name elsewhere',
      binding({ kind: 'ServiceAccount', name: 'default', namespace: 'other' }),
      binding({}),
      'roleRef',
      'Recreate',
    ],
    ['a load balancer', service('ClusterIP'), service('LoadBalancer'), 'spec.clusterIP', 'LosesData'],
    ['a node port', service('ClusterIP'), service('NodePort'), 'spec.clusterIP', 'LosesData'],
    ['entries of others', holds, secret('other', 'theirs'), 'type', 'LosesData'],
    ['entries of others that the chart has too', holds, secret('other', 'ours'), 'type', 'LosesData'],
    ['entries of its own', holds, secret('coxswain', 'theirs'), 'type', 'Recreate'],
  ])('%s', (_title, desired, live, field, expected) => {
    expect(classOf(desired, live, field).class).toBe(expected);
  });
});

describe('a StatefulSet', () => {
  const claim = (spec: JsonMap = {}, metadata: JsonMap = {}): JsonMap => ({
    metadata: { name: 'data', ...metadata },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
  });
  const sized = (storage: unknown, more: JsonMap = {}): JsonMap =>
    claim({ resources: { requests: { storage } }, ...more });
  const set = (spec: JsonMap, metadata: JsonMap = {}): KubeObject =>
    objectOf('apps/v1', 'StatefulSet', { spec: { volumeClaimTemplates: [claim()], ...spec } }, metadata);
  const live = set({
    replicas: 1,
    podManagementPolicy: 'OrderedReady',
    selector: { matchLabels: { app: 'a' } },
    volumeClaimTemplates: [{ ...claim({ volumeMode: 'Filesystem' }), status: { phase: 'Pending' } }],
  });
  const selector = { matchLabels: { app: 'a' } };
  const claims = 'spec.volumeClaimTemplates';
  const grown = [{ template: 'data', storage: '2Gi' }];

  test.each<[string, JsonMap, string, string[], object[]]>([
    ['its service', { serviceName: 'y' }, 'Recreate', ['spec.serviceName'], []],
    ['its policy', { podManagementPolicy: 'Parallel' }, 'Recreate', ['spec.podManagementPolicy'], []],
    ['labels of claims', { volumeClaimTemplates: [claim({}, { labels: { a: 'b' } })] }, 'Recreate', [claims], []],
    ['more storage', { volumeClaimTemplates: [sized('2Gi')] }, 'Recreate', [claims], grown],
    [
      'more storage and its service',
      { serviceName: 'y', volumeClaimTemplates: [sized('2Gi')] },
      'Recreate',
      ['spec.serviceName', claims],
      grown,
    ],
    ['less storage', { volumeClaimTemplates: [sized('1G')] }, 'LosesData', [claims], []],
    ['no storage', { volumeClaimTemplates: [sized(null)] }, 'LosesData', [claims], []],
    [
      'more storage of another class',
      { volumeClaimTemplates: [sized('2Gi', { storageClassName: 'b' })] },
      'LosesData',
      [claims],
      [],
    ],
    ['another name', { volumeClaimTemplates: [claim({}, { name: 'other' })] }, 'LosesData', [claims], []],
    ['a second template', { volumeClaimTemplates: [claim(), claim({}, { name: 'other' })] }, 'LosesData', [claims], []],
    ['none', { volumeClaimTemplates: [] }, 'LosesData', [claims], []],
    ['its selector', { selector: { matchLabels: { app: 'b' } } }, 'LosesData', ['spec.selector'], []],
    ['an unknown field', {}, 'LosesData', ['spec'], []],
    ['the same storage, written differently', { volumeClaimTemplates: [sized('1024Mi')] }, 'Recreate', [claims], []],
  ])('with a change of %s', (_title, spec, expected, fields, growth) => {
    const change = classOf(set({ selector, ...spec }), live, 'spec');
    expect(change).toMatchObject({ class: expected, fields, growth, propagation: 'Orphan' });
  });

  test('that somebody else has scaled would lose pods', () => {
    const scaled = set({ ...(live['spec'] as JsonMap), replicas: 5 });
    expect(classOf(set({ selector, serviceName: 'y' }), scaled, 'spec')).toMatchObject({ class: 'LosesData' });
    const fieldsV1 = { 'f:spec': { 'f:replicas': {} } };
    const ours = {
      metadata: { ...scaled.metadata, managedFields: [{ manager: 'coxswain', operation: 'Apply', fieldsV1 }] },
    };
    expect(classOf(set({ selector, serviceName: 'y' }), { ...scaled, ...ours }, 'spec')).toMatchObject({
      class: 'Recreate',
    });
  });
});

describe('recreateRefusal', () => {
  const kept = { annotations: { 'helm.sh/resource-policy': ' Keep' } };
  const safe = objectOf('v1', 'ConfigMap');
  const claim = objectOf('v1', 'PersistentVolumeClaim');
  const definition = objectOf('apiextensions.k8s.io/v1', 'CustomResourceDefinition');
  const allowing = (kind: string): { kind: string; name: string }[] => [{ kind, name: 'x' }];

  test.each<[string, KubeObject, 'Safe' | 'Never', { kind: string; name: string }[] | undefined, RegExp | undefined]>([
    ['what loses nothing', safe, 'Safe', undefined, undefined],
    [
      'what loses nothing, with Never',
      safe,
      'Never',
      undefined,
      /^ConfigMap\/x: data cannot be changed .*recreate is Never/,
    ],
    ['what is named, with Never', safe, 'Never', allowing('ConfigMap'), undefined],
    ['what is kept', objectOf('v1', 'ConfigMap', {}, kept), 'Safe', allowing('ConfigMap'), /resource-policy: keep/],
    ['what loses data', claim, 'Safe', undefined, /allowRecreate: \[\{kind: PersistentVolumeClaim, name: x\}\]$/],
    ['what loses data and another is named', claim, 'Safe', allowing('Pod'), /may lose data/],
    ['what loses data and is named', claim, 'Safe', allowing('PersistentVolumeClaim'), undefined],
    ['what takes others with it', definition, 'Safe', allowing('CustomResourceDefinition'), /never deleted/],
  ])('%s', (_title, live, recreate, allowRecreate, expected) => {
    const refusal = recreateRefusal(live, classOf(live, live, 'data'), { recreate, allowRecreate });
    if (expected) expect(refusal).toMatch(expected);
    else expect(refusal).toBeUndefined();
  });

  test('data that may be lost is not lost by an automatic rollback', () => {
    const policy = { recreate: 'Safe', allowRecreate: allowing('PersistentVolumeClaim'), isUnasked: true } as const;
    expect(recreateRefusal(claim, classOf(claim, claim, 'data'), policy)).toMatch(
      /delete it yourself: .*nobody asked for$/,
    );
    expect(recreateRefusal(safe, classOf(safe, safe, 'data'), policy)).toBeUndefined();
  });
});
