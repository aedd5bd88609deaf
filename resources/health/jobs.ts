import { listAt, numberAt, textAt, valueAt } from '../json.ts';
import { podsSelectedBy } from '../selector.ts';
import type { Health, KubeObject } from '../types.ts';
import { lastWarning } from './events.ts';
import { culpritOf } from './pods.ts';
import type { Surroundings } from './verdict.ts';
import { conditionOf, GREEN, red, wordsOf, yellow } from './verdict.ts';

/** Job: complete, or suspended on purpose. */
export function jobHealth(job: KubeObject, around: Surroundings): Health {
  if (endOf(job) === 'Succeeded') return GREEN;
  const pods = podsSelectedBy(job, around.pods);
  const failed = conditionOf(job, 'Failed');
  if (failed?.status === 'True') return red([wordsOf(failed), culpritOf(pods)?.message].filter(Boolean).join('; '));
  return valueAt(job, 'spec', 'suspend') === true ? GREEN : runningHealth(job, pods, around);
}

/** A failed pod is no verdict while the Job may still try another one. */
function runningHealth(job: KubeObject, pods: readonly KubeObject[], { events }: Surroundings): Health {
  const stuck = culpritOf(pods.filter((pod) => textAt(pod, 'status', 'phase') !== 'Failed'));
  if (stuck?.health === 'Red') return stuck;
  const done = `${numberAt(job, 'status', 'succeeded') ?? 0} of ${numberAt(job, 'spec', 'completions') ?? 1} completed`;
  const cause = culpritOf(pods)?.message ?? lastWarning(job, events);
  return yellow(cause === undefined ? done : `${done}; ${cause}`);
}

/** CronJob: what it starts are Jobs of their own; it is well as soon as it exists. */
export function cronJobHealth(): Health {
  return GREEN;
}

/** How a Job or a Pod ended; undefined while it runs. */
export function endOf(object: KubeObject): 'Succeeded' | 'Failed' | undefined {
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
