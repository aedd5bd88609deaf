import { describe, expect, test } from '@jest/globals';
import { eventSubjectsOf, healthOf, releaseHealthOf } from '../../../../resources/index.ts';
import type { EventText, Health, HealthColour, KubeObject } from '../../../../resources/index.ts';
import { about, condition, expectHealth, normal, warning } from './health.ts';
import { object } from '../objects.ts';

function healthWithout(given: KubeObject): Health {
  return healthOf(given, { pods: [] });
}

describe('the rest', () => {
  const live = (kind: string, fields: Record<string, unknown>): KubeObject => object(`${kind}/x`, fields, { uid: 'u' });
  const withConditions = (kind: string, ...conditions: Record<string, string>[]): KubeObject =>
    live(kind, { status: { conditions } });

  test.each<[string, KubeObject, HealthColour, string[]]>([
    ['a bound claim', live('PersistentVolumeClaim', { status: { phase: 'Bound' } }), 'Green', []],
    ['a pending claim', live('PersistentVolumeClaim', { status: { phase: 'Pending' } }), 'Yellow', ['volume']],
    ['a lost claim', live('PersistentVolumeClaim', { status: { phase: 'Lost' } }), 'Red', ['lost']],
    ['a Service', live('Service', { spec: { type: 'ClusterIP' } }), 'Green', []],
    [
      'a load balancer without an address',
      live('Service', { spec: { type: 'LoadBalancer' } }),
      'Yellow',
      ['load balancer'],
    ],
    [
      'a load balancer with one',
      live('Service', { spec: { type: 'LoadBalancer' }, status: { loadBalancer: { ingress: [{ ip: '1.2.3.4' }] } } }),
      'Green',
      [],
    ],
    [
      'a load balancer with addresses of its own',
      live('Service', { spec: { type: 'LoadBalancer', externalIPs: ['1.2.3.4'] } }),
      'Green',
      [],
    ],
    ['an Ingress', live('Ingress', {}), 'Green', []],
    ['an autoscaler', withConditions('HorizontalPodAutoscaler', condition('ScalingActive', 'True')), 'Green', []],
    [
      'an autoscaler without metrics',
      withConditions(
        'HorizontalPodAutoscaler',
        condition('AbleToScale', 'True'),
        condition('ScalingActive', 'False', 'FailedGetResourceMetric', 'none'),
      ),
      'Green',
      [],
    ],
    [
      'an autoscaler of nothing',
      withConditions('HorizontalPodAutoscaler', condition('ScalingActive', 'False', 'ScalingDisabled')),
      'Green',
      [],
    ],
    [
      'a budget that allows nothing',
      withConditions('PodDisruptionBudget', condition('DisruptionAllowed', 'False', 'InsufficientPods')),
      'Green',
      [],
    ],
    [
      'a budget that cannot be read',
      withConditions('PodDisruptionBudget', condition('DisruptionAllowed', 'False', 'SyncFailed', 'x')),
      'Red',
      ['SyncFailed'],
    ],
    [
      'a CRD',
      withConditions('CustomResourceDefinition', condition('NamesAccepted', 'True'), condition('Established', 'True')),
      'Green',
      [],
    ],
    ['a CRD that is new', live('CustomResourceDefinition', {}), 'Yellow', ['established']],
    [
      'a CRD whose names are taken',
      withConditions('CustomResourceDefinition', condition('NamesAccepted', 'False', 'ListKindConflict')),
      'Red',
      ['ListKindConflict'],
    ],
    ['an APIService', withConditions('APIService', condition('Available', 'True')), 'Green', []],
    [
      'an APIService without a server',
      withConditions('APIService', condition('Available', 'False', 'MissingEndpoints')),
      'Yellow',
      ['MissingEndpoints'],
    ],
    ['a Namespace', live('Namespace', { status: { phase: 'Active' } }), 'Green', []],
    ['a ConfigMap', live('ConfigMap', {}), 'Green', []],
    ['an unknown kind', live('Gadget', {}), 'Green', []],
    ['one that is ready', withConditions('Gadget', condition('Ready', 'True')), 'Green', []],
    [
      'one that is not',
      withConditions('Gadget', condition('Ready', 'False', 'Waiting', 'for it')),
      'Yellow',
      ['Waiting: for it'],
    ],
    [
      'one that is at work',
      withConditions('Gadget', condition('Ready', 'True'), condition('Reconciling', 'True', 'Working')),
      'Yellow',
      ['Working'],
    ],
    [
      'one that is stalled',
      withConditions('Gadget', condition('Ready', 'False'), condition('Stalled', 'True', 'Broken')),
      'Red',
      ['Broken'],
    ],
    [
      'one that is only available',
      withConditions('Gadget', condition('Available', 'False', 'Down')),
      'Yellow',
      ['Down'],
    ],
    ['conditions that are nonsense', live('Gadget', { status: { conditions: ['x', null, {}] } }), 'Green', []],
  ])('%s', (_name, given, colour, words) => {
    expectHealth(healthWithout(given), colour, ...words);
  });

  test.each<[string, EventText[], HealthColour, string[]]>([
    ['waits for its first consumer', [normal('WaitForFirstConsumer')], 'Green', []],
    [
      'has one now',
      [normal('WaitForFirstConsumer'), warning('ProvisioningFailed', 'no')],
      'Yellow',
      ['ProvisioningFailed: no'],
    ],
    ['is waited for by a pod', [normal('WaitForFirstConsumer'), normal('WaitForPodScheduled')], 'Yellow', ['a volume']],
  ])('a claim that %s', (_name, events, colour, words) => {
    const health = healthOf(live('PersistentVolumeClaim', {}), { pods: [], eventsAbout: about({ u: events }) });
    expectHealth(health, colour, ...words);
  });

  test('whatever is being deleted is on its way', () => {
    expectHealth(healthWithout(object('ConfigMap/x', {}, { deletionTimestamp: 'now' })), 'Yellow', 'being deleted');
  });

  test('what holds an object that is being deleted is named', () => {
    const held = object('ConfigMap/x', {}, { deletionTimestamp: 'now', finalizers: ['a/b', 'c/d'] });
    expectHealth(healthWithout(held), 'Yellow', 'held by its finalizers a/b, c/d');
  });

  test('a message is one line of bounded length', () => {
    const { message } = healthWithout(
      withConditions('Gadget', condition('Ready', 'False', 'A', `b\n  c${'d'.repeat(1000)}`)),
    );
    expect(message).toMatch(/^A: b cd+…$/);
    expect(message?.length).toBeLessThan(500);
  });
});

