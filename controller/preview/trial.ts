import { isDeepStrictEqual } from 'node:util';
import type { PreviewedObject, PreviewRefusal } from '../../crds/index.ts';
import {
  keyOf,
  pack,
  titleOf,
  type ImmutableChange,
  type KubeObject,
  type PlannedWrite,
} from '../../resources/index.ts';
import { othersHaveRun } from '../../turns/index.ts';
import { failureOf, isStaleRead, type Failure } from '../pass/failures/failures.ts';
import type { Observed } from '../pass/observed.ts';
import { withServedKinds, type Scope } from '../plan/scope.ts';
import { comparable } from './comparable.ts';
import { outcomeOf, type Outcome } from './dry-run.ts';
import { stateOfUntried, stateOfWrite, type ObjectState } from './object-state.ts';
import type { PreviewServices } from './services.ts';

/** What came of trying writes; `before` and `after` are the objects that would be written. */
export interface Trial {
  objects: PreviewedObject[];
  /** What each write that changes something, or is refused, goes on from. */
  states: ObjectState[];
  before: KubeObject[];
  after: KubeObject[];
  /** About how many bytes `before` and `after` take, and how many objects had no room in them. */
  keptBytes: number;
  uncompared: number;
  unchanged: number;
  refusals: PreviewRefusal[];
  warnings: string[];
}

/** This many refusals end a trial: what is refused for all objects alike, say by a quota, need not be tried thousands of times. */
const MAX_REFUSALS = 100;

const ACTIONS = { create: 'Create', update: 'Update', delete: 'Delete' } as const;

/** Tries writes by dry run, each of them whatever became of those before. Throws what calls for another attempt at all of them. */
export async function tryWrites(
  services: Pick<PreviewServices, 'discovery' | 'secrets'>,
  observed: Observed,
  scope: Scope,
  writes: readonly PlannedWrite[],
): Promise<Trial> {
  const trial: Trial = {
    objects: [],
    states: [],
    before: [],
    after: [],
    keptBytes: 0,
    uncompared: 0,
    unchanged: 0,
    refusals: [],
    warnings: [],
  };
  for (const write of writes) {
    if (trial.refusals.length >= MAX_REFUSALS) {
      trial.warnings.push(`after ${MAX_REFUSALS} refusals nothing else was tried`);
      break;
    }
    await tryWrite(services, observed, scope, write, trial);
    await othersHaveRun();
  }
  if (trial.uncompared > 0)
    trial.warnings.push(
      `the fields of ${trial.uncompared} objects are not compared, as all of them together are too large`,
    );
  return trial;
}

async function tryWrite(
  services: Pick<PreviewServices, 'discovery' | 'secrets'>,
  observed: Observed,
  scope: Scope,
  write: PlannedWrite,
  trial: Trial,
): Promise<void> {
  const resource = scope.resources.get(keyOf(write.ref));
  if (!resource) return;
  try {
    const outcome = await withServedKinds(services, [resource], () => outcomeOf(observed, resource, write));
    for (const object of [outcome.before, outcome.after]) {
      if (object?.kind === 'Secret') services.secrets.learnObject(observed.key, object);
    }
    const before = write.type === 'delete' ? scope.live(write.ref) : outcome.before;
    take(trial, write, { ...outcome, before });
  } catch (cause) {
    const failure = finalFailure(cause);
    trial.states.push(stateOfUntried(write, scope.live(write.ref), failure.reason));
    takeFailure(trial, write, failure);
  }
}

/** The failure of one write; throws what calls for another attempt. */
function finalFailure(cause: unknown): Failure {
  const failure = failureOf(cause);
  if (isStaleRead(cause) || failure.retry === 'soon') throw cause;
  return failure;
}

function take(trial: Trial, write: PlannedWrite, outcome: Outcome): void {
  const { type, ref } = write;
  const { before, after, replacement } = outcome;
  const [old, now] = [before, after].map((object) => object && comparable(object));
  if (type === 'update' && isDeepStrictEqual(old, now)) {
    trial.unchanged += 1;
    return;
  }
  trial.states.push(stateOfWrite(write, outcome));
  const recreated = replacement && recreatedBy(replacement);
  for (const { template, storage } of replacement?.growth ?? [])
    trial.warnings.push(`the claims of ${template} of ${titleOf(ref)} would grow to ${storage}, which was not tried`);
  trial.objects.push({ action: ACTIONS[type], ...ref, ...recreated });
  keep(trial, old, now);
}

/** So much of the objects is compared field by field: all of them are in memory together. */
export const MAX_KEPT_BYTES = 8 * 1024 * 1024;

function keep(trial: Trial, before: KubeObject | undefined, after: KubeObject | undefined): void {
  const [old, now] = [before, after].map((object) => object && pack(object));
  const bytes = (old?.bytes ?? 0) + (now?.bytes ?? 0);
  if (trial.keptBytes + bytes > MAX_KEPT_BYTES) {
    trial.uncompared += 1;
    return;
  }
  trial.keptBytes += bytes;
  if (old) trial.before.push(old.value);
  if (now) trial.after.push(now.value);
}

function recreatedBy({ class: kind, fields }: ImmutableChange): Pick<PreviewedObject, 'action' | 'class' | 'fields'> {
  // What is impossible is refused.
  return { action: 'Recreate', class: kind === 'Recreate' ? kind : 'LosesData', fields: [...fields] };
}

/** A webhook that cannot be tried says nothing about the write itself. */
const UNTRIABLE = /does not support dry run/;

function takeFailure(trial: Trial, { type, ref }: PlannedWrite, { reason, message }: Failure): void {
  const object = titleOf(ref);
  if (!UNTRIABLE.test(message)) {
    trial.refusals.push({ object, reason, message });
    return;
  }
  trial.objects.push({ action: ACTIONS[type], ...ref });
  trial.warnings.push(`what would happen to ${object} is not known: ${message}`);
}
