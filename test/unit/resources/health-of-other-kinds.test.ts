import { describe, expect, test } from '@jest/globals';
import { healthOf, releaseHealthOf } from '../../../resources/index.ts';
import type { Health, HealthColour, KubeObject } from '../../../resources/index.ts';
import { condition, expectHealth } from './health.ts';
import { object } from './objects.ts';

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

  test('a claim that waits for its first consumer is as wished', () => {
    const event = object('Event/e', { type: 'Normal', reason: 'WaitForFirstConsumer', involvedObject: { uid: 'u' } });
    expectHealth(healthOf(live('PersistentVolumeClaim', {}), { pods: [], events: [event] }), 'Green');
  });

  test('whatever is being deleted is on its way', () => {
    expectHealth(healthWithout(object('ConfigMap/x', {}, { deletionTimestamp: 'now' })), 'Yellow', 'being deleted');
  });

  test('a message is one line of bounded length', () => {
    const { message } = healthWithout(
      withConditions('Gadget', condition('Ready', 'False', 'A', `b\n  c${'d'.repeat(1000)}`)),
    );
    expect(message).toMatch(/^A: b cd+…$/);
    expect(message?.length).toBeLessThan(500);
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
