import { describe, expect, test } from '@jest/globals';
import { desiredOf, planFor } from '../../../../resources/index.ts';
import type { FieldSet, KubeObject, ManagedFieldsEntry, PlannedWrite } from '../../../../resources/index.ts';
import { runThrough } from '../../../support/run-through.ts';
import { applied, lostTo, object, OWNER } from '../objects.ts';

type By = Omit<ManagedFieldsEntry, 'fieldsV1'>;

const KCM: By = { manager: 'kube-controller-manager' };
const CERTIFICATE = Buffer.from('-----BEGIN CERTIFICATE-----').toString('base64');

function desired(given: KubeObject): KubeObject {
  return desiredOf(given, OWNER, { namespaced: true });
}

function writesFor(wanted: KubeObject, live: KubeObject): PlannedWrite[] {
  return runThrough(planFor({ desired: [wanted], inventory: [], live: () => live, owner: OWNER })).writes;
}

const revision = { 'deployment.kubernetes.io/revision': '1' };
const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }];

const DESIGNED: [string, KubeObject, string, By?][] = [
  [
    'the number that KEDA set',
    object('Deployment/d', { spec: { replicas: 2 } }),
    '/spec/replicas',
    { manager: 'keda', subresource: 'scale' },
  ],
  [
    'the number of a custom resource that has scales',
    object('Gadget/g', { spec: { size: 2 } }),
    '/spec/size',
    { manager: 'keda', subresource: 'scale' },
  ],
  [
    'the resources that a pod was resized to',
    object('Pod/p', { spec: { cpu: 1 } }),
    '/spec/cpu',
    { manager: 'vpa', subresource: 'resize' },
  ],
  [
    'the revision of a Deployment',
    object('Deployment/d', {}, { annotations: revision }),
    '/metadata/annotations/deployment.kubernetes.io~1revision',
    { ...KCM, subresource: 'status' },
  ],
  [
    'the rules of an aggregated ClusterRole',
    object('ClusterRole/r', { aggregationRule: { a: [] }, rules }),
    '/rules',
    { manager: 'clusterrole-aggregation-controller', operation: 'Apply' },
  ],
  [
    'the volume that a claim was bound to',
    object('PersistentVolumeClaim/p', { spec: { volumeName: '' } }),
    '/spec/volumeName',
  ],
  [
    'the holder of a Lease',
    object('Lease/l', { spec: { holderIdentity: 'a' } }),
    '/spec/holderIdentity',
    { manager: 'leader' },
  ],
  [
    'an entry that somebody filled in',
    object('Secret/s', { data: { 'tls.crt': '' } }),
    '/data/tls.crt',
    { manager: 'cert-manager' },
  ],
  ['what a queue does with a Job', object('Job/j', { spec: { suspend: true } }), '/spec/suspend', { manager: 'kueue' }],
  [
    'the accounts of a registry',
    object('ServiceAccount/s', { imagePullSecrets: [{ name: 'a' }] }),
    '/imagePullSecrets',
    { manager: 'openshift' },
  ],
  [
    'the bundle of an API',
    object('APIService/a', { spec: { caBundle: CERTIFICATE } }),
    '/spec/caBundle',
    { manager: 'injector' },
  ],
];

describe('left to others, and not sent with the next version', () => {
  test.each(DESIGNED)('%s', (_what, given, pointer, by = KCM) => {
    const wanted = desired(given);
    expect(writesFor(wanted, lostTo(wanted, pointer, by))).toEqual([]);
  });

  test.each(DESIGNED.slice(0, -1))('%s', (_what, given, pointer, by = KCM) => {
    const next = desired({ ...given, metadata: { ...given.metadata, labels: { next: 'yes' } } });
    const [update, ...others] = writesFor(next, lostTo(desired(given), pointer, by));
    expect(others).toEqual([]);
    const path = pointer
      .split('/')
      .slice(1)
      .map((key) => key.replaceAll('~1', '/'));
    expect(update).toMatchObject({ type: 'update', object: { metadata: { labels: { next: 'yes' } } } });
    expect(update).not.toHaveProperty(['object', ...path]);
  });
});

test('replicas that nobody owns since they were scaled to zero', () => {
  const wanted = desired(object('Deployment/d', { spec: { replicas: 2, paused: false } }));
  const live = { ...lostTo(wanted, '/spec/replicas', KCM, 'out'), spec: { replicas: 0, paused: false } };
  expect(writesFor(wanted, live)).toEqual([]);
  const [next] = writesFor(desired(object('Deployment/d', { spec: { replicas: 3, paused: true } })), live);
  expect(next).toMatchObject({ type: 'update', object: { spec: { paused: true } } });
  expect(next).not.toHaveProperty(['object', 'spec', 'replicas']);
});

