import { API_GROUP, type Dependency, type Release, type ReleaseSpec } from '../../../crds/index.ts';
import { Steps, type Expression } from '../../../golang/cel/index.ts';
import {
  healthOf,
  listAt,
  numberAt,
  textAt,
  titleOf,
  type KubeObject,
  withoutUndefined,
} from '../../../resources/index.ts';
import { evaluated, expressionOf, LastResults, variablesOf } from '../../pass/expression-on-object.ts';
import { readyOf } from '../../status/status-changes.ts';

/** An object in `spec.dependsOn` that is no Release. */
export type ObjectDependency = Dependency & Required<Pick<Dependency, 'apiVersion' | 'kind'>>;

/** The names of the Releases that a spec depends on. */
export function releaseNamesIn({ dependsOn = [] }: Pick<ReleaseSpec, 'dependsOn'>): string[] {
  return dependsOn.filter((dependency) => !isObject(dependency)).map(({ name }) => name);
}

/** The other objects that a spec depends on. */
export function objectsIn({ dependsOn = [] }: Pick<ReleaseSpec, 'dependsOn'>): ObjectDependency[] {
  return dependsOn.filter(isObject);
}

function isObject(dependency: Dependency): dependency is ObjectDependency {
  const { apiVersion, kind, condition, ready } = dependency;
  if (kind === undefined || apiVersion === undefined) return false;
  const isRelease = kind === 'Release' && apiVersion.startsWith(`${API_GROUP}/`);
  return !isRelease || condition !== undefined || ready !== undefined;
}

/** Why a Release is not ready for those that depend on it, as the rest of a sentence; undefined if it is. */
export function whyReleaseIsNot(release: Release | undefined): string | undefined {
  if (release === undefined) return 'does not exist';
  if (release.metadata.deletionTimestamp !== undefined) return 'is being deleted';
  const ready = readyOf(release.status);
  if (ready === undefined || ready.observedGeneration < release.metadata.generation) return 'is not ready yet';
  return ready.status === 'True' ? undefined : `is not ready (${ready.reason})`;
}

/** Steps that an expression may take: some milliseconds. */
const MAX_STEPS = 10_000;

/** Why an object is not ready, as the rest of a sentence, and when that changes by time alone (milliseconds since the epoch). */
export interface Unready {
  why: string;
  changesAt?: number;
}

/** Why objects are not ready by an expression; undefined where they are. */
const CAUSES = new LastResults<string | undefined>();

/**
 * Why an object is not ready: its condition or its expression is not true or, where neither is given, it is not Green. Throws CelSyntaxError.
 */
export function whyObjectIsNot(
  { condition, ready }: Pick<Dependency, 'condition' | 'ready'>,
  object: KubeObject | undefined,
  hasStatus: boolean,
  now = Date.now(),
): Unready | undefined {
  const expression = ready === undefined ? undefined : { written: ready, read: expressionOf(ready) };
  if (object === undefined) return { why: 'does not exist' };
  if (!expression && condition === undefined) return whyNotGreen(object, hasStatus, now);
  const why = expression ? whyNotAsExpressed(object, expression) : whyNotTrue(object, condition ?? '');
  return why === undefined ? undefined : { why };
}

function whyNotGreen(object: KubeObject, hasStatus: boolean, now: number): Unready | undefined {
  const { health, message = '', changesAt } = healthOf(object, { pods: [], hasStatus, now });
  return health === 'Green' ? undefined : withoutUndefined({ why: `is ${health}: ${message}`, changesAt });
}

function whyNotAsExpressed(
  object: KubeObject,
  { written, read }: { written: string; read: Expression },
): string | undefined {
  const known = CAUSES.get(object, written);
  if (known) return known.result;
  const why = whyNotEvaluatedTo(object, read);
  CAUSES.set(object, written, why);
  return why;
}

function whyNotEvaluatedTo(object: KubeObject, expression: Expression): string | undefined {
  if (object.metadata.deletionTimestamp !== undefined) return 'is being deleted';
  const value = evaluated(expression, variablesOf(object), new Steps(MAX_STEPS));
  if (value instanceof Error) return `is not ready: its expression has no value: ${value.message}`;
  return value === true ? undefined : 'is not ready: its expression is not true';
}

function whyNotTrue(object: KubeObject, type: string): string | undefined {
  if (object.metadata.deletionTimestamp !== undefined) return 'is being deleted';
  const found = listAt(object, 'status', 'conditions').find((each) => textAt(each, 'type') === type);
  const observed = numberAt(found, 'observedGeneration') ?? numberAt(object, 'status', 'observedGeneration');
  if (observed !== undefined && observed < (object.metadata.generation ?? 0)) return 'has not seen its latest change';
  const status = textAt(found, 'status');
  return status === 'True' ? undefined : `has no condition ${type} that is True`;
}

/** A dependency as a message names it. */
export function titleOfDependency({ kind = 'Release', name }: Pick<Dependency, 'kind' | 'name'>): string {
  return titleOf({ kind, name });
}
