import { describe, expect, test } from '@jest/globals';

import { changesFrom } from '../../../../client/releases/index.ts';
import type { FieldChange } from '../../../../crds/index.ts';
import { historyWith } from '../../cli/release/release-objects.ts';

const changed = (path: string, from: string, to: string, object = 'Deployment/web'): FieldChange => ({
  object,
  path,
  change: 'Changed',
  from,
  to,
});
const added = (object: string): FieldChange => ({ object, path: '', change: 'Added' });
const removed = (object: string): FieldChange => ({ object, path: '', change: 'Removed' });

describe('changesFrom', () => {
  const replicas = changed('/spec/replicas', '1', '2');
  const image = changed('/spec/image', 'a', 'b');
  const histories = [historyWith(1, undefined, []), historyWith(2, 1, [replicas]), historyWith(3, 2, [image])];

  test('one version gives what it recorded', () => {
    expect(changesFrom(histories, undefined, 3)).toEqual({ changes: [image], unrecorded: 0 });
  });

  test('two versions give all that was recorded in between', () => {
    expect(changesFrom(histories, 1, 3).changes).toEqual([replicas, image]);
  });

  test('the way back gives the reverse', () => {
    const back = [changed('/spec/image', 'b', 'a'), changed('/spec/replicas', '2', '1')];
    expect(changesFrom(histories, 3, 1).changes).toEqual(back);
  });

  test('a version does not differ from itself', () => {
    expect(changesFrom(histories, 2, 2)).toEqual({ changes: [], unrecorded: 0 });
  });

  test('a version made after a rollback is compared through the version that both come from', () => {
    const other = [...histories, historyWith(4, 1, [changed('/spec/replicas', '1', '5')])];
    expect(changesFrom(other, 3, 4).changes).toEqual([
      changed('/spec/image', 'b', 'a'),
      changed('/spec/replicas', '2', '5'),
    ]);
  });

  test.each([
    ['a field changed there and back', [changed('/a', '1', '2')], [changed('/a', '2', '1')], []],
    ['a field changed twice', [changed('/a', '1', '2')], [changed('/a', '2', '3')], [changed('/a', '1', '3')]],
    ['an object that was added and removed', [added('Job/a')], [removed('Job/a')], []],
    ['an object that came and then changed', [added('Job/a')], [changed('/a', '1', '2', 'Job/a')], [added('Job/a')]],
    [
      'an object that was removed and added, perhaps another one',
      [removed('Job/a')],
      [added('Job/a')],
      [{ object: 'Job/a', path: '', change: 'Changed' }],
    ],
    [
      'a masked field, of which nothing is known',
      [changed('/data/a', '***', '***')],
      [changed('/data/a', '***', '***')],
      [changed('/data/a', '***', '***')],
    ],
    [
      'a shortened field, of which the rest is not known',
      [changed('/a', 'long…', 'x')],
      [changed('/a', 'x', 'long…')],
      [changed('/a', 'long…', 'long…')],
    ],
  ] as [string, FieldChange[], FieldChange[], FieldChange[]][])('%s', (_, second, third, expected) => {
    const chain = [historyWith(1, undefined, []), historyWith(2, 1, second), historyWith(3, 2, third)];
    expect(changesFrom(chain, 1, 3).changes).toEqual(expected);
  });

  test('a change that several objects share counts for each of them', () => {
    const shared = { ...changed('/metadata/labels/a', '1', '2'), alsoIn: ['Job/a', 'Job/b'] };
    const chain = [
      historyWith(1, undefined, []),
      historyWith(2, 1, [shared], 5),
      historyWith(3, 2, [changed('/metadata/labels/a', '2', '3', 'Job/b')]),
    ];
    expect(changesFrom(chain, 1, 3)).toEqual({
      changes: [
        changed('/metadata/labels/a', '1', '2'),
        changed('/metadata/labels/a', '1', '2', 'Job/a'),
        changed('/metadata/labels/a', '1', '3', 'Job/b'),
      ],
      unrecorded: 2,
    });
  });

  test('counts what the records left out', () => {
    const chain = [historyWith(1, undefined, []), historyWith(2, 1, [replicas], 10), historyWith(3, 2, [image], 3)];
    expect(changesFrom(chain, 1, 3).unrecorded).toBe(9 + 2);
  });

  test('a missing record is named', () => {
    expect(() => changesFrom(histories, undefined, 9)).toThrow(
      'version 9 is not recorded; the recorded versions are: 1, 2, 3',
    );
    const gap = [historyWith(5, 4, []), historyWith(3, 2, [])];
    expect(() => changesFrom(gap, 3, 5)).toThrow(expect.objectContaining({ code: 'NotFound' }));
  });

  test('a record compared with a later one does not loop forever', () => {
    expect(changesFrom([historyWith(1, 2, []), historyWith(2, 1, [image])], 1, 2).changes).toEqual([image]);
  });
});
