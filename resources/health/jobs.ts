import { listAt, numberAt, textAt, valueAt } from '../json/json.ts';
import { podsSelectedBy } from '../pods-of.ts';
import type { KubeObject } from '../types.ts';
import { lastEvent, lastWarning } from './events.ts';
import { worstPodHealth, progressingHealth } from './pods.ts';
import type { HealthContext, Verdict } from './verdict.ts';
import { conditionOf, GREEN, red, reasonAndMessage, runOf, yellow } from './verdict.ts';

/** Job: complete, or suspended on purpose. */
export function jobHealth(job: KubeObject, context: HealthContext): Verdict {
  if (jobEndOf(job) === 'Succeeded') return GREEN;
  const pods = podsSelectedBy(job, context.pods);
  const failed = conditionOf(job, 'Failed');
  if (failed?.status === 'True') {
    const culprit = worstPodHealth(pods, context);
    return { ...red([reasonAndMessage(failed), culprit?.message].filter(Boolean).join('; ')), ...runOf(culprit) };
  }
  return valueAt(job, 'spec', 'suspend') === true ? GREEN : runningHealth(job, pods, context);
}

/** A failed pod is no verdict while the Job may still try another one. */
function runningHealth(job: KubeObject, pods: readonly KubeObject[], context: HealthContext): Verdict {
  const done = `${numberAt(job, 'status', 'succeeded') ?? 0} of ${numberAt(job, 'spec', 'completions') ?? 1} completed`;
  return progressingHealth(done, job, pods, context, pods);
}

/** How long a run may take to get its pod started before that counts as trouble. */
const START_MS = 120_000;

/**
 * CronJob: the pods of its runs start, and no run lasts until the next is due where the two may not run at once. How long a run lasts
 * otherwise, and how it ends, is the Job's health and not the CronJob's.
 */
export function cronJobHealth(cronJob: KubeObject, context: HealthContext): Verdict {
  const pods = podsSelectedBy(cronJob, context.pods);
  const waiting = pods.filter((pod) => (textAt(pod, 'status', 'phase') ?? 'Pending') === 'Pending');
  const culprit = worstPodHealth(
    pods.filter((pod) => jobEndOf(pod) === undefined),
    context,
  );
  if (culprit?.health === 'Red') return culprit;
  const makers = new Set(pods.map(makerOf));
  const jobs = activeJobsOf(cronJob).filter(({ uid }) => !makers.has(uid));
  const since = [...waiting.map(createdAtMs), ...jobs.map(dueAtMs)];
  const lateAt = START_MS + since.reduce((first, each) => Math.min(first, each), Infinity);
  if (lateAt > (context.now ?? 0)) {
    const lasting = lastingHealth(cronJob, context);
    return lateAt === Infinity || lasting.health !== 'Green' ? lasting : { ...lasting, changesAt: lateAt };
  }
  const warning = jobs.map(({ uid }) => lastWarning(uid, context.eventsAbout)).find((words) => words !== undefined);
  return yellow(culprit?.message ?? [`Job ${jobs[0]?.name} has no pod`, warning].filter(Boolean).join('; '));
}

/** Only its controller knows when the next run is due; it says by an Event that it skips one. */
function lastingHealth(cronJob: KubeObject, { eventsAbout }: HealthContext): Verdict {
  const [job] = activeJobsOf(cronJob);
  if (job === undefined || textAt(cronJob, 'spec', 'concurrencyPolicy') !== 'Forbid') return GREEN;
  if (lastEvent(cronJob.metadata.uid, eventsAbout)?.reason !== 'JobAlreadyActive')
    return { ...GREEN, unlessEvents: true };
  return yellow(`Job ${job.name} has not ended, so the run that was due since then was skipped`);
}

interface ActiveJob {
  name: string;
  uid: string | undefined;
}

/** The Jobs of a CronJob that have not ended. */
export function activeJobsOf(cronJob: KubeObject): ActiveJob[] {
  return listAt(cronJob, 'status', 'active').map((job) => ({
    name: textAt(job, 'name') ?? '',
    uid: textAt(job, 'uid'),
  }));
}

function makerOf(pod: KubeObject): string | undefined {
  return pod.metadata.ownerReferences?.find(({ controller }) => controller)?.uid;
}

function createdAtMs(pod: KubeObject): number {
  return Date.parse(pod.metadata.creationTimestamp ?? '') || Infinity;
}

/** The controller ends a Job's name with the minute since the epoch at which it was due. */
function dueAtMs({ name }: ActiveJob): number {
  const minute = /-(\d{8})$/.exec(name)?.[1];
  return minute === undefined ? Infinity : Number(minute) * 60_000;
}

/** How a Job or a Pod ended; undefined while it runs. */
export function jobEndOf(object: KubeObject): 'Succeeded' | 'Failed' | undefined {
  if (object.kind === 'Pod') {
    const phase = textAt(object, 'status', 'phase');
    return phase === 'Succeeded' || phase === 'Failed' ? phase : undefined;
  }
  const ended = listAt(object, 'status', 'conditions').find(
    (condition) =>
      /^(Complete|Failed)$/.test(textAt(condition, 'type') ?? '') && textAt(condition, 'status') === 'True',
  );
  if (ended === undefined) return undefined;
  return textAt(ended, 'type') === 'Complete' ? 'Succeeded' : 'Failed';
}
