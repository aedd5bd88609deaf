import { describe, expect, test } from '@jest/globals';
import { healthOf } from '../../../../resources/index.ts';
import type { HealthContext, KubeObject } from '../../../../resources/index.ts';
import { about, condition, expectHealth, pod, running, selector, waiting, warning } from './health.ts';
import { object } from '../objects.ts';

// What changes a health though no object changes: time.

const AT = Date.parse('2026-01-01T00:00:00Z');
const at = (seconds: number): string => new Date(AT + seconds * 1_000).toISOString();
const now = (seconds: number, more: Partial<HealthContext> = {}): HealthContext => ({
  pods: [],
  now: AT + seconds * 1_000,
  ...more,
});

describe('a crash loop', () => {
  /** Ran from 0 to 3 s, and runs again since 20 s. */
  const crashed = { terminated: { exitCode: 1, reason: 'Error', startedAt: at(0), finishedAt: at(3) } };
  const again = (more: Record<string, unknown> = {}): KubeObject =>
    pod('p', running(at(20), { restartCount: 4, lastState: crashed, ...more }));

  test('stays Red while its container is running again, until it has run for ten seconds and twice as long as before', () => {
    const health = healthOf(again(), now(29));
    expect(health).toMatchObject({ health: 'Red', changesAt: AT + 30_000 });
    expect(health.message).toBe('container app: runs again after 4 restarts (last: Error, exit code 1)');
    expectHealth(healthOf(again(), now(30)), 'Green');
    const slower = { terminated: { exitCode: 1, reason: 'Error', startedAt: at(-60), finishedAt: at(0) } };
    expect(healthOf(again({ lastState: slower }), now(30)).changesAt).toBe(AT + 140_000);
  });

  test('begins with the second restart: after the first, a running container is Yellow for as long', () => {
    const health = healthOf(again({ restartCount: 1 }), now(21));
    expect(health).toMatchObject({ health: 'Yellow', changesAt: AT + 30_000 });
    expect(health.message).toContain('runs again after 1 restart (last');
    expectHealth(healthOf(again({ restartCount: 1 }), now(30)), 'Green');
  });

  test('does not exist where the container had run for long', () => {
    const old = { terminated: { exitCode: 255, reason: 'Unknown', startedAt: at(-700), finishedAt: at(0) } };
    expectHealth(healthOf(again({ lastState: old }), now(21)), 'Green');
  });

  test('is Red between two of its states, and also if the container exits with 0 each time', () => {
    const ended = { state: { terminated: { exitCode: 1, reason: 'Error' } }, restartCount: 4 };
    const between = { phase: 'Running', containerStatuses: [{ name: 'app', ready: false, ...ended }] };
    expectHealth(healthOf(pod('p', between), now(21)), 'Red', 'container app: Error, exit code 1');
    const well = { terminated: { exitCode: 0, reason: 'Completed', startedAt: at(0), finishedAt: at(3) } };
    expectHealth(healthOf(again({ lastState: well }), now(21)), 'Red', 'last: Completed, exit code 0');
  });

  test.each([
    ['Deployment', { replicas: 1, updatedReplicas: 1, availableReplicas: 1 }],
    ['StatefulSet', { readyReplicas: 1, updatedReplicas: 1 }],
    ['DaemonSet', { desiredNumberScheduled: 1, updatedNumberScheduled: 1, numberAvailable: 1 }],
    ['ReplicaSet', { availableReplicas: 1 }],
  ])('makes a %s Red even with all of its pods', (kind, status) => {
    const live = object(`${kind}/web`, { spec: { selector }, status }, { namespace: 'shop', uid: 'w' });
    const health = healthOf(live, now(21, { pods: [again()] }));
    expect(health).toMatchObject({ health: 'Red', changesAt: AT + 30_000 });
    expect(health.message).toMatch(/^pod p container app: runs again/);
    expectHealth(healthOf(live, now(31, { pods: [again()] })), 'Green');
  });
});