describe('a custom resource', () => {
  const custom = (status?: Record<string, unknown>, apiVersion = 'example.dev/v1', kind = 'Gadget'): KubeObject => ({
    ...object(`${kind}/x`, status ? { status } : {}, { uid: 'u', generation: 2 }),
    apiVersion,
  });
  const conditions = (...list: Record<string, unknown>[]): Record<string, unknown> => ({ conditions: list });

  test.each<[string, Record<string, unknown>, HealthColour, string[]]>([
    ['degraded', conditions(condition('Degraded', 'True', 'NoQuorum')), 'Red', ['NoQuorum']],
    [
      'degraded and available',
      conditions(condition('Degraded', 'True', 'OneDown'), condition('Available', 'True')),
      'Yellow',
      ['OneDown'],
    ],
    ['not degraded', conditions(condition('Degraded', 'False'), condition('Ready', 'True')), 'Green', []],
    ['failed', conditions(condition('Failed', 'True')), 'Red', ['Failed']],
    ['that did not succeed', conditions(condition('Succeeded', 'False', 'TaskRunTimeout')), 'Red', ['TaskRunTimeout']],
    ['that may yet succeed', conditions(condition('Succeeded', 'Unknown', 'Running')), 'Yellow', ['Running']],
    ['that succeeded', conditions(condition('Succeeded', 'True')), 'Green', []],
    ['not healthy', conditions(condition('Healthy', 'False')), 'Yellow', ['is not Healthy']],
    ['of which readiness is unknown', conditions(condition('Ready', 'Unknown', 'Checking')), 'Yellow', ['Checking']],
    [
      'ready before the last change',
      conditions({ ...condition('Ready', 'True'), observedGeneration: 1 }),
      'Yellow',
      ['observed'],
    ],
    ['ready since the last change', conditions({ ...condition('Ready', 'True'), observedGeneration: 2 }), 'Green', []],
    ['in phase Failed', { phase: 'Failed', message: 'why' }, 'Red', ['Failed: why']],
    ['in phase PartiallyFailed', { phase: 'PartiallyFailed' }, 'Red', ['PartiallyFailed']],
    ['in state error', { state: 'error' }, 'Red', ['error']],
    ['not ready and in phase Error', { phase: 'Error', ...conditions(condition('Ready', 'False', 'X')) }, 'Red', ['X']],
    ['ready whatever its phase', { phase: 'Failed', ...conditions(condition('Ready', 'True')) }, 'Green', []],
    ['in phase Pending', { phase: 'Pending' }, 'Yellow', ['Pending']],
    [
      'available and being changed',
      { phase: 'Progressing', ...conditions(condition('Available', 'True')) },
      'Yellow',
      ['Progressing'],
    ],
    ['in a phase of its own', { phase: 'Cluster in healthy state' }, 'Green', []],
    ['failing over', { phase: 'Failing over' }, 'Green', []],
    ['running', { phase: 'Running' }, 'Green', []],
  ])('%s', (_name, status, colour, words) => {
    expectHealth(healthOf(custom(status), { pods: [], hasStatus: true }), colour, ...words);
  });

  test.each<[string, KubeObject, boolean, HealthColour]>([
    ['that nobody has seen', custom(), true, 'Yellow'],
    ['with an empty status', custom({}), true, 'Yellow'],
    ['of a kind without status', custom(), false, 'Green'],
    [
      'of a kind whose status is often empty',
      custom(undefined, 'monitoring.coreos.com/v1', 'ServiceMonitor'),
      true,
      'Green',
    ],
    ['of an extension of Kubernetes', custom(undefined, 'gateway.networking.k8s.io/v1', 'Gateway'), true, 'Yellow'],
    [
      'that is none: the API server itself serves it',
      custom(undefined, 'networking.k8s.io/v1', 'Ingress'),
      true,
      'Green',
    ],
  ])('%s', (_name, given, hasStatus, colour) => {
    expectHealth(healthOf(given, { pods: [], hasStatus }), colour);
  });
});

