import { describe, expect, test } from '@jest/globals';
import type { Release } from '../../../../crds/index.ts';
import { eventOf, descendantOf } from '../../../../dashboard/server/live/descendants.ts';
import { bounded } from '../../../../dashboard/server/live/release-stream.ts';
import { viewOf } from '../../../../dashboard/server/live/release-view.ts';
import { podNode } from '../../../../dashboard/server/live/pod-node.ts';
import { rowOf } from '../../../../dashboard/server/live/row.ts';
import type { Descendant } from '../../../../dashboard/server/live/tree.ts';
import type { KubeObject } from '../../../../resources/index.ts';

function release(status: object): Release {
  const metadata = {
    name: 'web',
    namespace: 'shop-dev',
    uid: 'u',
    generation: 1,
    creationTimestamp: '2026-01-01T00:00:00Z',
  };
  const spec = { chart: { inline: 'AAAA' }, suspend: false, values: { a: 1 } };
  return { apiVersion: 'coxswain.dev/v1alpha1', kind: 'Release', metadata, spec, status } as unknown as Release;
}

const VERSIONS: Readonly<Record<string, string>> = { Deployment: 'apps/v1', ReplicaSet: 'apps/v1', Job: 'batch/v1' };

function descendant(kind: string, name: string, owner: string, more: object = {}): Descendant {
  const [ownerKind = '', ownerName = ''] = owner.split('/');
  const ownerVersion = VERSIONS[ownerKind] ?? 'v1';
  const ownerReferences = [{ apiVersion: ownerVersion, kind: ownerKind, name: ownerName, uid: '', controller: true }];
  const object = {
    apiVersion: VERSIONS[kind] ?? 'v1',
    kind,
    metadata: { name, namespace: 'shop-dev', uid: name, ownerReferences },
    ...more,
  };
  const found = descendantOf(object as unknown as KubeObject);
  if (found === undefined) throw new Error('nothing is kept of it');
  return found;
}

const DEPLOYMENT = {
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  namespace: 'shop-dev',
  name: 'web',
  health: 'Red',
  message: 'broken',
};

const CRASHING = {
  spec: { containers: [{ name: 'web', image: 'web:1' }], initContainers: [{ name: 'init', image: 'init:1' }] },
  status: {
    phase: 'Running',
    containerStatuses: [
      {
        name: 'web',
        restartCount: 3,
        state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } },
        lastState: {
          terminated: { exitCode: 1, startedAt: '2025-12-31T23:59:00Z', finishedAt: '2026-01-01T00:00:00Z' },
        },
      },
    ],
  },
};

test('the tree leads from the Release to the containers, each with its colour and cause', () => {
  const surroundings = {
    descendants: [
      descendant('ReplicaSet', 'web-1', 'Deployment/web', { spec: { replicas: 1 } }),
      descendant('Pod', 'web-1-a', 'ReplicaSet/web-1', CRASHING),
    ],
    events: [],
    missing: [],
  };
  const view = viewOf(
    release({ health: 'Red', message: 'Deployment/web: broken', resources: [DEPLOYMENT] }),
    surroundings,
  );
  expect(view).toMatchObject({
    row: { tenant: 'shop', environment: 'dev', health: 'Red', message: 'Deployment/web: broken' },
    spec: { chart: { inline: '…' } },
    values: 'a: 1\n',
    tree: { kind: 'Release', children: [{ kind: 'Deployment', cause: 'broken', children: [{ name: 'web-1' }] }] },
  });
  const replicaSet = view.tree.children[0]?.children[0];
  const pod = replicaSet?.children[0];
  expect(replicaSet).toMatchObject({ health: 'Red', cause: pod?.cause });
  expect(pod).toMatchObject({
    name: 'web-1-a',
    health: 'Red',
    containers: [
      { name: 'init', init: true, health: 'Unknown', state: 'Waiting' },
      {
        name: 'web',
        health: 'Red',
        state: 'CrashLoopBackOff',
        restarts: 3,
        restartedAt: ['2025-12-31T23:59:00Z'],
        cause: 'back-off; ended before: Error, exit code 1',
        lastEnded: '2026-01-01T00:00:00Z',
      },
    ],
  });
});

test('objects that own each other in a circle end the tree, and thousands are counted', () => {
  const circle = [descendant('Job', 'a', 'Job/b'), descendant('Job', 'b', 'Job/a')];
  const job = { ...DEPLOYMENT, group: 'batch', kind: 'Job', name: 'a' };
  const crowd = Array.from({ length: 3_000 }, (_, index) => descendant('Pod', `p${index}`, 'Deployment/web', {}));
  const { tree, missing } = viewOf(release({ resources: [job, DEPLOYMENT] }), {
    descendants: [...circle, ...crowd],
    events: [],
    missing: [],
  });
  const depth = (nodes: typeof tree.children): number =>
    1 + Math.max(0, ...nodes.map(({ children }) => depth(children)));
  expect(depth(tree.children)).toBeLessThan(10);
  expect(missing).toEqual([expect.stringMatching(/^10\d\d more objects are not shown$/)]);
});

