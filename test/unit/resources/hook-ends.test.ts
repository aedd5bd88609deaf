import { expect, test } from '@jest/globals';
import { hookEndOf, withoutOldLogs, type HookLogs } from '../../../resources/hook-ends.ts';
import { nextHookAction, type EndedRun, type KubeObject } from '../../../resources/index.ts';
import { object, OWNER } from './objects.ts';

const NOW = Date.parse('2026-01-01T00:01:00Z');
const POLICY = 'helm.sh/hook-output-log-policy';

function hookPod(policy?: string): KubeObject {
  const pod = object('Pod/probe');
  return policy === undefined ? pod : { ...pod, metadata: { ...pod.metadata, annotations: { [POLICY]: policy } } };
}

/** The pod as it has ended, so many seconds ago. */
function ended(phase: 'Failed' | 'Succeeded', secondsAgo = 1): KubeObject {
  const finishedAt = new Date(NOW - secondsAgo * 1_000).toISOString();
  const exitCode = phase === 'Failed' ? 3 : 0;
  const terminated = { exitCode, reason: phase === 'Failed' ? 'Error' : 'Completed', finishedAt };
  const containerStatuses = [{ name: 'main', restartCount: 0, state: { terminated } }];
  const pod = object('Pod/probe');
  return { ...pod, metadata: { ...pod.metadata, uid: 'u' }, status: { phase, containerStatuses } };
}

function logs(lines: readonly string[] | undefined, isAwaited = lines === undefined): HookLogs {
  return { lastLineOf: () => lines?.at(-1), linesOf: () => lines, isAwaited: () => isAwaited, now: NOW };
}

const RUN: EndedRun = { pod: 'probe', uid: 'u', container: 'main', restarts: 0, isPrevious: false };

test('a failed hook is reported with the last line of its log, once that is read', () => {
  const tell = (known: HookLogs) => hookEndOf(hookPod(), ended('Failed'), 'Failed', { pods: [], logs: known });
  expect(tell(logs(undefined))).toEqual({ awaited: RUN });
  expect(tell(logs(['one', 'boom']))).toEqual({ message: expect.stringMatching(/exit code 3.*its log ends: boom$/) });
  expect(tell(logs(undefined, false))).toEqual({ message: expect.stringMatching(/exit code 3$/) });
});

test('a log is waited for only so long', () => {
  const tell = (ago: number) =>
    hookEndOf(hookPod(), ended('Failed', ago), 'Failed', { pods: [], logs: logs(undefined) });
  expect(tell(59)).toHaveProperty('awaited');
  expect(tell(60)).toEqual({ message: expect.any(String) });
});

test.each([
  ['hook-succeeded', 'Succeeded', 'one\ntwo'],
  ['hook-failed', 'Failed', 'one\ntwo'],
  [' Hook-Failed , hook-succeeded', 'Succeeded', 'one\ntwo'],
  ['hook-failed', 'Succeeded', undefined],
  ['hook-succeeded', 'Failed', undefined],
  [undefined, 'Succeeded', undefined],
] as const)('with the policy %j a hook that %s has the log %j', (policy, end, log) => {
  const input = { pods: [], logs: logs(['one', 'two']) };
  expect(hookEndOf(hookPod(policy), ended(end), end, input).log).toBe(log);
});

test('a successful hook does not wait for a log that is not requested', () => {
  const tell = (policy?: string) =>
    hookEndOf(hookPod(policy), ended('Succeeded'), 'Succeeded', { pods: [], logs: logs(undefined) });
  expect(tell()).toEqual({});
  expect(tell('hook-succeeded')).toEqual({ awaited: RUN });
});

test('the log of a Job’s pod is reported', () => {
  const job = object('Job/probe');
  const labels = { job: 'probe' };
  const conditions = [{ type: 'Complete', status: 'True', lastTransitionTime: new Date(NOW).toISOString() }];
  const live = {
    ...job,
    metadata: { ...job.metadata, uid: 'j' },
    spec: { selector: { matchLabels: labels } },
    status: { conditions },
  };
  const ownerReferences = [{ apiVersion: 'batch/v1', kind: 'Job', name: 'probe', uid: 'j', controller: true }];
  const done = ended('Succeeded');
  const pod = { ...done, metadata: { ...done.metadata, labels, ownerReferences } } as KubeObject;
  const hook = { ...job, metadata: { ...job.metadata, annotations: { [POLICY]: 'hook-succeeded' } } };
  const tell = (known: HookLogs) => hookEndOf(hook, live, 'Succeeded', { pods: [pod], logs: known });
  expect(tell(logs(undefined))).toEqual({ awaited: RUN });
  expect(tell(logs(['done']))).toEqual({ log: 'done' });
});

test('nothing is recorded, and so nothing deleted, before the log is read', () => {
  const made = hookPod('hook-failed');
  const hooks = [{ object: made, name: 'probe', weight: 0, deletePolicies: ['hook-failed'] }];
  const pod = ended('Failed');
  const annotations = { [OWNER.ownership.hookRunAnnotation]: 'run' };
  const live = { ...pod, metadata: { ...pod.metadata, annotations } };
  const next = (known: HookLogs) =>
    nextHookAction({ hooks, run: 'run', results: [], live: () => live, pods: [], owner: OWNER, logs: known });
  expect(next(logs(undefined))).toMatchObject({ type: 'wait', log: RUN });
  expect(next(logs(['boom']))).toMatchObject({ type: 'record', results: [{ phase: 'Failed', log: 'boom' }] });
});

test('only the last results keep their logs', () => {
  const all = [1, 2, 3, 4, 5, 6].map((number) => ({ number, ...(number !== 2 && { log: 'text' }) }));
  const kept = withoutOldLogs(all);
  expect(kept.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(kept.filter(({ log }) => log !== undefined).map(({ number }) => number)).toEqual([3, 4, 5, 6]);
});
