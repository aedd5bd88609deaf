import { describe, expect, test } from '@jest/globals';
import { cpuMs } from '../../../support/cpu-time.ts';
import {
  inObjectOrder,
  inReverseOrder,
  keyOf,
  keyOfObject,
  orderOf,
  orderRefusals,
  refOf,
  type KubeObject,
  type ObjectOrder,
  type Plan,
  type PlannedWrite,
} from '../../../../resources/index.ts';

const ANNOTATIONS = { dependsOn: 'x/depends-on', weight: 'x/weight' };

function object(name: string, { needs, weight }: { needs?: string; weight?: string } = {}, kind = 'Job'): KubeObject {
  const annotations = {
    ...(needs === undefined ? {} : { 'x/depends-on': needs }),
    ...(weight === undefined ? {} : { 'x/weight': weight }),
  };
  return { apiVersion: 'batch/v1', kind, metadata: { name, annotations } };
}

/** As many times the same name as an annotation holds. */
const MANY = Array<string>(1_000).fill('Job/b').join();

function ordered(...objects: KubeObject[]): ObjectOrder {
  const order = orderOf(objects, ANNOTATIONS);
  if (!order) throw new Error('no order');
  return order;
}

const messages = (...objects: KubeObject[]): string[] =>
  orderRefusals(objects, ANNOTATIONS).map(({ message }) => message);
const plan = (writes: PlannedWrite[], waiting: KubeObject[] = []): Plan => ({
  writes,
  waiting: waiting.map(refOf),
  contests: [],
  refusals: [],
});
const create = (one: KubeObject): PlannedWrite => ({ type: 'create', ref: refOf(one), object: one });
const remove = (one: KubeObject): PlannedWrite => ({ type: 'delete', ref: refOf(one) });
const reverse = (whole: Plan, order: ObjectOrder, ...inUse: KubeObject[]): Plan =>
  inReverseOrder(whole, order, (ref) => inUse.some((one) => keyOfObject(one) === keyOf(ref)));
const names = ({ writes }: Plan): string[] => writes.map(({ ref }) => ref.name);

test('objects that say nothing have no order', () => {
  expect(orderOf([object('a'), object('b')], ANNOTATIONS)).toBeUndefined();
  expect(messages(object('a'))).toEqual([]);
});

describe('is refused', () => {
  test.each<[string, KubeObject[], RegExp]>([
    ['a name that no object has', [object('a', { needs: 'Job/b' })], /Job\/a depends on Job\/b, which the chart/],
    ['a name of another group', [object('a', { needs: 'Job.other/b' }), object('b')], /Job.other\/b/],
    [
      'more names than an object may give',
      [object('a', { needs: Array.from({ length: 101 }, (_, at) => `Job/n${at}`).join() })],
      /names more than 100 objects/,
    ],
    ['a very long text', [object('a', { needs: `Job/b${','.repeat(10_000)}` })], /more than 10000 characters/],
    ['a weight that is not a number', [object('a', { weight: 'heavy' })], /not a whole number/],
    ['a part of a number', [object('a', { weight: '1.5' })], /not a whole number/],
    [
      'an object with a higher weight',
      [object('a', { needs: 'Job/b' }), object('b', { weight: '1' })],
      /Job\/a depends on Job\/b, which its higher weight/,
    ],
    ['itself', [object('a', { needs: 'Job/a' })], /Job\/a -> Job\/a:/],
    [
      'a cycle, by its path alone',
      [
        object('a', { needs: 'Job/b' }),
        object('b', { needs: 'Job/c, Job/d' }),
        object('c', { needs: 'Job/b' }),
        object('d'),
      ],
      /: Job\/b -> Job\/c -> Job\/b:/,
    ],
  ])('%s', (_title, objects, expected) => {
    expect(messages(...objects)).toEqual([expect.stringMatching(expected)]);
  });

  test('nothing for an object named over and over, however many name it', () => {
    const objects = [object('b'), ...Array.from({ length: 2_000 }, (_, at) => object(`n${at}`, { needs: MANY }))];
    expect(messages(...objects)).toEqual([]);
    const round = [object('b', { needs: 'Job/n0' }), ...objects.slice(1)];
    const start = cpuMs();
    expect(messages(...round)).toEqual([expect.stringContaining('depend on each other')]);
    expect(cpuMs() - start).toBeLessThan(2000);
  });

  test('nothing for an order that is possible', () => {
    const objects = [object('a'), object('b', { needs: ' Job/a,Job.batch/a, ' }), object('c', { weight: '-3' })];
    expect(messages(...objects)).toEqual([]);
  });
});