test('a replaced ReplicaSet is left out, and only events in the tree are shown, the newest last', () => {
  const replaced = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'old' },
    spec: { replicas: 0 },
    status: { replicas: 0 },
  };
  expect(descendantOf(replaced)).toBeUndefined();
  const event = (kind: string, name: string, lastTimestamp: string, apiVersion?: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: lastTimestamp },
    involvedObject: { apiVersion, kind, name },
    lastTimestamp,
    type: 'Warning',
    reason: 'BackOff',
    message: '<b>',
  });
  const events = [
    event('Deployment', 'web', '2026-01-02T00:00:00Z'),
    event('Release', 'web', '2026-01-01T00:00:00Z'),
    event('Pod', 'other', '2026-01-03T00:00:00Z'),
    event('Deployment', 'web', '2026-01-04T00:00:00Z', 'other.example/v1'),
    event('Deployment', 'web', '2026-01-05T00:00:00Z', 'apps/v1beta1'),
  ];
  const view = viewOf(release({ resources: [DEPLOYMENT] }), {
    descendants: [],
    events: events.map(eventOf),
    missing: [],
  });
  expect(view.events.map(({ object }) => object)).toEqual(['Release/web', 'Deployment/web', 'Deployment/web']);
  expect(view.events.at(-1)?.at).toBe('2026-01-05T00:00:00Z');
});

test('an object with the same kind and name, in another group or namespace, is another object', () => {
  const job = { ...DEPLOYMENT, group: 'batch', kind: 'Job', name: 'web' };
  const surroundings = {
    descendants: [descendant('Job', 'web', 'CronJob/none'), descendant('Pod', 'web-a', 'Job/web', CRASHING)],
    events: [],
    missing: [],
  };
  const others = [job, { ...job, group: 'batch.volcano.sh' }, { ...job, namespace: 'elsewhere' }];
  const { tree } = viewOf(release({ resources: others }), surroundings);
  expect(tree.children.map(({ children }) => children.map(({ name }) => name))).toEqual([['web-a'], [], []]);
});

test('when there are more objects than are kept, a note says that some are not shown', () => {
  let said = 0;
  const policy = bounded<KubeObject>(
    (object) => object,
    () => (said += 1),
    2,
  );
  const [a, b, c] = ['a', 'b', 'c'].map((name) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name } }));
  for (const each of [a, b]) policy.replaced?.(undefined, each && policy.keep(each));
  expect([said, c && policy.keep(c), said, a && policy.keep(a, a)]).toEqual([0, undefined, 1, a]);
});

describe('the times at which a container restarted', () => {
  const [first, second, third] = ['2026-01-01T00:00:00Z', '2026-01-01T00:05:00Z', '2026-01-01T00:10:00Z'];
  const terminated = (startedAt: string) => ({ terminated: { startedAt, finishedAt: startedAt, exitCode: 1 } });

  test.each([
    ['that runs for the first time', 0, { running: { startedAt: first } }, undefined, []],
    ['that runs again', 1, { running: { startedAt: second } }, terminated(first), [second]],
    ['that runs for the third time', 2, { running: { startedAt: third } }, terminated(second), [third, second]],
    ['that has ended', 2, terminated(third), terminated(second), [third, second]],
    ['that waits after its first run', 0, { waiting: {} }, terminated(first), []],
    ['that waits after its second run', 1, { waiting: {} }, terminated(second), [second]],
    ['of which nothing more is known', 7, { running: { startedAt: third } }, undefined, [third]],
    ['that has no status', 0, undefined, undefined, []],
  ])('%s are those that its status tells', (_, restartCount, state, lastState, times) => {
    const containerStatuses = [{ name: 'web', restartCount, state, lastState }];
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web' },
      spec: { containers: [{ name: 'web' }] },
      status: { containerStatuses },
    };
    expect(podNode(pod).containers?.[0]?.restartedAt).toEqual(times);
  });
});

test('a Release is at work while its operation goes on, and not once that is stalled', () => {
  const busy = (phase: string, stalled?: string): boolean => {
    const conditions = stalled === undefined ? [] : [{ type: 'Stalled', status: stalled, lastTransitionTime: '' }];
    return rowOf(release({ operation: { phase }, conditions })).busy;
  };
  expect(busy('After')).toBe(true);
  expect(busy('After', 'False')).toBe(true);
  expect(busy('After', 'True')).toBe(false);
  expect(busy('Done')).toBe(false);
  expect(rowOf(release({})).busy).toBe(false);
});