describe('corrected', () => {
  test.each<[string, KubeObject, string, By?]>([
    [
      'replicas that somebody edited',
      object('Deployment/d', { spec: { replicas: 2 } }),
      '/spec/replicas',
      { manager: 'kubectl-edit' },
    ],
    [
      'another annotation',
      object('Deployment/d', {}, { annotations: { 'example.com/a': '1' } }),
      '/metadata/annotations/example.com~1a',
    ],
    ['the rules of an ordinary ClusterRole', object('ClusterRole/r', { rules }), '/rules'],
    ['an entry that was not empty', object('Secret/s', { data: { a: 'eA==' } }), '/data/a'],
    ['an empty entry of a ConfigMap', object('ConfigMap/s', { data: { a: '' } }), '/data/a'],
    [
      'what a status says of another field',
      object('Gadget/g', { spec: { size: 2 } }),
      '/spec/size',
      { manager: 'a', subresource: 'status' },
    ],
  ])('%s', (_what, given, pointer, by = KCM) => {
    const wanted = desired(given);
    expect(writesFor(wanted, lostTo(wanted, pointer, by))).toMatchObject([{ type: 'update', changes: [pointer] }]);
  });

  test.each(DESIGNED)('%s, if it was merely removed', (_what, given, pointer) => {
    const wanted = desired(given);
    const { spec: _, ...live } = lostTo(wanted, pointer, KCM, 'out');
    expect(writesFor(wanted, live as KubeObject)).toMatchObject([{ type: 'update' }]);
  });

  test('the chart’s own certificate with the next version, even if somebody injected another', () => {
    const withBundle = (caBundle: string, more = {}): KubeObject =>
      desired(object('APIService/a', { spec: { caBundle, ...more } }));
    const live = lostTo(withBundle(CERTIFICATE), '/spec/caBundle', { manager: 'injector' });
    expect(writesFor(withBundle(CERTIFICATE, { a: 1 }), live)).toMatchObject([
      { object: { spec: { caBundle: CERTIFICATE } } },
    ]);
    const next = writesFor(
      withBundle('Cg==', { a: 1 }),
      lostTo(withBundle('Cg=='), '/spec/caBundle', { manager: 'injector' }),
    );
    expect(next).toHaveLength(1);
    expect(next[0]).not.toHaveProperty(['object', 'spec', 'caBundle']);
  });
});

describe('in webhooks, which are listed by name', () => {
  const webhook = {
    name: 'a.example.com',
    failurePolicy: 'Ignore',
    clientConfig: { caBundle: 'Cg==', service: { name: 's' } },
  };
  const wanted = desired(
    object('ValidatingWebhookConfiguration/v', { webhooks: [{ ...webhook, name: 'b.example.com' }, webhook] }),
  );
  const item = (fields: FieldSet, name = 'a.example.com'): FieldSet => ({
    'f:webhooks': { [`k:{"name":"${name}"}`]: fields },
  });
  const whole: FieldSet = {
    '.': {},
    'f:name': {},
    'f:failurePolicy': {},
    'f:clientConfig': { 'f:caBundle': {}, 'f:service': { 'f:name': {} } },
  };

  function liveWith(ours: FieldSet, theirs: FieldSet): KubeObject {
    const entry = applied(wanted).metadata.managedFields?.[0]?.fieldsV1 ?? {};
    const listed = { 'f:webhooks': { ...item(whole, 'b.example.com')['f:webhooks'], ...item(ours)['f:webhooks'] } };
    return applied(wanted, {
      managedFields: [
        { manager: 'coxswain', operation: 'Apply', fieldsV1: { ...entry, ...listed } },
        { manager: 'pilot-discovery', operation: 'Update', fieldsV1: item(theirs) },
      ],
    });
  }

  test('the bundle and the failure policy that its injector sets are left to it', () => {
    const ours = { '.': {}, 'f:name': {}, 'f:clientConfig': { 'f:service': { 'f:name': {} } } };
    const theirs = { 'f:failurePolicy': {}, 'f:clientConfig': { 'f:caBundle': {} } };
    expect(writesFor(wanted, liveWith(ours, theirs))).toEqual([]);
  });

  test('an edited failure policy is corrected, without sending the bundle', () => {
    const ours = { '.': {}, 'f:name': {}, 'f:clientConfig': { 'f:caBundle': {}, 'f:service': { 'f:name': {} } } };
    expect(writesFor(wanted, liveWith(ours, { 'f:failurePolicy': {} }))).toMatchObject([
      { changes: ['/webhooks/1/failurePolicy'] },
    ]);
  });
});

test('owners and finalizers that their controllers removed are not restored', () => {
  const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'gone', uid: 'u' };
  const wanted = desired(object('ConfigMap/c', {}, { ownerReferences: [owner], finalizers: ['example.com/done'] }));
  const { 'f:metadata': metadata = {}, ...rest } = applied(wanted).metadata.managedFields?.[0]?.fieldsV1 ?? {};
  const kept: FieldSet = {
    ...rest,
    'f:metadata': { ...metadata, 'f:ownerReferences': { '.': {} }, 'f:finalizers': { '.': {} } },
  };
  const live = applied(wanted, { managedFields: [{ manager: 'coxswain', operation: 'Apply', fieldsV1: kept }] });
  expect(writesFor(wanted, live)).toEqual([]);
});
