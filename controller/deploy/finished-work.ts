import type { Observed } from '../pass/observed.ts';
import type { DeployServices } from './services.ts';
import type { Desired } from '../plan/desired.ts';
import { finishedAmong } from '../plan/finished.ts';
import type { Scope } from '../plan/scope.ts';
import type { Progress } from '../status/progress.ts';
import { wasApplied } from './operation.ts';

/** What the work of a version is judged by: its objects, what is live of them, and how far the operation is. */
export interface Work {
  desired: Desired;
  scope: Scope;
  progress: Progress;
}

/** The work that is done for an operation that applies its objects; what went before that began counts for nothing. */
export function finishedWork(
  services: Pick<DeployServices, 'children'>,
  observed: Observed,
  work: Work,
): Progress['finished'] {
  if (work.progress.operation?.phase !== 'Before')
    return finishedSince(services, observed, work, wasApplied(work.progress));
  services.children.endings.forget(observed.key);
  const progress: Progress = { ...work.progress, finished: new Map() };
  return finishedSince(services, observed, { ...work, progress }, false);
}

/** The work that is done for the version that the cluster is held to while another one cannot come. */
export function finishedBefore(
  services: Pick<DeployServices, 'children'>,
  observed: Observed,
  work: Work,
): Progress['finished'] {
  return finishedSince(services, observed, work, true);
}

function finishedSince(
  { children }: Pick<DeployServices, 'children'>,
  { key }: Observed,
  { desired, scope, progress }: Work,
  isApplied: boolean,
): Progress['finished'] {
  return finishedAmong(
    desired.objects.map(({ object }) => object),
    {
      live: scope.live,
      ending: (ref) => children.endings.of(key, ref),
      recorded: progress.finished,
      wasApplied: isApplied,
    },
  );
}
