import { describe, test } from '@jest/globals';
import { healthOf } from '../../../../resources/index.ts';
import type { Health, HealthColour, KubeObject } from '../../../../resources/index.ts';
import { about, condition, expectHealth, labels, normal, pod, ready, selector, waiting, warning } from './health.ts';
import { object } from '../objects.ts';

function healthWithout(given: KubeObject): Health {
  return healthOf(given, { pods: [] });
}

describe('a Pod', () => {
  test.each<[string, Record<string, unknown>, HealthColour, string[]]>([
    ['ready', ready, 'Green', []],
    ['succeeded', { phase: 'Succeeded' }, 'Green', []],
    ['evicted', { phase: 'Failed', reason: 'Evicted', message: 'low on memory' }, 'Red', ['Evicted: low on memory']],
    ['pulling in vain', waiting('ImagePullBackOff'), 'Red', ['container app: ImagePullBackOff: why']],
    ['with a bad image', waiting('InvalidImageName'), 'Red', ['InvalidImageName']],
    [
      'without its Secret',
      waiting('CreateContainerConfigError', 'secret "x" not found'),
      'Red',
      ['secret "x" not found'],
    ],
    ['starting', waiting('ContainerCreating', ''), 'Yellow', ['container app: ContainerCreating']],
    [
      'crashing for want of memory',
      waiting('CrashLoopBackOff', 'back-off', { lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } } }),
      'Red',
      ['CrashLoopBackOff', 'OOMKilled, exit code 137'],
    ],
    [
      'just killed for want of memory',
      {
        phase: 'Running',
        containerStatuses: [{ name: 'app', state: { terminated: { exitCode: 137, reason: 'OOMKilled' } } }],
      },
      'Red',
      ['OOMKilled'],
    ],
    [
      'failed',
      {
        phase: 'Failed',
        containerStatuses: [{ name: 'app', state: { terminated: { exitCode: 1, reason: 'Error' } } }],
      },
      'Red',
      ['container app: Error, exit code 1'],
    ],
    [
      'with a broken init container',
      {
        ...waiting('PodInitializing', ''),
        initContainerStatuses: [{ name: 'init', state: { waiting: { reason: 'ErrImagePull' } } }],
      },
      'Red',
      ['container init: ErrImagePull'],
    ],
    [
      'that fits nowhere',
      { conditions: [condition('PodScheduled', 'False', 'Unschedulable', '0/3 nodes are available')] },
      'Yellow',
      ['Unschedulable: 0/3 nodes'],
    ],
    [
      'running but not ready',
      { phase: 'Running', containerStatuses: [{ name: 'app', ready: false, restartCount: 2 }] },
      'Yellow',
      ['container app is not ready after 2 restarts'],
    ],
    ['new', {}, 'Yellow', ['is Pending']],
  ])('%s', (_name, status, colour, words) => {
    expectHealth(healthWithout(pod('p', status)), colour, ...words);
  });
});

