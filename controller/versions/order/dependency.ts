import { API_GROUP, type Dependency, type Release, type ReleaseSpec } from '../../../crds/index.ts';
import { Steps, type Expression } from '../../../golang/cel/index.ts';
import { healthOf, listAt, numberAt, textAt, titleOf, type KubeObject } from '../../../resources/index.ts';
import { attempted, expressionOf, variablesOf } from '../../pass/expression-on-object.ts';
import { readyOf } from '../../status/news.ts';

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

/**
 * Why an object is not ready: its condition or its expression is not true or, where neither is given, it is not Green. Throws CelSyntaxError.
 */
export function whyObjectIsNot(
  { condition, ready }: Pick<Dependency, 'condition' | 'ready'>,
  object: KubeObject | undefined,
  hasStatus: boolean,
): string | undefined {
  const expression = ready === undefined ? undefined : expressionOf(ready);
  if (object === undefined) return 'does not exist';
  if (expression) return whyNotAsExpressed(object, expression);
  return condition === undefined ? whyNotGreen(object, hasStatus) : whyNotTrue(object, condition);
}

function whyNotGreen(object: KubeObject, hasStatus: boolean): string | undefined {
  const { health, message = '' } = healthOf(object, { pods: [], hasStatus, now: Date.now() });
  return health === 'Green' ? undefined : `is ${health}: ${message}`;
}

function whyNotAsExpressed(object: KubeObject, expression: Expression): string | undefined {
  if (object.metadata.deletionTimestamp !== undefined) return 'is being deleted';
  const value = attempted(expression, variablesOf(object), new Steps(MAX_STEPS));
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
