import type { FieldChange, ReleaseHistory } from '../../crds/index.ts';
import { ClientError } from '../messages/index.ts';

/** The field changes that lead from one version to another; `unrecorded` counts those that a record left out for its size. */
export interface VersionChanges {
  readonly changes: FieldChange[];
  readonly unrecorded: number;
}

interface Transition {
  readonly history: ReleaseHistory;
  readonly direction: 'forth' | 'back';
}

/**
 * The changes from version `from` to version `to`, put together from what each version in between recorded when it was made.
 * `from` undefined means the version that `to` was compared with. Throws ClientError NotFound where a record is missing.
 */
export function changesFrom(
  histories: readonly ReleaseHistory[],
  from: number | undefined,
  to: number,
): VersionChanges {
  const steps =
    from === undefined
      ? [{ history: recordOf(histories, to), direction: 'forth' as const }]
      : route(histories, from, to);
  const recorded = steps.map(({ history: { spec }, direction }) => {
    const changes = spec.changes.flatMap(oneByOne);
    return { changes: direction === 'forth' ? changes : changes.toReversed().map(reversed), total: spec.changesTotal };
  });
  const unrecorded = recorded.reduce((sum, { changes, total }) => sum + total - changes.length, 0);
  return { changes: combined(recorded.flatMap(({ changes }) => changes)), unrecorded };
}

/** A change that several objects share, as one of each. */
function oneByOne({ alsoIn = [], ...change }: FieldChange): FieldChange[] {
  return [change, ...alsoIn.map((object) => ({ ...change, object }))];
}

/** Versions form a tree, as each names the one it was compared with: back to the nearest common one, then forward. */
function route(histories: readonly ReleaseHistory[], from: number, to: number): Transition[] {
  const back = lineage(histories, from);
  const forth = lineage(histories, to);
  const common = back.find((version) => forth.includes(version));
  if (common === undefined) {
    throw new ClientError('NotFound', `the records that lead from version ${from} to version ${to} are no longer kept`);
  }
  const until = (versions: number[], direction: Transition['direction']): Transition[] =>
    versions
      .slice(0, versions.indexOf(common))
      .map((version) => ({ history: recordOf(histories, version), direction }));
  return [...until(back, 'back'), ...until(forth, 'forth').toReversed()];
}

/** The version and those it goes back to, as far as they are recorded; the last may be a version that is not. */
function lineage(histories: readonly ReleaseHistory[], version: number): number[] {
  const line = [recordOf(histories, version).spec.version];
  for (;;) {
    const last = histories.find(({ spec }) => spec.version === line.at(-1));
    // An earlier version cannot have been compared with a later one; following that would never end.
    if (last?.spec.comparedWith === undefined || last.spec.comparedWith >= last.spec.version) return line;
    line.push(last.spec.comparedWith);
  }
}

/** The history of a version; throws ClientError NotFound, naming those that exist, if it is not recorded. */
export function recordOf(histories: readonly ReleaseHistory[], version: number): ReleaseHistory {
  const found = histories.find(({ spec }) => spec.version === version);
  if (found !== undefined) return found;
  const known = histories.map(({ spec }) => spec.version).join(', ');
  throw new ClientError(
    'NotFound',
    `version ${version} is not recorded; the recorded versions are: ${known || 'none'}`,
  );
}

interface Side {
  readonly exists: boolean;
  readonly value: string | undefined;
}

function sidesOf({ change, from, to }: FieldChange): { before: Side; after: Side } {
  return { before: { exists: change !== 'Added', value: from }, after: { exists: change !== 'Removed', value: to } };
}

function changeBetween({ object, path }: FieldChange, before: Side, after: Side): FieldChange {
  const change = before.exists ? (after.exists ? 'Changed' : 'Removed') : 'Added';
  const from = before.value === undefined ? {} : { from: before.value };
  const to = after.value === undefined ? {} : { to: after.value };
  return { object, path, change, ...from, ...to };
}

function reversed(change: FieldChange): FieldChange {
  const { before, after } = sidesOf(change);
  return changeBetween(change, after, before);
}

/** One change for each field: what it was before the first, what it is after the last; a field that is as it was is left out. */
function combined(changes: readonly FieldChange[]): FieldChange[] {
  const byField = new Map<string, { first: FieldChange; last: FieldChange }>();
  for (const change of changes) {
    const key = JSON.stringify([change.object, change.path]);
    byField.set(key, { first: byField.get(key)?.first ?? change, last: change });
  }
  const joined = [...byField.values()].flatMap(({ first, last }) => {
    const { before } = sidesOf(first);
    const { after } = sidesOf(last);
    return first !== last && isSame(before, after) ? [] : [changeBetween(last, before, after)];
  });
  const wholes = new Set(
    joined.filter(({ path, change }) => path === '' && change !== 'Changed').map((each) => each.object),
  );
  return joined.filter(({ object, path }) => path === '' || !wholes.has(object));
}

/** A masked or shortened value, or one that was not recorded, does not say whether two are equal. */
function isSame(before: Side, after: Side): boolean {
  if (!before.exists && !after.exists) return true;
  if (before.value === undefined || before.value === '***' || before.value.endsWith('…')) return false;
  return before.exists && after.exists && before.value === after.value;
}
