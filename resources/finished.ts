import { jobEndOf } from './health/jobs.ts';
import { listAt, mapAt, textAt } from './json/json.ts';
import type { KubeObject } from './types.ts';

/** How the work that an object stands for ended. */
export type WorkEnd = 'Succeeded' | 'Failed';

/** The outcome of work that an object stands for: the digest of the state applied last, and how it ended, if it did. */
export interface WorkOutcome {
  state: string | undefined;
  end: WorkEnd | undefined;
}

/** Kinds that stand for work that is done once. Those that start such objects again and again do not. */
const WORK = /^(?!Cron|Scheduled|Scaled).*(?:Job|Workflow|Run|Backup|Restore)$/;
/** A field that has the object deleted some time after its end. */
const TIME_TO_LIVE = /^(?:ttl|timeToLive)/i;

/** Whether an object stands for work that is done once, so that it may go when it has ended. */
export function isWork(object: KubeObject): boolean {
  const { kind, apiVersion } = object;
  if (kind === 'Pod' && apiVersion === 'v1')
    return /^(?:Never|OnFailure)$/.test(textAt(object, 'spec', 'restartPolicy') ?? '');
  return WORK.test(kind);
}

/** Whether objects of a kind may stand for work that is done once. */
export function mayBeWork(kind: string): boolean {
  return kind === 'Pod' || WORK.test(kind);
}

/** Whether an object of work asks to be deleted by itself after it has ended. */
export function hasTimeToLive(object: KubeObject): boolean {
  return isWork(object) && Object.keys(mapAt(object, 'spec')).some((field) => TIME_TO_LIVE.test(field));
}

/** How an object of work ended, going by its status; undefined until it has ended. */
export function endOfWork(object: KubeObject): WorkEnd | undefined {
  if (!isWork(object)) return undefined;
  if (object.apiVersion === 'v1' || object.apiVersion.startsWith('batch/')) return jobEndOf(object);
  return endByConditions(object) ?? endByPhase(object);
}

function endByConditions(object: KubeObject): WorkEnd | undefined {
  for (const condition of listAt(object, 'status', 'conditions')) {
    const pair = `${textAt(condition, 'type')}=${textAt(condition, 'status')}`;
    if (/^(?:Succeeded|Completed?|Finished)=True$/.test(pair)) return 'Succeeded';
    if (/^(?:Failed=True|Succeeded=False)$/.test(pair)) return 'Failed';
  }
  return undefined;
}

function endByPhase({ status }: KubeObject): WorkEnd | undefined {
  const phase = textAt(status, 'phase') ?? textAt(status, 'state') ?? textAt(status, 'jobStatus') ?? '';
  if (/^(?:succeeded|completed?|finished)$/i.test(phase)) return 'Succeeded';
  return /^(?:failed|error)$/i.test(phase) ? 'Failed' : undefined;
}
