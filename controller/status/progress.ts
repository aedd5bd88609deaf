import { isDeepStrictEqual } from 'node:util';
import { isSameRef, keyOf, type EventSubject, type Health } from '../../resources/index.ts';
import type { Finished, HookResult, InventoryEntry, ReleaseStatus, ResourceStatus, TestRun } from '../../crds/index.ts';

/** What an operation waits for, and the health of that. */
export interface Waiting extends Health {
  /** Objects whose Events may say why it does not go on. */
  eventSubjects?: readonly EventSubject[];
}

/** How far a Release has come: the part of its status that the controller itself goes on from after a restart. */
export interface Progress {
  version: number | undefined;
  chart: ReleaseStatus['chart'];
  inputs: string | undefined;
  followed: ReleaseStatus['followed'];
  cluster: ReleaseStatus['cluster'];
  leftContent: ReleaseStatus['leftContent'];
  rolledBack: ReleaseStatus['rolledBack'];
  operation: NonNullable<ReleaseStatus['operation']> | undefined;
  hooks: HookResult[];
  tests: TestRun | undefined;
  inventory: InventoryEntry[];
  /** By key, the work that is done. */
  finished: ReadonlyMap<string, Finished>;
  /** The keys of what is kept of the colour that was left at the cut. */
  standby: readonly string[];
}

/** The progress that is in a status. A pass asks for it several times, and there can be thousands of objects in it. */
export function progressOf(status: ReleaseStatus = {}): Progress {
  const known = read.get(status) ?? progressIn(status);
  read.set(status, known);
  return known;
}

const read = new WeakMap<ReleaseStatus, Progress>();

function progressIn(status: ReleaseStatus): Progress {
  const { version, chart, inputs, followed, cluster, leftContent } = status;
  const { rolledBack, operation, hooks = [], tests, resources = [] } = status;
  return {
    version,
    chart,
    inputs,
    followed,
    cluster,
    leftContent,
    rolledBack,
    operation,
    hooks,
    tests,
    inventory: resources.map(entryOf),
    finished: new Map(resources.flatMap((row) => (row.finished ? [[keyOf(row), row.finished]] : []))),
    standby: resources.filter((row) => row.standby).map(keyOf),
  };
}

function entryOf({ group, version, kind, namespace, name }: ResourceStatus): InventoryEntry {
  return { group, version, kind, ...(namespace === undefined ? {} : { namespace }), name };
}

/** The inventory but for what is kept of the colour that was left at the cut. */
export function inventoryInForce({ inventory, standby }: Pick<Progress, 'inventory' | 'standby'>): InventoryEntry[] {
  if (standby.length === 0) return inventory;
  const left = new Set(standby);
  return inventory.filter((entry) => !left.has(keyOf(entry)));
}

/** Whether two progresses are equal. Inventories, which can be long, are compared entry by entry. */
export function isSameProgress({ inventory: ours, ...a }: Progress, { inventory: theirs, ...b }: Progress): boolean {
  return ours.length === theirs.length && startsWith(ours, theirs) && isDeepStrictEqual(a, b);
}

/** The entries of both lists, each object once: what may exist while a change is under way. */
export function unionOf(before: InventoryEntry[], after: InventoryEntry[]): InventoryEntry[] {
  // In most passes both are the same.
  if (startsWith(before, after)) return before;
  return [...new Map([...before, ...after].map((entry) => [keyOf(entry), entry])).values()];
}

function startsWith(inventory: readonly InventoryEntry[], start: readonly InventoryEntry[]): boolean {
  return start.every((entry, index) => {
    const other = inventory[index];
    return other !== undefined && isSameRef(entry, other);
  });
}

/** The run of the tests or checks that the operation waits for, in its present attempt; undefined where they have not begun. */
export function awaitedTests({ operation, tests }: Pick<Progress, 'operation' | 'tests'>): TestRun | undefined {
  if (operation === undefined || tests?.version !== operation.version) return undefined;
  const { checks } = tests;
  const isAwaited = checks === undefined ? operation.phase === 'Testing' : operation.phase === 'Beside';
  if (!isAwaited) return undefined;
  return Date.parse(tests.startedAt) >= Date.parse(operation.startedAt) ? tests : undefined;
}

/** The version that a Release is at or on its way to; undefined where none was begun. */
export function targetVersionOf(status: ReleaseStatus | undefined): number | undefined {
  return status?.operation?.version ?? status?.version;
}

/** The version whose objects the cluster is held to, in whole or as far as they are applied; undefined where none was. */
export function heldVersionOf(status: ReleaseStatus | undefined): number | undefined {
  const { operation, version } = status ?? {};
  if (operation === undefined) return version;
  if (operation.phase === 'Beside') return version;
  return operation.phase === 'Before' ? operation.from : operation.version;
}
