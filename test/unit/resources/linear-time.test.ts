import { expect, test } from '@jest/globals';
import {
  desiredOf,
  healthOf,
  managedAsApplied,
  mergePatchFor,
  nextHookAction,
  planFor,
  refOf,
} from '../../../resources/index.ts';
import type { FieldSet, KubeObject, ManagedFieldsEntry } from '../../../resources/index.ts';
import { compared } from '../../support/compared.ts';
import { countedReads } from '../../support/counted-reads.ts';
import { runThrough } from '../../support/run-through.ts';
import { OWNERSHIP, object, OWNER } from './objects.ts';

const ITEMS = 500;

/** An object with `count` parts of some kind, all in sync unless the case says otherwise. */
type Grown = (count: number) => { desired: KubeObject; live: KubeObject };

const GROWN: [string, Grown][] = [
  [
    'variables by name',
    (count) =>
      listed(
        count,
        (i) => ({ name: `a${i}`, value: 'v' }),
        (i) => `k:{"name":"a${i}"}`,
      ),
  ],
  [
    'ports that leave a key to its default',
    (count) =>
      listed(
        count,
        (i) => ({ port: i }),
        (i) => `k:{"port":${i},"protocol":"TCP"}`,
      ),
  ],
  [
    'items of a set',
    (count) =>
      listed(
        count,
        (i) => `item-${i}`,
        (i) => `v:"item-${i}"`,
      ),
  ],
  [
    'items by their place',
    (count) =>
      listed(
        count,
        (i) => ({ value: i }),
        (i) => `i:${i}`,
      ),
  ],
  [
    'items that leave out every key',
    (count) =>
      listed(
        count,
        () => ({}),
        (i) => `k:{"name":"a${i}"}`,
      ),
  ],
  [
    'items of which the cluster has none',
    (count) =>
      listed(
        count,
        (i) => ({ name: `b${i}` }),
        (i) => `k:{"name":"a${i}"}`,
      ),
  ],
  ['keys of a map, each owned by a manager of its own', mapOfManyManagers],
];

test.each(GROWN)('twice as many %s take twice as many steps', (_what, grown) => {
  const [once, twice] = [stepsFor(grown(ITEMS)), stepsFor(grown(2 * ITEMS))];
  expect(twice / once).toBeLessThan(2.2);
});

test.each(GROWN)('twice as many %s take twice as many steps to patch beside an apply', (_what, grown) => {
  const steps = (count: number): number => {
    const { desired, live } = grown(count);
    const counted = countedReads({ desired, live });
    mergePatchFor(counted.value.desired, counted.value.live, OWNERSHIP.fieldManager);
    managedAsApplied(counted.value.live, counted.value.desired, OWNERSHIP.fieldManager);
    return counted.reads();
  };
  expect(steps(2 * ITEMS) / steps(ITEMS)).toBeLessThan(2.2);
});

function stepsFor({ desired, live }: ReturnType<Grown>): number {
  const counted = countedReads({ desired, live });
  compared(counted.value.desired, counted.value.live, OWNERSHIP);
  return counted.reads();
}

function listed(
  count: number,
  item: (index: number) => unknown,
  element: (index: number) => string,
): ReturnType<Grown> {
  const places = Array.from({ length: count }, (_, index) => index);
  const desired = object('Gadget/g', { spec: { items: places.map(item) } });
  const owned = places.map((index): [string, FieldSet] => [
    element(index),
    { '.': {}, 'f:name': {}, 'f:value': {}, 'f:port': {} },
  ]);
  return { desired, live: heldBy(desired, ours({ 'f:spec': { 'f:items': Object.fromEntries(owned) } })) };
}

