import { beforeEach, expect, test } from '@jest/globals';
import { Repairs } from '../../../../controller/plan/repairs.ts';
import type { KubeObject } from '../../../../resources/index.ts';

let now = 0;
let repairs: Repairs;

beforeEach(() => {
  now = 0;
  repairs = new Repairs(() => now);
});

function config(state: string, name = 'c'): KubeObject {
  const annotations = { 'coxswain.dev/applied': state };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop', annotations } };
}

function note(times: number, object: KubeObject, fields: string[], release = 'shop/web'): void {
  for (let time = 0; time < times; time += 1) repairs.remember(release, object, fields);
}

test('a field is paused after its third repair, and only that field', () => {
  note(2, config('1'), ['/data/a', '/data/b']);
  expect(repairs.isPaused('shop/web', config('1'), '/data/a')).toBe(false);
  note(1, config('1'), ['/data/a']);
  const paused = ['/data/a', '/data/b', ''].map((field) => repairs.isPaused('shop/web', config('1'), field));
  expect(paused).toEqual([true, false, false]);
  expect(repairs.dueInMs('shop/web')).toBe(60_000);
  now = 60_000;
  expect(repairs.isPaused('shop/web', config('1'), '/data/a')).toBe(false);
  expect(repairs.dueInMs('shop/web')).toBeUndefined();
});

test('another state of the object, another object and another Release start from zero', () => {
  note(3, config('1'), ['/data/a']);
  expect(repairs.isPaused('shop/web', config('2'), '/data/a')).toBe(false);
  expect(repairs.isPaused('shop/web', config('1', 'other'), '/data/a')).toBe(false);
  expect(repairs.isPaused('shop/other', config('1'), '/data/a')).toBe(false);
  repairs.forget('shop/web');
  expect(repairs.isPaused('shop/web', config('1'), '/data/a')).toBe(false);
});

test.each<[string, string[]]>([
  ['was deleted', []],
  ['lost many fields at once', Array.from({ length: 21 }, (_, index) => `/data/${index}`)],
])('an object that %s is paused as a whole', (_what, fields) => {
  note(3, config('1'), fields);
  expect(['', '/data/any'].map((field) => repairs.isPaused('shop/web', config('1'), field))).toEqual([true, true]);
});
