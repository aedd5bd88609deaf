import { expect, test } from '@jest/globals';
import { ancestorKeys, releaseCycleRefusals } from '../../../../controller/plan/release-cycles.ts';
import type { Release } from '../../../../crds/index.ts';
import { object } from '../../resources/objects.ts';
import { release } from '../releases.ts';

/** A Release with the labels of a child of another one. */
function childOf(owner: string | undefined, name: string): Release {
  const labels = { 'coxswain.dev/release': owner ?? '', 'coxswain.dev/release-namespace': 'shop' };
  return release({}, undefined, { name, ...(owner !== undefined && { labels }) });
}

function ancestorsOf(name: string, releases: readonly Release[]): string[] {
  const get = (_namespace: string | undefined, asked: string): Release | undefined =>
    releases.find(({ metadata }) => metadata.name === asked);
  return ancestorKeys(get('shop', name) ?? release(), { get });
}

test.each<[string, Release[], string[]]>([
  ['nobody’s child', [childOf(undefined, 'c')], ['shop/c']],
  ['a child', [childOf('b', 'c'), childOf(undefined, 'b')], ['shop/c', 'shop/b']],
  ['a child of a child', ['b c', 'a b'].map(pair), ['shop/c', 'shop/b']],
  ['one that is labelled as its own child', [childOf('c', 'c')], ['shop/c']],
  ['one of a ring', ['b c', 'a b', 'c a'].map(pair), ['shop/c', 'shop/b', 'shop/a']],
])('the ancestors of %s are found', (_what, releases, expected) => {
  expect(ancestorsOf('c', releases)).toEqual(expected);
});

test('only Releases among the ancestors are refused, in the namespace that they say or are in', () => {
  const made = (title: string, metadata: Record<string, unknown> = {}, apiVersion = 'coxswain.dev/v1alpha1') => ({
    object: { ...object(title, {}, metadata), apiVersion },
  });
  const objects = [
    made('Release/a'),
    made('Release/a', { namespace: 'shop' }),
    made('Release/a', { namespace: 'other' }),
    made('Release/z'),
    made('Release/a', {}, 'example.com/v1'),
    made('ConfigMap/a', {}, 'v1'),
  ];
  const refusals = releaseCycleRefusals(objects, 'shop', ['shop/c', 'shop/a']);
  expect(refusals.map(({ code, ref }) => [code, ref.namespace, ref.name])).toEqual([
    ['Circle', undefined, 'a'],
    ['Circle', 'shop', 'a'],
  ]);
});

/** Of `owner name`. */
function pair(text: string): Release {
  const [owner, name = ''] = text.split(' ');
  return childOf(owner, name);
}