describe('a plan', () => {
  const [db, job, web] = [object('db'), object('job', { needs: 'Job/db' }), object('web', { needs: 'Job/job' })];
  const order = ordered(db, job, web);
  const readyAre =
    (...ready: KubeObject[]) =>
    (key: string): boolean =>
      ready.some((one) => keyOfObject(one) === key);

  test('has objects that wait for nothing, then those that wait for them alone', () => {
    const first = inObjectOrder(plan([db, job, web].map(create)), order, readyAre());
    expect(names(first.plan)).toEqual(['db']);
    expect(first.held.map(({ ref, awaited }) => [ref.name, awaited])).toEqual([
      ['job', 'Job/db'],
      ['web', 'Job/job'],
    ]);
    expect(inObjectOrder(plan([job, web].map(create)), order, readyAre()).plan.writes).toEqual([]);
    expect(names(inObjectOrder(plan([job, web].map(create)), order, readyAre(db)).plan)).toEqual(['job']);
    expect(inObjectOrder(plan([create(web)]), order, readyAre(db, job)).held).toEqual([]);
  });

  test('holds back objects whose dependency is ready but still to be changed, being deleted or refused', () => {
    expect(names(inObjectOrder(plan([db, job].map(create)), order, readyAre(db)).plan)).toEqual(['db']);
    expect(names(inObjectOrder(plan([create(job)], [db]), order, readyAre(db)).plan)).toEqual([]);
    const refused: Plan = { ...plan([create(job)]), refusals: [{ ref: refOf(db), code: 'NoName', message: '' }] };
    expect(names(inObjectOrder(refused, order, readyAre(db)).plan)).toEqual([]);
  });

  test('deletes nothing while anything waits', () => {
    const old = object('old');
    const whole = plan([create(db), create(job), remove(old)]);
    expect(names(inObjectOrder(whole, order, readyAre()).plan)).toEqual(['db']);
    expect(names(inObjectOrder(plan([create(job), remove(old)]), order, readyAre(db)).plan)).toEqual(['job', 'old']);
  });

  test('goes from the lowest weight to the highest', () => {
    const objects = [object('b', { weight: '10' }), object('c', { weight: '10' }), object('a', { weight: '-1' }), db];
    const weighed = ordered(...objects);
    const [b, c, a] = objects;
    if (!a || !b || !c) throw new Error('no objects');
    expect(names(inObjectOrder(plan(objects.map(create)), weighed, readyAre()).plan)).toEqual(['a']);
    expect(names(inObjectOrder(plan([b, c, db].map(create)), weighed, readyAre(a)).plan)).toEqual(['db']);
    expect(names(inObjectOrder(plan([b, c].map(create)), weighed, readyAre(a, db)).plan)).toEqual(['b', 'c']);
  });

  test('for a deletion goes in reverse order', () => {
    const weighed = ordered(db, job, web, object('light', { weight: '-1' }));
    const light = object('light', { weight: '-1' });
    expect(names(reverse(plan([db, job, web, light].map(remove)), weighed))).toEqual(['web']);
    expect(names(reverse(plan([db, job, light].map(remove), [web]), weighed))).toEqual([]);
    expect(names(reverse(plan([db, light].map(remove)), weighed))).toEqual(['db']);
    expect(names(reverse(plan([remove(light)]), weighed))).toEqual(['light']);
  });

  test('for a deletion does not wait for objects that are kept because they are in use', () => {
    const claim = object('claim', { weight: '1' });
    const weighed = ordered(db, claim);
    expect(names(reverse(plan([remove(db)], [claim]), weighed))).toEqual([]);
    expect(names(reverse(plan([remove(db)], [claim]), weighed, claim))).toEqual(['db']);
  });

  test('for a deletion deletes everything if a cycle would keep everything', () => {
    const [a, b] = [object('a', { needs: 'Job/b' }), object('b', { needs: 'Job/a' })];
    const round = ordered(a, b);
    expect(names(reverse(plan([a, b].map(remove)), round))).toEqual(['a', 'b']);
    expect(names(reverse(plan([remove(b)], [a]), round))).toEqual([]);
  });
});
