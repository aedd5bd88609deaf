import { describe, expect, test } from '@jest/globals';
import { eventSubjectsOf, healthOf, releaseHealthOf } from '../../../../resources/index.ts';
import type { EventText, Health, HealthColour, KubeObject } from '../../../../resources/index.ts';
import { about, condition, expectHealth, normal, warning } from './health.ts';
import { object } from '../objects.ts';

function healthWithout(given: KubeObject): Health {
  return healthOf(given, { pods: [] });
}

describe('other kinds', () => {
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
    ['an Ingress of a class', live('Ingress', { spec: { ingressClassName: 'x' } }), 'Green', []],
    ['an Ingress of no class', live('Ingress', {}), 'Green', ['no ingress class']],
    [
      'an Ingress of no class with an address',
      live('Ingress', { status: { loadBalancer: { ingress: [{ ip: '1.2.3.4' }] } } }),
      'Green',
      [],
    ],
    ['an autoscaler', withConditions('HorizontalPodAutoscaler', condition('ScalingActive', 'True')), 'Green', []],
    [
      'an autoscaler without metrics',
      withConditions(
        'HorizontalPodAutoscaler',
        condition('AbleToScale', 'True'),
        condition('ScalingActive', 'False', 'FailedGetResourceMetric', 'none'),
      ),
      'Green',
      ['does not scale: FailedGetResourceMetric: none'],
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
      'a budget that allows nothing though all pods are healthy',
      live('PodDisruptionBudget', {
        status: {
          expectedPods: 2,
          currentHealthy: 2,
          desiredHealthy: 2,
          conditions: [condition('DisruptionAllowed', 'False', 'InsufficientPods')],
        },
      }),
      'Green',
      ['2 of 2 pods have to stay'],
    ],
    [
      'a budget that allows nothing while a pod is missing',
      live('PodDisruptionBudget', {
        status: {
          expectedPods: 2,
          currentHealthy: 1,
          desiredHealthy: 1,
          conditions: [condition('DisruptionAllowed', 'False', 'InsufficientPods')],
        },
      }),
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
    ['has no class', [normal('FailedBinding', 'no storage class is set')], 'Yellow', ['no storage class is set']],
    ['is being made', [normal('ExternalProvisioning', 'by x')], 'Yellow', ['a volume: ExternalProvisioning: by x']],
  ])('a claim that %s', (_name, events, colour, words) => {
    const health = healthOf(live('PersistentVolumeClaim', {}), { pods: [], eventsAbout: about({ u: events }) });
    expectHealth(health, colour, ...words);
  });

  test.each<[string, KubeObject, EventText]>([
    ['a claim', live('PersistentVolumeClaim', {}), warning('ProvisioningFailed', 'no')],
    ['a load balancer', live('Service', { spec: { type: 'LoadBalancer' } }), warning('SyncLoadBalancerFailed', 'no')],
  ])('%s that is refused is Red once that has lasted, and says when', (_name, given, event) => {
    const created = { ...given, metadata: { ...given.metadata, creationTimestamp: '1970-01-01T00:01:00Z' } };
    const context = { pods: [], eventsAbout: about({ u: [event] }), redAfterMs: 5_000 };
    expect(healthOf(created, { ...context, now: 64_999 })).toMatchObject({ health: 'Yellow', changesAt: 65_000 });
    expectHealth(healthOf(created, { ...context, now: 65_000 }), 'Red', event.reason);
  });

  test('an object that is being deleted is Yellow', () => {
    expectHealth(healthWithout(object('ConfigMap/x', {}, { deletionTimestamp: 'now' })), 'Yellow', 'being deleted');
  });

  test('the finalizers that hold up a deletion are named', () => {
    const held = object('ConfigMap/x', {}, { deletionTimestamp: 'now', finalizers: ['a/b', 'c/d'] });
    expectHealth(healthWithout(held), 'Yellow', 'held by its finalizers a/b, c/d');
  });

  test('a message has one line of bounded length', () => {
    const { message } = healthWithout(
      withConditions('Gadget', condition('Ready', 'False', 'A', `b\n  c${'d'.repeat(1000)}`)),
    );
    expect(message).toMatch(/^A: b cd+…$/);
    expect(message?.length).toBeLessThan(500);
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
