import { describe, expect, test } from '@jest/globals';
import { healthOf } from '../../../../resources/index.ts';
import type { HealthColour, KubeObject } from '../../../../resources/index.ts';
import { about, condition, expectHealth, pod, selector, waiting, warning } from './health.ts';
import { object } from '../objects.ts';

describe('a quota that forbids pods', () => {
  const warned = about({ w: [warning('FailedCreate', 'exceeded quota')] });

  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['StatefulSet', { replicas: 2 }, { readyReplicas: 1 }],
    ['DaemonSet', {}, { desiredNumberScheduled: 1 }],
    ['Job', {}, {}],
  ])('makes a %s Red, as its controller reports only in Events', (kind, spec, status) => {
    const live = object(`${kind}/web`, { spec: { selector, ...spec }, status }, { namespace: 'shop', uid: 'w' });
    expectHealth(healthOf(live, { pods: [], eventsAbout: warned }), 'Red', 'FailedCreate: exceeded quota');
    const starting = pod('web-0', waiting('ContainerCreating', ''));
    expectHealth(healthOf(live, { pods: [starting], eventsAbout: warned }), 'Yellow', 'pod web-0');
  });
});

test.each([
  ['Error creating: pods "db-x7k2p" is forbidden: exceeded quota: q', 'exceeded quota: q'],
  ['Create Pod db-0 in StatefulSet db failed error: pods "db-0" is forbidden: exceeded quota: q', 'exceeded quota: q'],
  ['create Pod db-0 in StatefulSet db failed error: pods "db-0" is forbidden: exceeded quota: q', 'exceeded quota: q'],
  ['Error creating: Internal error occurred: x', 'Error creating: Internal error occurred: x'],
])('the reason why pods are forbidden is shown without the name generated for each attempt: %s', (message, words) => {
  const live = object('Job/web', { spec: { selector } }, { namespace: 'shop', uid: 'w' });
  const eventsAbout = about({ w: [warning('FailedCreate', message)] });
  expect(healthOf(live, { pods: [], eventsAbout })).toEqual({ health: 'Red', message: `FailedCreate: ${words}` });
});

describe('a CronJob', () => {
  const CREATED = '2026-01-01T00:00:00Z';
  const created = Date.parse(CREATED);
  const cronJob = (status: Record<string, unknown> = {}): KubeObject =>
    object('CronJob/tick', { spec: {}, status }, { namespace: 'shop', uid: 'c' });
  const podOf = (job: string, status: Record<string, unknown>): KubeObject =>
    pod(`${job}-x`, status, {
      uid: 'p',
      creationTimestamp: CREATED,
      labels: { 'batch.kubernetes.io/job-name': job },
      ownerReferences: [{ kind: 'Job', name: job, uid: job, controller: true }],
    });
  const pending = { conditions: [condition('PodScheduled', 'False', 'Unschedulable', '0/3 nodes')] };

  test.each<[string, KubeObject[], HealthColour, string[]]>([
    ['that never ran', [], 'Green', []],
    ['whose run cannot pull its image', [podOf('tick-1', waiting('ImagePullBackOff'))], 'Red', ['pod tick-1-x']],
    ['whose run has just begun', [podOf('tick-1', {})], 'Green', []],
    ['whose run lasts', [podOf('tick-1', { phase: 'Running' })], 'Green', []],
    ['whose last run failed', [podOf('tick-1', { phase: 'Failed' })], 'Green', []],
    ['beside another one that cannot pull', [podOf('tock-1', waiting('ImagePullBackOff'))], 'Green', []],
  ])('%s', (_name, pods, colour, words) => {
    const { changesAt: _, ...health } = healthOf(cronJob(), { pods, now: created + 60_000 });
    expectHealth(health, colour, ...words);
  });

  test('with an unscheduled run is Yellow two minutes later, and says when', () => {
    const pods = [podOf('tick-1', pending)];
    expect(healthOf(cronJob(), { pods, now: created }).changesAt).toBe(created + 120_000);
    const late = healthOf(cronJob(), { pods, now: created + 120_000 });
    expectHealth(late, 'Yellow', 'pod tick-1-x Unschedulable: 0/3 nodes');
  });

  test('whose Job has no pod is Yellow two minutes after it was due, with the reason', () => {
    const minute = created / 60_000;
    const live = cronJob({ active: [{ name: `tick-${minute}`, uid: 'j' }] });
    const eventsAbout = about({ j: [warning('FailedCreate', 'exceeded quota')] });
    expect(healthOf(live, { pods: [], now: created }).changesAt).toBe(created + 120_000);
    const late = healthOf(live, { pods: [], eventsAbout, now: created + 120_000 });
    expectHealth(late, 'Yellow', `Job tick-${minute} has no pod; FailedCreate: exceeded quota`);
    expectHealth(healthOf(live, { pods: [podOf('tick-1', {})], now: created }), 'Green');
  });

  test('that skips a run because one has not ended is Yellow; without an Event that says so it is Green', () => {
    const live = { ...cronJob({ active: [{ name: 'tick-1', uid: 'tick-1' }] }), spec: { concurrencyPolicy: 'Forbid' } };
    const pods = [podOf('tick-1', { phase: 'Running' })];
    const said = (reason: string): ReturnType<typeof about> => about({ c: [{ type: 'Normal', reason, message: '' }] });
    expect(healthOf(live, { pods, now: created })).toEqual({ health: 'Green', unlessEvents: true });
    expectHealth(healthOf(live, { pods, eventsAbout: said('SuccessfulCreate'), now: created }), 'Green');
    const late = healthOf(live, { pods, eventsAbout: said('JobAlreadyActive'), now: created });
    expectHealth(late, 'Yellow', 'Job tick-1 has not ended, so the run that was due since then was skipped');
    const parallel = { ...live, spec: { concurrencyPolicy: 'Allow' } };
    expect(healthOf(parallel, { pods, now: created })).toEqual({ health: 'Green' });
  });
});