describe('eventSubjectsOf', () => {
  const owned = (uid: string, status: Record<string, unknown>): KubeObject =>
    object(
      `Pod/${uid}`,
      { status },
      {
        uid,
        labels: { app: 'web' },
        ownerReferences: [{ kind: 'ReplicaSet', name: 'web-1', uid: 'r', controller: true }],
      },
    );
  const pods = [
    owned('well', { phase: 'Running', conditions: [condition('Ready', 'True')] }),
    owned('pending', { phase: 'Pending' }),
  ];

  test.each<[string, KubeObject, string[]]>([
    [
      'a workload and those of its pods that are not well',
      object('Deployment/web', { spec: { selector: { matchLabels: { app: 'web' } } } }, { uid: 'd' }),
      ['d', 'pending'],
    ],
    [
      'a CronJob and its Jobs',
      object('CronJob/c', { status: { active: [{ name: 'c-1', uid: 'j' }] } }, { uid: 'c' }),
      ['c', 'j'],
    ],
    ['a claim', object('PersistentVolumeClaim/c', {}, { uid: 'u' }), ['u']],
    ['nothing for a kind whose status says all', object('ConfigMap/c', {}, { uid: 'u' }), []],
  ])('are %s', (_name, given, subjects) => {
    expect(eventSubjectsOf(given, pods).map(({ uid }) => uid)).toEqual(subjects);
  });
});

describe('releaseHealthOf', () => {
  const row = (name: string, health: HealthColour, message?: string) => ({
    kind: 'Deployment',
    name,
    health,
    ...(message ? { message } : {}),
  });

  test.each<[string, ReturnType<typeof row>[], Health]>([
    ['nothing', [], { health: 'Green' }],
    ['all Green', [row('a', 'Green')], { health: 'Green' }],
    [
      'a Yellow one',
      [row('a', 'Green'), row('b', 'Yellow', 'slow')],
      { health: 'Yellow', message: 'Deployment/b: slow' },
    ],
    [
      'Red before Yellow, and how many',
      [row('a', 'Yellow', 'slow'), row('b', 'Red', 'broken'), row('c', 'Red', 'too')],
      { health: 'Red', message: 'Deployment/b: broken (and 1 more)' },
    ],
  ])('%s', (_name, rows, expected) => {
    expect(releaseHealthOf(rows)).toEqual(expected);
  });
});
