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

/** What came of trying writes; `before` and `after` are the objects that would be written, as far as there is room for them. */
export interface Trial {
  objects: PreviewedObject[];
  /** What each write that changes something, or is refused, goes on from. */
  states: ObjectState[];
  before: KubeObject[];
  after: KubeObject[];
  unchanged: number;
  refusals: PreviewRefusal[];
  warnings: string[];
}

/** What came of trying one write; without a state, it would change nothing. */
interface Tried {
  state?: ObjectState;
  object?: PreviewedObject;
  refusal?: PreviewRefusal;
  warnings?: string[];
  before?: KubeObject | undefined;
  after?: KubeObject | undefined;
}

/** This many refusals end a trial: what is refused for all objects alike, say by a quota, need not be tried thousands of times. */
const MAX_REFUSALS = 100;

const ACTIONS = { create: 'Create', update: 'Update', delete: 'Delete' } as const;

/** How much of the objects is compared field by field: all of them are in memory together. */
export const MAX_KEPT_BYTES = 8 * 1024 * 1024;

/** Tries writes by dry run, each of them whatever became of those before. Throws what calls for another attempt at all of them. */
export async function tryWrites(
  services: Pick<PreviewServices, 'discovery' | 'secrets'>,
  observed: Observed,
  scope: Scope,
  writes: readonly PlannedWrite[],
): Promise<Trial> {
  const all: Omit<Tried, 'before' | 'after'>[] = [];
  const compared = new Compared();
  const ended: string[] = [];
  let refused = 0;
  for (const write of writes) {
    if (refused === MAX_REFUSALS) {
      ended.push(`after ${MAX_REFUSALS} refusals nothing else was tried`);
      break;
    }
    const tried = await tryWrite(services, observed, scope, write);
    if (tried) {
      const { before, after, ...rest } = tried;
      compared.add(before, after);
      all.push(rest);
      if (rest.refusal) refused += 1;
    }
    await othersHaveRun();
  }
  return {
    objects: all.flatMap(({ object = [] }) => object),
    states: all.flatMap(({ state = [] }) => state),
    before: compared.before,
    after: compared.after,
    unchanged: all.filter(({ state }) => state === undefined).length,
    refusals: all.flatMap(({ refusal = [] }) => refusal),
    warnings: [...all.flatMap(({ warnings = [] }) => warnings), ...ended, ...compared.warnings()],
  };
}

/** The objects that are compared field by field, packed, as far as there is room for them. */
class Compared {
  readonly before: KubeObject[] = [];
  readonly after: KubeObject[] = [];
  #bytes = 0;
  #leftOut = 0;

  add(before: KubeObject | undefined, after: KubeObject | undefined): void {
    const [old, now] = [before, after].map((object) => object && pack(object));
    const bytes = (old?.bytes ?? 0) + (now?.bytes ?? 0);
    if (this.#bytes + bytes > MAX_KEPT_BYTES) {
      this.#leftOut += 1;
      return;
    }
    this.#bytes += bytes;
    if (old) this.before.push(old.value);
    if (now) this.after.push(now.value);
  }

  warnings(): string[] {
    if (this.#leftOut === 0) return [];
    return [`the fields of ${this.#leftOut} objects are not compared, as all of them together are too large`];
  }
}

/** Undefined for an object of a kind that is not served. */
async function tryWrite(
  services: Pick<PreviewServices, 'discovery' | 'secrets'>,
  observed: Observed,
  scope: Scope,
  write: PlannedWrite,
): Promise<Tried | undefined> {
  const resource = scope.resources.get(keyOf(write.ref));
  if (!resource) return undefined;
  try {
    const outcome = await withServedKinds(services, [resource], () => outcomeOf(observed, resource, write));
    for (const object of [outcome.before, outcome.after]) {
      if (object?.kind === 'Secret') services.secrets.learnObject(observed.key, object);
    }
    const before = write.type === 'delete' ? scope.live(write.ref) : outcome.before;
    return passed(write, { ...outcome, before });
  } catch (cause) {
    const failure = finalFailure(cause);
    return { state: stateOfUntried(write, scope.live(write.ref), failure.reason), ...failed(write, failure) };
  }
}

/** The failure of one write; throws what calls for another attempt. */
function finalFailure(cause: unknown): Failure {
  const failure = failureOf(cause);
  if (isStaleRead(cause) || failure.retry === 'soon') throw cause;
  return failure;
}

function passed(write: PlannedWrite, outcome: Outcome): Tried {
  const { type, ref } = write;
  const { replacement } = outcome;
  const [before, after] = [outcome.before, outcome.after].map((object) => object && comparable(object));
  if (type === 'update' && isDeepStrictEqual(before, after)) return {};
  const growth = replacement?.growth ?? [];
  return {
    state: stateOfWrite(write, outcome),
    object: { action: ACTIONS[type], ...ref, ...(replacement && recreatedBy(replacement)) },
    warnings: growth.map(
      ({ template, storage }) =>
        `the claims of ${template} of ${titleOf(ref)} would grow to ${storage}, which was not tried`,
    ),
    before,
    after,
  };
}

function recreatedBy({ class: kind, fields }: ImmutableChange): Pick<PreviewedObject, 'action' | 'class' | 'fields'> {
  // What is impossible is refused.
  return { action: 'Recreate', class: kind === 'Recreate' ? kind : 'LosesData', fields: [...fields] };
}

/** A webhook that cannot be tried says nothing about the write itself. */
const UNTRIABLE = /does not support dry run/;

function failed({ type, ref }: PlannedWrite, { reason, message }: Failure): Tried {
  const object = titleOf(ref);
  if (!UNTRIABLE.test(message)) return { refusal: { object, reason, message } };
  return {
    object: { action: ACTIONS[type], ...ref },
    warnings: [`what would happen to ${object} is not known: ${message}`],
  };
}
