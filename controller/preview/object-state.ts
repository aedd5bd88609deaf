import { isDeepStrictEqual } from 'node:util';
import {
  digestOfJson,
  keyOf,
  type ImmutableChange,
  type KubeObject,
  type ObjectRef,
  type PlannedWrite,
} from '../../resources/index.ts';
import { comparable } from './comparable.ts';

/** An object, by the key of its reference, and a digest of what a change of it goes on from. */
export interface ObjectState {
  key: string;
  state: string;
}

/** What a dry run has shown of a write. */
export interface DryRunOutcome {
  before: KubeObject | undefined;
  after: KubeObject | undefined;
  replacement?: ImmutableChange | undefined;
}

/**
 * What a write goes on from: equal as long as the same write, of the same recorded version, would change the same fields from the same
 * values. What the API server or a webhook would fill in need not be the same twice, so it does not count; nor does what others own. Of an
 * object that goes as a whole only its identity counts, and of a Secret, whose values must not be guessed from a digest, its revision.
 */
export function stateOfWrite(write: PlannedWrite, { before, after, replacement }: DryRunOutcome): ObjectState {
  const key = keyOf(write.ref);
  const { uid, resourceVersion } = before?.metadata ?? {};
  const facts = [write.type, write.type === 'delete' ? write.uid : uid];
  if (write.type !== 'update') return { key, state: shortDigest(facts) };
  if (replacement) return { key, state: shortDigest([...facts, replacement.class, replacement.fields]) };
  const isSecret = write.object.apiVersion === 'v1' && write.object.kind === 'Secret';
  const from = isSecret ? resourceVersion : valuesBefore(before && comparable(before), after && comparable(after), '');
  return { key, state: shortDigest([...facts, from]) };
}

/** What an object is in that cannot be tried, or is refused: as long as it is not edited, and the answer is the same. */
export function stateOfUntried({ type, ref }: PlannedWrite, live: KubeObject | undefined, answer: string): ObjectState {
  return { key: keyOf(ref), state: shortDigest([type, revisionOf(live), answer]) };
}

/** An object that will be created once it is gone or its kind is served. */
export function stateOfAwaited(ref: ObjectRef): ObjectState {
  return { key: keyOf(ref), state: shortDigest(['create']) };
}

/** What moves when somebody edits an object and not when its controller reports its status, as far as its kind tells these apart. */
export function revisionOf(live: KubeObject | undefined): unknown[] {
  const { uid, generation, resourceVersion } = (live?.metadata ?? {}) as { generation?: number } & Partial<
    KubeObject['metadata']
  >;
  return [uid, generation ?? resourceVersion];
}

/** The fields that differ, by JSON pointer, with the values that they have before; lists of other lengths differ as a whole. */
function valuesBefore(before: unknown, after: unknown, path: string): [string, unknown][] {
  if (isDeepStrictEqual(before, after)) return [];
  const [old, now] = [entriesOf(before), entriesOf(after)];
  const isList = Array.isArray(before);
  const isAlike = isList === Array.isArray(after) && !(isList && old?.size !== now?.size);
  if (!old || !now || !isAlike) return [[path, before ?? null]];
  return [...new Set([...old.keys(), ...now.keys()])]
    .toSorted()
    .flatMap((name) => valuesBefore(old.get(name), now.get(name), `${path}/${name}`));
}

function entriesOf(value: unknown): Map<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : undefined;
}

const DIGITS = 16;

function shortDigest(facts: unknown): string {
  return digestOfJson(facts).slice('sha256:'.length, 'sha256:'.length + DIGITS);
}