describe('trouble that may be temporary', () => {
  const scheduled = { ...condition('PodScheduled', 'True'), lastTransitionTime: at(0) };
  const unplaced = {
    ...condition('PodScheduled', 'False', 'Unschedulable', '0/3 nodes are available'),
    lastTransitionTime: at(0),
  };
  const mounting = { ...waiting('ContainerCreating', ''), conditions: [scheduled] };
  const mountFails = about({ u: [warning('FailedMount', 'secret "x" not found')] });

  test.each<[string, KubeObject, Partial<HealthContext>, string]>([
    ['a pod that fits nowhere', pod('p', { conditions: [unplaced] }), {}, 'Unschedulable: 0/3 nodes are available'],
    ['a volume that is missing', pod('p', mounting, { uid: 'u' }), { eventsAbout: mountFails }, 'FailedMount: secret'],
    [
      'a container that was ready',
      pod('p', {
        ...running(at(-100), { ready: false }),
        conditions: [{ ...condition('Ready', 'False'), lastTransitionTime: at(0) }],
      }),
      {},
      'container app is not ready',
    ],
  ])('%s is Red after a minute, or after as long as the Release sets', (_name, given, context, words) => {
    const early = healthOf(given, now(59, context));
    expect(early).toMatchObject({ health: 'Yellow', changesAt: AT + 60_000 });
    expect(early.message).toContain(words);
    expectHealth(healthOf(given, now(60, context)), 'Red', words);
    expectHealth(healthOf(given, now(60, { ...context, redAfterMs: 61_000 })), 'Yellow', words);
  });

  test('a pod that is still starting, or whose image is large, may take its time', () => {
    expectHealth(healthOf(pod('p', running(at(0), { ready: false })), now(1_000)), 'Yellow', 'is not ready');
    expectHealth(healthOf(pod('p', mounting), now(1_000)), 'Yellow', 'ContainerCreating');
  });

  test('a workload says when the first of its pods changes colour', () => {
    const live = object(
      'Deployment/web',
      { spec: { selector, replicas: 2 }, status: { replicas: 2, updatedReplicas: 2 } },
      { namespace: 'shop', uid: 'w' },
    );
    const later = { ...unplaced, lastTransitionTime: at(30) };
    const pods = [pod('a', { conditions: [later] }), pod('b', { conditions: [unplaced] })];
    const health = healthOf(live, now(50, { pods }));
    expect(health).toMatchObject({ health: 'Yellow', changesAt: AT + 60_000 });
    expectHealth(healthOf(live, now(60, { pods })), 'Red', 'pod b Unschedulable');
  });
});

describe('the last line of a log', () => {
  const crashed = { terminated: { exitCode: 1, reason: 'Error' } };
  const back = pod('web-0', waiting('CrashLoopBackOff', 'back-off', { restartCount: 4, lastState: crashed }), {
    uid: 'p',
  });
  const run = { pod: 'web-0', uid: 'p', container: 'app', restarts: 4, isPrevious: true };

  test('is added to the back-off, without repeating it', () => {
    const message = 'back-off 10s restarting failed container=app pod=web-0_shop(1-2)';
    const long = pod('web-0', waiting('CrashLoopBackOff', message, { restartCount: 4, lastState: crashed }));
    expect(healthOf(long, now(0, { lastLineOf: () => 'no' })).message).toBe(
      'container app: CrashLoopBackOff: back-off 10s (last: Error, exit code 1); its log ends: no',
    );
  });

  test('is requested for the container that is the cause, and shown once it is known', () => {
    const live = object(
      'Deployment/web',
      { spec: { selector }, status: { replicas: 1, updatedReplicas: 1 } },
      { namespace: 'shop', uid: 'w' },
    );
    expect(healthOf(live, now(0, { pods: [back] }))).toMatchObject({ health: 'Red', run });
    const told = healthOf(live, now(0, { pods: [back], lastLineOf: () => 'no such host' }));
    expect(told.message).toMatch(/\(last: Error, exit code 1\); its log ends: no such host$/);
  });

  test('is that of the run that ended, or of the previous one', () => {
    const failed = pod(
      'web-0',
      { phase: 'Failed', containerStatuses: [{ name: 'app', state: crashed }] },
      { uid: 'p' },
    );
    expect(healthOf(failed, now(0)).run).toEqual({ ...run, restarts: 0, isPrevious: false });
  });

  test('is not requested if nothing has run', () => {
    expect(healthOf(pod('p', waiting('ImagePullBackOff')), now(0))).not.toHaveProperty('run');
    expect(healthOf(pod('p', running(at(0))), now(0))).not.toHaveProperty('run');
  });
});
