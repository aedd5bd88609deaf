import { describe, expect, test } from '@jest/globals';
import { groupsFor, type OrderedRecord } from '../../../../../controller/plan/order/chart-order.ts';
import {
  inObjectOrder,
  inReverseOrder,
  orderOf,
  orderRefusals,
  refOf,
  type KubeObject,
  type ObjectOrder,
  type Plan,
} from '../../../../../resources/index.ts';

const ANNOTATIONS = { dependsOn: 'x/depends-on', weight: 'x/weight' };

function object(name: string, annotations: Record<string, string> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, annotations } };
}

const [own, web, cache, db] = [object('own'), object('web'), object('cache'), object('db')];
const ALL = [own, web, cache, db];

const FOLDERS = [
  'app/templates/a.yaml',
  'app/charts/web/templates/a.yaml',
  'app/charts/db/charts/cache/templates/a.yaml',
  'app/charts/db/templates/a.yaml',
];

function recorded(objects: readonly KubeObject[], order?: OrderedRecord['order']): OrderedRecord {
  const items = objects.map((one, at) => ({ object: one, source: FOLDERS[at] ?? '' }));
  return { objects: items, ...(order && { order }) };
}

/** The own templates come after web, and web after db with what is in it. */
const ORDER = { 'app/templates/': ['app/charts/web/'], 'app/charts/web/': ['app/charts/db/'] };

function ordered(objects = ALL): ObjectOrder {
  const order = orderOf(objects, ANNOTATIONS, groupsFor(objects, recorded(objects, ORDER)));
  if (!order) throw new Error('no order');
  return order;
}

const plan = (
  type: 'create' | 'delete',
  objects: readonly KubeObject[],
  waiting: readonly KubeObject[] = [],
): Plan => ({
  writes: objects.map((one) =>
    type === 'create' ? { type, ref: refOf(one), object: one } : { type, ref: refOf(one) },
  ),
  waiting: waiting.map(refOf),
  contests: [],
  refusals: [],
});
const names = ({ writes }: Plan): string[] => writes.map(({ ref }) => ref.name);

test('a version without an order has no groups', () => {
  expect(groupsFor(ALL, recorded(ALL))).toBeUndefined();
});

test('objects of a chart wait for all objects of the charts before it', () => {
  const all = inObjectOrder(plan('create', ALL), ordered(), () => true);
  expect(names(all.plan)).toEqual(['cache', 'db']);
  expect(all.held).toEqual([
    { ref: refOf(own), awaited: 'ConfigMap/web' },
    { ref: refOf(web), awaited: 'ConfigMap/cache' },
  ]);
  const notReady = inObjectOrder(plan('create', [own, web]), ordered(), (key) => !key.includes('cache'));
  expect(names(notReady.plan)).toEqual([]);
  expect(names(inObjectOrder(plan('create', [own, web]), ordered(), () => true).plan)).toEqual(['web']);
});

test('a deletion goes in reverse order', () => {
  const order = ordered();
  expect(names(inReverseOrder(plan('delete', ALL), order, () => false))).toEqual(['own']);
  expect(names(inReverseOrder(plan('delete', [web, cache, db]), order, () => false))).toEqual(['web']);
  expect(names(inReverseOrder(plan('delete', [cache, db], [web]), order, () => false))).toEqual([]);
  expect(names(inReverseOrder(plan('delete', [cache, db]), order, () => false))).toEqual(['cache', 'db']);
});

test('a chart without objects still separates those before it from those after it', () => {
  const objects = [object('web'), object('db')];
  const items = [
    { object: objects[0], source: 'app/charts/web/templates/a.yaml' },
    { object: objects[1], source: 'app/charts/db/templates/a.yaml' },
  ] as OrderedRecord['objects'];
  const order = { 'app/charts/web/': ['app/charts/empty/'], 'app/charts/empty/': ['app/charts/db/'] };
  const found = orderOf(objects, ANNOTATIONS, groupsFor(objects, { objects: items, order }));
  expect(found && names(inObjectOrder(plan('create', objects), found, () => true).plan)).toEqual(['db']);
});

describe('with many objects and charts', () => {
  const COUNT = 300;
  const charts = [...Array(COUNT).keys()].map((at) => `app/charts/c${at}/`);
  const items = [
    ...charts.map((folder, at) => ({ object: object(`c${at}`), source: `${folder}templates/a.yaml` })),
    ...charts.map((_folder, at) => ({ object: object(`own${at}`), source: 'app/templates/a.yaml' })),
  ];
  const objects = items.map((item) => item.object);
  const groups = groupsFor(objects, { objects: items, order: { 'app/templates/': charts } });

  test('there are about as many names as objects and charts', () => {
    const lists = [...(groups?.needs.values() ?? []), ...(groups?.members.values() ?? [])];
    expect(lists.reduce((sum, list) => sum + list.length, 0)).toBeLessThanOrEqual(3 * COUNT);
  });

  test('objects that all wait for are looked up once', () => {
    let reads = 0;
    const counted = <T extends object>(list: T): T =>
      new Proxy(list, {
        get: (target, name, receiver): unknown => {
          reads += 1;
          return Reflect.get(target, name, receiver);
        },
      });
    const ofAll = groupsFor(objects, { objects: items, order: { 'app/templates/': ['app/charts/'] } });
    const order = orderOf(objects, ANNOTATIONS, ofAll);
    if (!order) throw new Error('no order');
    const watched = { ...order, groups: new Map([...order.groups].map(([name, keys]) => [name, counted(keys)])) };
    const last = `c${COUNT - 1}`;
    const { held } = inObjectOrder(plan('create', objects.slice(COUNT)), watched, (key) => !key.endsWith(`/${last}`));
    expect(held).toHaveLength(COUNT);
    expect(new Set(held.map(({ awaited }) => awaited))).toEqual(new Set([`ConfigMap/${last}`]));
    expect(reads).toBeLessThan(20 * COUNT);
  });

  test('a refusal does not name them all', () => {
    const heavy = objects.map((one) => ({ ...one, metadata: { ...one.metadata, annotations: { 'x/weight': '1' } } }));
    const [refusal] = orderRefusals([...heavy.slice(0, COUNT), ...objects.slice(COUNT)], ANNOTATIONS, groups);
    expect(refusal?.message.length).toBeLessThan(200);
  });

  test('a deletion begins with what comes last', () => {
    const order = orderOf(objects, ANNOTATIONS, groups);
    const first = order && names(inReverseOrder(plan('delete', objects), order, () => false));
    expect(first).toEqual(objects.slice(COUNT).map(({ metadata }) => metadata.name));
  });
});

describe('is refused', () => {
  const refusals = (...objects: KubeObject[]): string[] =>
    orderRefusals(objects, ANNOTATIONS, groupsFor(objects, recorded(objects, ORDER))).map(({ message }) => message);

  test('an object ordered before a chart that precedes its own, with the path', () => {
    const [message] = refusals(own, web, cache, object('db', { 'x/depends-on': 'ConfigMap/web' }));
    expect(message).toMatch(/ConfigMap\/web -> chart db -> ConfigMap\/db -> ConfigMap\/web|chart db -> ConfigMap\/db/);
  });

  test('a weight that puts a chart after one that must follow it', () => {
    const [message] = refusals(own, web, cache, object('db', { 'x/weight': '1' }));
    expect(message).toContain('ConfigMap/web depends on chart db, which its higher weight puts after it');
  });

  test('nothing else', () => {
    expect(refusals(...ALL)).toEqual([]);
  });
});
