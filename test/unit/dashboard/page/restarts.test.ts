import { expect, test } from '@jest/globals';
import type { TreeNode } from '../../../../dashboard/api/index.ts';
import { restartsBetween, withRestarts } from '../../../../dashboard/page/release/recent/restarts.ts';

const minute = (number: number): number => Date.UTC(2026, 0, 1, 0, number);

/** A Release with pods, each of one container that restarted so often, and at these minutes as far as that is known. */
function treeOf(pods: Readonly<Record<string, readonly [restarts: number, minutes: readonly number[]]>>): TreeNode {
  const children = Object.entries(pods).map(([name, [restarts, minutes]]): TreeNode => {
    const restartedAt = minutes.map((number) => new Date(minute(number)).toISOString());
    const container = { name: 'web', image: 'i', init: false, health: 'Red', state: 'Running', restarts, restartedAt };
    return { id: name, kind: 'Pod', name, health: 'Red', children: [], containers: [container as never] };
  });
  return { id: 'root', kind: 'Release', name: 'web', health: 'Red', children };
}

const HOUR = { from: minute(0), to: minute(60), parts: 6 };
const seen = (...trees: readonly TreeNode[]) =>
  trees.reduce<ReturnType<typeof withRestarts>>((known, tree) => withRestarts(known, tree, HOUR.from), new Map());

test('restarts are counted in the part of the time in which they were, the others without a time', () => {
  const tree = treeOf({ one: [9, [59, 51]], other: [1, [30]], well: [0, []] });
  expect(restartsBetween(seen(tree), tree, HOUR)).toEqual({
    parts: [0, 0, 0, 1, 0, 2],
    number: 3,
    last: minute(59),
    others: 7,
  });
});

test('what was seen once stays known, also when it is told no more, or the pod is gone', () => {
  const trees = [
    treeOf({ one: [2, [20, 10]], gone: [1, [15]] }),
    treeOf({ one: [3, [30, 20]] }),
    treeOf({ one: [4, [40, 30]] }),
  ];
  const tree = treeOf({ one: [4, [40, 30]] });
  expect(restartsBetween(seen(...trees), tree, HOUR)).toMatchObject({ number: 5, others: 0, last: minute(40) });
});

test('restarts of long ago are forgotten, and where none is recent there is nothing to show', () => {
  const tree = treeOf({ one: [2, [-5, -10]] });
  expect(seen(tree).size).toBe(0);
  expect(restartsBetween(seen(tree), tree, HOUR)).toBeUndefined();
  const later = treeOf({ one: [3, [5, -5]] });
  expect(restartsBetween(seen(later), later, HOUR)).toMatchObject({ number: 1, others: 2 });
});

test('a clock that is ahead puts restarts into the last part', () => {
  const tree = treeOf({ one: [1, [61]] });
  expect(restartsBetween(seen(tree), tree, HOUR)).toMatchObject({ parts: [0, 0, 0, 0, 0, 1] });
});