function mapOfManyManagers(count: number): ReturnType<Grown> {
  const places = Array.from({ length: count }, (_, index) => index);
  const desired = object('ConfigMap/c', { data: Object.fromEntries(places.map((index) => [`a${index}`, 'v'])) });
  const all = Object.fromEntries(places.map((index): [string, FieldSet] => [`f:a${index}`, {}]));
  const others = places.map((index) => ({
    manager: `manager-${index}`,
    operation: 'Apply',
    fieldsV1: { 'f:data': { [`f:a${index}`]: {} } },
  }));
  return { desired, live: heldBy(desired, ours({ 'f:data': all }), ...others) };
}

function ours(fieldsV1: FieldSet): ManagedFieldsEntry {
  return { manager: OWNERSHIP.fieldManager, operation: 'Apply', fieldsV1 };
}

function heldBy(desired: KubeObject, ...managedFields: ManagedFieldsEntry[]): KubeObject {
  return { ...desired, metadata: { ...desired.metadata, managedFields } };
}

test('field ownership is not read for an object that is known to be in sync', () => {
  const desired = desiredOf(object('ConfigMap/c', { data: { a: 'b' } }), OWNER, { namespaced: true });
  const known = heldBy(desired, ours({ 'f:data': { 'f:a': {} } }));
  let reads = 0;
  const metadata = Object.defineProperty({ ...known.metadata }, 'managedFields', {
    get: () => {
      reads += 1;
      return known.metadata.managedFields;
    },
  });
  const live = (): KubeObject => ({ ...known, metadata });
  const compare = function* (): Generator<undefined, string[]> {
    yield;
    return [];
  };
  const plan = runThrough(planFor({ desired: [desired], inventory: [refOf(desired)], live, owner: OWNER, compare }));
  expect([plan.writes, reads]).toEqual([[], 0]);
});

test('twice as many objects without our labels take twice as many steps to plan', () => {
  const steps = (count: number): number => {
    const places = Array.from({ length: count }, (_, index) => index);
    const desired = places.map((index) => desiredOf(object(`ConfigMap/c${index}`), OWNER, { namespaced: true }));
    const inventory = countedReads(desired.map(refOf));
    const bare = (name: string): KubeObject => heldBy(object(`ConfigMap/${name}`), ours({ 'f:data': {} }));
    runThrough(planFor({ desired, inventory: inventory.value, live: ({ name }) => bare(name), owner: OWNER }));
    return inventory.reads();
  };
  expect(steps(2 * ITEMS) / steps(ITEMS)).toBeLessThan(2.2);
});

test('the health of twice as many workloads and pods takes twice as many steps', () => {
  const steps = (count: number): number => {
    const places = Array.from({ length: count }, (_, index) => index);
    const selector = { matchLabels: { app: 'web' } };
    const workloads = places.map((index) =>
      object(`Deployment/web${index}`, { spec: { selector } }, { uid: `d${index}` }),
    );
    const owned = places.map((index) => {
      const ownerReferences = [{ kind: 'ReplicaSet', name: `web${index}-1`, uid: `r${index}`, controller: true }];
      return object(`Pod/web${index}`, {}, { labels: selector.matchLabels, ownerReferences });
    });
    const pods = countedReads(owned);
    for (const workload of workloads) healthOf(workload, { pods: pods.value });
    return pods.reads();
  };
  expect(steps(2 * ITEMS) / steps(ITEMS)).toBeLessThan(2.2);
});

test('twice as many finished hooks take twice as many steps to find the next one', () => {
  const steps = (count: number): number => {
    const hooks = Array.from({ length: count }, (_, index) => {
      const hook = desiredOf(object(`ConfigMap/hook${index}`), OWNER, { namespaced: true });
      return { object: hook, name: hook.metadata.name, weight: 0, deletePolicies: [] };
    });
    const done = hooks.map(({ name }) => ({ run: 'run', kind: 'ConfigMap', name, phase: 'Succeeded' as const }));
    const results = countedReads(done);
    nextHookAction({ hooks, run: 'run', results: results.value, live: () => undefined, pods: [], owner: OWNER });
    return results.reads();
  };
  expect(steps(2 * ITEMS) / steps(ITEMS)).toBeLessThan(2.2);
});
