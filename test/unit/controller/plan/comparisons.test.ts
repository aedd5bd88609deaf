import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Comparisons } from '../../../../controller/plan/comparisons.ts';
import { OWNERSHIP } from '../../../../controller/pass/ownership.ts';
import { desiredOf, pack, type FieldSet, type KubeObject } from '../../../../resources/index.ts';
import { compared } from '../../../support/compared.ts';
import { countedReads } from '../../../support/counted-reads.ts';
import { runThrough } from '../../../support/run-through.ts';
import { applied, object, OWNER } from '../../resources/objects.ts';

const desiredWith = (data: Record<string, string>): KubeObject =>
  desiredOf(object('ConfigMap/c', { data }), OWNER, { namespaced: true });

/** A live object that was applied from one state and from which somebody took fields, or none. */
const lives = fc
  .record({
    data: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2')),
    taken: fc.constantFrom('', 'a', 'b'),
  })
  .map(({ data, taken }) => {
    const live = applied(desiredWith(data));
    const fields = live.metadata.managedFields?.[0]?.fieldsV1?.['f:data'] as FieldSet | undefined;
    if (fields) delete fields[`f:${taken}`];
    return pack(live).value;
  });

test('whatever is compared in whatever order, the result is that of a full comparison', () => {
  const states = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2'));
  const paths = fc.subarray(['/data/a', '/data/b']);
  const questions = fc.array(fc.tuple(fc.nat(3), fc.nat(3), paths), { maxLength: 30 });
  const four = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(four(states), four(lives), questions, (data, live, asked) => {
      const comparisons = new Comparisons();
      const desired = data.map(desiredWith);
      for (const [of, withLive, unownable] of asked) {
        const pair = [desired[of] as KubeObject, live[withLive] as KubeObject] as const;
        const whole = compared(...pair, OWNERSHIP, unownable);
        if (comparisons.isInSync(...pair)) expect(whole).toEqual([]);
        expect(runThrough(comparisons.compare(...pair, OWNERSHIP, unownable))).toEqual(whole);
      }
    }),
  );
});

test('an object that was in sync is not compared again until it changes', () => {
  const desired = desiredWith(Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`k${index}`, 'v'])));
  const live = countedReads(applied(desired));
  const { compare } = new Comparisons();
  expect(runThrough(compare(desired, live.value, OWNERSHIP, []))).toEqual([]);
  const once = live.reads();
  expect(runThrough(compare(desired, live.value, OWNERSHIP, []))).toEqual([]);
  expect(live.reads()).toBe(once);
});
