import type { Observed } from '../pass/observed.ts';
import type { DeployServices } from './services.ts';
import type { Desired } from '../plan/desired.ts';
import { finishedAmong } from '../plan/finished.ts';
import type { Scope } from '../plan/scope.ts';
import type { Progress } from '../status/progress.ts';
import { isNotYetApplying, wasApplied } from './operation.ts';

/** What decides which work of a version is done: its objects, their live state, and how far the operation has come. */
export interface VersionWork {
  desired: Desired;
  scope: Scope;
  progress: Progress;
}

/** The work that is done for an operation that applies its objects. An object that disappeared before that began does not count. */
export function finishedWork(
  services: Pick<DeployServices, 'children'>,
  observed: Observed,
  work: VersionWork,
): Progress['finished'] {
  if (!isNotYetApplying(work.progress)) return finishedSince(services, observed, work, wasApplied(work.progress));
  services.children.workOutcomes.forget(observed.key);
  const progress: Progress = { ...work.progress, finished: new Map() };
  return finishedSince(services, observed, { ...work, progress }, false);
}

/** The work that is done for the version that the cluster is held to while another one cannot be applied. */
export function finishedBefore(
  services: Pick<DeployServices, 'children'>,
  observed: Observed,
  work: VersionWork,
): Progress['finished'] {
  return finishedSince(services, observed, work, true);
}

function finishedSince(
  { children }: Pick<DeployServices, 'children'>,
  { key }: Observed,
  { desired, scope, progress }: VersionWork,
  isApplied: boolean,
): Progress['finished'] {
  return finishedAmong(
    desired.objects.map(({ object }) => object),
    {
      live: scope.live,
      outcomeOf: (ref) => children.workOutcomes.of(key, ref),
      recorded: progress.finished,
      wasApplied: isApplied,
    },
  );
}
