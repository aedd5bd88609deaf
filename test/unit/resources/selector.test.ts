import { describe, expect, test } from '@jest/globals';
import { podSelectorOf, podsSelectedBy } from '../../../resources/index.ts';
import type { KubeObject } from '../../../resources/index.ts';
import { object } from './objects.ts';

function pod(name: string, metadata: Record<string, unknown>): KubeObject {
  return object(`Pod/${name}`, {}, { namespace: 'shop', labels: { app: 'web' }, ...metadata });
}

describe('podsSelectedBy', () => {
  const names = (given: KubeObject, pods: KubeObject[]): string[] =>
    podsSelectedBy(given, pods).map(({ metadata }) => metadata.name);
  const pods = [
    pod('a', { labels: { app: 'web', tier: 'x' } }),
    pod('b', { labels: { app: 'web' } }),
    pod('c', { labels: { app: 'db', 'batch.kubernetes.io/job-name': 'web' } }),
  ];

  test.each<[string, string, Record<string, unknown> | undefined, string[]]>([
    ['labels', 'Deployment', { matchLabels: { app: 'web' } }, ['a', 'b']],
    ['In', 'StatefulSet', { matchExpressions: [{ key: 'app', operator: 'In', values: ['db', 'x'] }] }, ['c']],
    ['NotIn', 'StatefulSet', { matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['x'] }] }, ['b', 'c']],
    ['Exists', 'DaemonSet', { matchExpressions: [{ key: 'tier', operator: 'Exists' }] }, ['a']],
    [
      'DoesNotExist',
      'DaemonSet',
      { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] },
      ['b'],
    ],
    ['an empty selector', 'Deployment', {}, []],
    ['an unknown operator', 'Deployment', { matchExpressions: [{ key: 'app', operator: 'Gt', values: ['1'] }] }, []],
    ['a Job as a chart writes it', 'Job', undefined, ['c']],
    ['a map', 'ReplicationController', { app: 'db' }, ['c']],
    ['a kind that makes no pods', 'Service', { app: 'web' }, []],
  ])('%s', (_name, kind, given, expected) => {
    const spec = given === undefined ? {} : { selector: given };
    expect(names(object(`${kind}/web`, { spec }, { namespace: 'shop' }), pods)).toEqual(expected);
  });

  test('selects only a live workload’s own pods', () => {
    const owner = (uid: string) => ({ ownerReferences: [{ kind: 'StatefulSet', name: 'web', uid, controller: true }] });
    const set = object(
      'StatefulSet/web',
      { spec: { selector: { matchLabels: { app: 'web' } } } },
      { namespace: 'shop', uid: 'u' },
    );
    expect(names(set, [pod('mine', owner('u')), pod('theirs', owner('x')), pod('orphan', {})])).toEqual(['mine']);
    const ofAnother = { ...owner('u'), labels: { app: 'db' } };
    expect(names(set, [pod('released', ofAnother)])).toEqual([]);
    expect(podSelectorOf(set)).toEqual({ namespace: 'shop', matchLabels: { app: 'web' }, matchExpressions: [] });
  });

  test.each([
    ['Deployment', 'ReplicaSet', 'web-5d59d', { matchLabels: { app: 'web' } }],
    ['CronJob', 'Job', 'web-29000000', undefined],
  ])('selects for a live %s those of each %s that is named after it', (kind, between, name, selector) => {
    const live = object(`${kind}/web`, { spec: selector ? { selector } : {} }, { namespace: 'shop', uid: 'u' });
    const labels = { app: 'web', 'batch.kubernetes.io/job-name': name };
    const of = (owner: string) => ({
      labels,
      ownerReferences: [{ kind: between, name: owner, uid: owner, controller: true }],
    });
    expect(names(live, [pod('mine', of(name)), pod('theirs', of(`web-api-${name}`))])).toEqual(['mine']);
  });
});
