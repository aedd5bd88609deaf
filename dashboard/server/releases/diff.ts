import { changesFrom, readHistories, readRelease, type Cluster } from '../../../client/releases/index.ts';
import { maskOf, readHistory, readRecorded, withoutSecrets } from '../../../client/recorded/index.ts';
import { ClientError } from '../../../client/messages/index.ts';
import { writeReadableYaml } from '../../../golang/yaml/index.ts';
import { isKubeError } from '../../../kube/index.ts';
import type { VersionRecord } from '../../../records/index.ts';
import { inTurns } from '../../../turns/index.ts';
import { objectDiffs, type DiffView, type ObjectDiff } from '../../api/index.ts';

/** How many objects are shown whole; changed fields are shown of all. */
const MAX_WHOLE = 100;

/** What differs between two recorded versions, or what one has changed. Throws ClientError NotFound, KubeError. */
export async function recordedDiff(
  cluster: Cluster,
  name: string,
  from: number | undefined,
  to: number,
): Promise<DiffView> {
  await readRelease(cluster, name);
  const histories = await readHistories(cluster, name);
  const { changes, unrecorded } = changesFrom(histories, from, to);
  const before = from ?? histories.find(({ spec }) => spec.version === to)?.spec.comparedWith;
  const objects = objectDiffs(changes);
  const notes: string[] = [];
  const whole = await Promise.all([objectsOf(cluster, name, before), objectsOf(cluster, name, to)]).catch(
    (error: unknown) => {
      // Who may see that something changed need not be allowed to read what is kept in Secrets.
      if (!(error instanceof ClientError) && !isKubeError(error)) throw error;
      notes.push(error.message);
      return undefined;
    },
  );
  const shown = whole === undefined ? objects : objects.map((each, index) => withYaml(each, index, whole));
  return { ...(before !== undefined && { from: before }), to, objects: shown, more: unrecorded, notes };
}

type Whole = ReadonlyMap<string, object>;

function withYaml(diff: ObjectDiff, index: number, [before, after]: readonly [Whole, Whole]): ObjectDiff {
  if (index >= MAX_WHOLE) return diff;
  const textOf = (objects: Whole): string => {
    const object = objects.get(diff.object);
    return object === undefined ? '' : writeReadableYaml(object);
  };
  return { ...diff, yaml: { before: textOf(before), after: textOf(after) } };
}

/** The objects of a version by `Kind/name`, without secrets. */
async function objectsOf(cluster: Cluster, name: string, version: number | undefined): Promise<Whole> {
  if (version === undefined) return new Map();
  const recorded = await readRecorded(cluster, await readHistory(cluster, name, version));
  return inTurns(shownObjects(recorded));
}

function* shownObjects(recorded: VersionRecord): Generator<undefined, Whole> {
  const mask = yield* maskOf(recorded);
  const shown = yield* withoutSecrets([...recorded.objects, ...recorded.hooks], mask);
  return new Map(shown.map(({ object }) => [`${object.kind}/${object.metadata.name}`, object]));
}