describe('a Deployment', () => {
  const deployment = (status: Record<string, unknown>, spec: Record<string, unknown> = {}): KubeObject =>
    object(
      'Deployment/web',
      { spec: { replicas: 2, selector, ...spec }, status },
      { namespace: 'shop', uid: 'd', generation: 2 },
    );
  const done = { observedGeneration: 2, replicas: 2, updatedReplicas: 2, availableReplicas: 2 };

  test.each<[string, Record<string, unknown>, HealthColour, string[]]>([
    ['all available', done, 'Green', []],
    ['not seen by its controller', { ...done, observedGeneration: 1 }, 'Yellow', ['has not observed']],
    ['half updated', { ...done, updatedReplicas: 1 }, 'Yellow', ['1 of 2 replicas updated']],
    ['half available', { ...done, availableReplicas: 1 }, 'Yellow', ['1 of 2 replicas available']],
    ['with old replicas', { ...done, replicas: 3 }, 'Yellow', ['1 old replicas']],
    ['without a status', {}, 'Yellow', []],
    [
      'over quota',
      { observedGeneration: 2, conditions: [condition('ReplicaFailure', 'True', 'FailedCreate', 'exceeded quota')] },
      'Red',
      ['FailedCreate: exceeded quota'],
    ],
    [
      'past its deadline',
      {
        ...done,
        availableReplicas: 0,
        conditions: [condition('Progressing', 'False', 'ProgressDeadlineExceeded', 'timed out')],
      },
      'Red',
      ['ProgressDeadlineExceeded: timed out'],
    ],
  ])('%s', (_name, status, colour, words) => {
    expectHealth(healthWithout(deployment(status)), colour, ...words);
  });

  test('scaled to zero', () => {
    expectHealth(healthWithout(deployment({ observedGeneration: 2 }, { replicas: 0 })), 'Green');
  });

  const half = deployment({ ...done, availableReplicas: 1 });
  const owned = (hash: string, name: string): Record<string, unknown> => ({
    labels: { ...labels, 'pod-template-hash': hash },
    ownerReferences: [{ kind: 'ReplicaSet', name: `${name}-${hash}`, uid: hash, controller: true }],
  });

  test('names the pod, the container and the cause', () => {
    const health = healthOf(half, { pods: [pod('web-1', ready), pod('web-2', waiting('ImagePullBackOff'))] });
    expectHealth(health, 'Red', 'pod web-2 container app: ImagePullBackOff: why');
  });

  test('says what a pod waits for', () => {
    const health = healthOf(half, { pods: [pod('web-2', waiting('ContainerCreating', ''))] });
    expectHealth(health, 'Yellow', '1 of 2 replicas available; pod web-2 container app: ContainerCreating');
  });

  test('considers the newest template only, and no pods that are being deleted or belong to others', () => {
    const broken = waiting('ImagePullBackOff');
    const pods = [
      pod('web-old', broken, { ...owned('old', 'web'), creationTimestamp: '2026-01-01T00:00:00Z' }),
      pod('web-new', waiting('ContainerCreating'), {
        ...owned('new', 'web'),
        creationTimestamp: '2026-01-02T00:00:00Z',
      }),
      pod('web-gone', broken, { ...owned('new', 'web'), deletionTimestamp: '2026-01-02T00:00:00Z' }),
      pod('else', broken, { ...owned('new', 'else'), creationTimestamp: '2026-01-03T00:00:00Z' }),
      pod('far', broken, { namespace: 'other', creationTimestamp: '2026-01-03T00:00:00Z' }),
      pod('evicted', { phase: 'Failed', reason: 'Evicted' }, { ...owned('new', 'web') }),
    ];
    expectHealth(healthOf(half, { pods }), 'Yellow', 'pod web-new');
  });

  test('shows the last warning if no pod says more', () => {
    const eventsAbout = about({ d: [warning('Older', 'a'), warning('Newer', 'b'), normal('Scaled')] });
    expectHealth(healthOf(half, { pods: [], eventsAbout }), 'Yellow', '1 of 2 replicas available; Newer: b');
  });

  test('shows the last warning about a pod that does not start', () => {
    const pods = [pod('web-2', waiting('ContainerCreating', ''), { uid: 'p' })];
    const eventsAbout = about({ p: [warning('FailedMount', 'secret "x" not found')], d: [warning('Other', 'b')] });
    expectHealth(healthOf(half, { pods, eventsAbout }), 'Yellow', 'ContainerCreating; FailedMount: secret "x"');
  });

  test.each<[string, Record<string, unknown>, HealthColour, string[]]>([
    ['before it has any replica', { observedGeneration: 2 }, 'Green', []],
    ['with all replicas of an older template', { ...done, updatedReplicas: 0 }, 'Green', []],
    [
      'with an unavailable replica',
      { ...done, updatedReplicas: 0, availableReplicas: 1 },
      'Yellow',
      ['1 of 2', 'paused'],
    ],
    ['before its controller saw it', { observedGeneration: 1 }, 'Yellow', ['has not observed']],
  ])('that is paused, %s', (_name, status, colour, words) => {
    expectHealth(healthWithout(deployment(status, { paused: true })), colour, ...words);
  });
});

