import { expect, test } from '@jest/globals';
import { finishedAmong } from '../../../../controller/plan/finished.ts';
import type { Finished } from '../../../../crds/index.ts';
import { keyOfObject, type KubeObject } from '../../../../resources/index.ts';

const complete = { conditions: [{ type: 'Complete', status: 'True' }] };
const failed = { conditions: [{ type: 'Failed', status: 'True' }] };

function work(kind: string, fields: Record<string, unknown> = {}, state = 'now'): KubeObject {
  const apiVersions: Record<string, string> = { Job: 'batch/v1', CronJob: 'batch/v1', Pod: 'v1', ConfigMap: 'v1' };
  const metadata = { name: 'a', namespace: 'shop', annotations: { 'coxswain.dev/applied': state } };
  return { apiVersion: apiVersions[kind] ?? 'example.dev/v1', kind, metadata, ...fields };
}

interface FinishedCase {
  live?: KubeObject;
  went?: { state: string; end: 'Succeeded' | 'Failed' | undefined };
  recorded?: Finished;
  wasApplied?: boolean;
}

function finished(object: KubeObject, { live, went, recorded, wasApplied = true }: FinishedCase): Finished | undefined {
  const key = keyOfObject(object);
  const known = new Map(recorded === undefined ? [] : [[key, recorded]]);
  return finishedAmong([object], { live: () => live, outcomeOf: () => went, recorded: known, wasApplied }).get(key);
}

const ttl = { spec: { ttlSecondsAfterFinished: 0 } };

test.each<[string, KubeObject, FinishedCase, Finished | undefined]>([
  ['a Job that runs', work('Job'), { live: work('Job') }, undefined],
  [
    'a Pod that runs until it succeeds',
    work('Pod', { spec: { restartPolicy: 'OnFailure' } }),
    { live: work('Pod', { spec: { restartPolicy: 'OnFailure' }, status: { phase: 'Succeeded' } }) },
    'Succeeded',
  ],
  [
    'a Pod that runs for ever',
    work('Pod', { spec: {} }),
    { live: work('Pod', { status: { phase: 'Failed' } }) },
    undefined,
  ],
  ['a Job that completed', work('Job'), { live: work('Job', { status: complete }) }, 'Succeeded'],
  ['a Job that failed', work('Job'), { live: work('Job', { status: failed }) }, 'Failed'],
  ['a Job of an earlier state', work('Job'), { live: work('Job', { status: complete }, 'before') }, undefined],
  ['a Job that was recorded and is gone', work('Job'), { recorded: 'Failed' }, 'Failed'],
  ['a Job that disappeared after completing', work('Job'), { went: { state: 'now', end: 'Succeeded' } }, 'Succeeded'],
  [
    'a Job of an earlier state that disappeared',
    work('Job'),
    { went: { state: 'before', end: 'Succeeded' } },
    undefined,
  ],
  [
    'a Job that somebody deleted before it ended',
    work('Job', ttl),
    { went: { state: 'now', end: undefined } },
    undefined,
  ],
  ['a Job with a time to live that disappeared unseen', work('Job', ttl), {}, 'Unknown'],
  ['one that was not made yet', work('Job', ttl), { wasApplied: false }, undefined],
  ['a Job without a time to live that disappeared unseen', work('Job', { spec: {} }), {}, undefined],
  ['a CronJob', work('CronJob'), { live: work('CronJob', { status: complete }) }, undefined],
  [
    'a Pod that runs once',
    work('Pod', { spec: { restartPolicy: 'Never' } }),
    { live: work('Pod', { spec: { restartPolicy: 'Never' }, status: { phase: 'Succeeded' } }) },
    'Succeeded',
  ],
  ['a Workflow', work('Workflow'), { live: work('Workflow', { status: { phase: 'Succeeded' } }) }, 'Succeeded'],
  [
    'a PipelineRun that failed',
    work('PipelineRun'),
    { live: work('PipelineRun', { status: { conditions: [{ type: 'Succeeded', status: 'False' }] } }) },
    'Failed',
  ],
  ['a Backup', work('Backup'), { live: work('Backup', { status: { phase: 'Completed' } }) }, 'Succeeded'],
  [
    'an operator whose install succeeded',
    work('ClusterServiceVersion'),
    { live: work('ClusterServiceVersion', { status: { phase: 'Succeeded' } }) },
    undefined,
  ],
  [
    'a schedule of backups',
    work('ScheduledBackup'),
    { live: work('ScheduledBackup', { status: { phase: 'Completed' } }) },
    undefined,
  ],
])('%s', (_what, object, seen, end) => {
  expect(finished(object, seen)).toBe(end);
});