describe('other workloads', () => {
  const live = (kind: string, spec: Record<string, unknown>, status: Record<string, unknown>): KubeObject =>
    object(`${kind}/web`, { spec: { selector, ...spec }, status }, { namespace: 'shop' });

  test.each<[string, KubeObject, HealthColour, string[]]>([
    [
      'a StatefulSet, ready',
      live('StatefulSet', { replicas: 2 }, { readyReplicas: 2, updatedReplicas: 2 }),
      'Green',
      [],
    ],
    [
      'a StatefulSet, half ready',
      live('StatefulSet', { replicas: 2 }, { readyReplicas: 1 }),
      'Yellow',
      ['1 of 2 replicas ready'],
    ],
    [
      'a StatefulSet, half updated',
      live('StatefulSet', { replicas: 2 }, { readyReplicas: 2, updatedReplicas: 1 }),
      'Yellow',
      ['1 of 2 replicas updated'],
    ],
    [
      'a StatefulSet with a partition',
      live(
        'StatefulSet',
        { replicas: 2, updateStrategy: { rollingUpdate: { partition: 1 } } },
        { readyReplicas: 2, updatedReplicas: 1 },
      ),
      'Green',
      ['1 of 2 replicas stay at an older revision'],
    ],
    [
      'a StatefulSet updated on delete',
      live('StatefulSet', { replicas: 2, updateStrategy: { type: 'OnDelete' } }, { readyReplicas: 2 }),
      'Green',
      ['2 of 2 replicas stay at an older revision'],
    ],
    [
      'a DaemonSet on every node',
      live('DaemonSet', {}, { desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 3 }),
      'Green',
      [],
    ],
    [
      'a DaemonSet half updated',
      live('DaemonSet', {}, { desiredNumberScheduled: 3, updatedNumberScheduled: 1 }),
      'Yellow',
      ['1 of 3 pods updated'],
    ],
    [
      'a DaemonSet half available',
      live('DaemonSet', {}, { desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 1 }),
      'Yellow',
      ['1 of 3 pods available'],
    ],
    ['a DaemonSet without nodes', live('DaemonSet', {}, { desiredNumberScheduled: 0 }), 'Green', []],
    ['a ReplicaSet', live('ReplicaSet', { replicas: 1 }, { availableReplicas: 1 }), 'Green', []],
    [
      'a ReplicaSet over quota',
      live('ReplicaSet', {}, { conditions: [condition('ReplicaFailure', 'True', 'FailedCreate')] }),
      'Red',
      ['FailedCreate'],
    ],
    [
      'a ReplicationController half available',
      live('ReplicationController', { replicas: 2 }, { availableReplicas: 1 }),
      'Yellow',
      ['1 of 2 replicas available'],
    ],
    ['a Job under way', live('Job', { completions: 3 }, { succeeded: 1 }), 'Yellow', ['1 of 3 completed']],
    ['a Job that is complete', live('Job', {}, { conditions: [condition('Complete', 'True')] }), 'Green', []],
    [
      'a Job that failed',
      live('Job', {}, { conditions: [condition('Failed', 'True', 'BackoffLimitExceeded', 'too often')] }),
      'Red',
      ['BackoffLimitExceeded: too often'],
    ],
    ['a suspended Job', live('Job', { suspend: true }, {}), 'Green', []],
    ['a CronJob', live('CronJob', {}, {}), 'Green', []],
  ])('%s', (_name, given, colour, words) => {
    expectHealth(healthWithout(given), colour, ...words);
  });

  test('a failed Job says why its pod failed; a running one may try again', () => {
    const dead = pod('web-x', {
      phase: 'Failed',
      containerStatuses: [{ name: 'app', state: { terminated: { exitCode: 3, reason: 'Error' } } }],
    });
    const failed = live('Job', {}, { conditions: [condition('Failed', 'True', 'BackoffLimitExceeded')] });
    expectHealth(
      healthOf(failed, { pods: [dead] }),
      'Red',
      'BackoffLimitExceeded; pod web-x container app: Error, exit code 3',
    );
    expectHealth(healthOf(live('Job', {}, {}), { pods: [dead] }), 'Yellow', 'exit code 3');
    expectHealth(
      healthOf(live('Job', {}, {}), { pods: [pod('web-y', waiting('ErrImagePull'))] }),
      'Red',
      'ErrImagePull',
    );
  });
});
