import { expect, test } from '@jest/globals';
import type { Release } from '../../../../crds/index.ts';
import { eventOf, madeOf } from '../../../../dashboard/server/live/made.ts';
import { viewOf } from '../../../../dashboard/server/live/release-view.ts';
import type { Made } from '../../../../dashboard/server/live/tree.ts';
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

function made(kind: string, name: string, owner: string, more: object = {}): Made {
  const [ownerKind = '', ownerName = ''] = owner.split('/');
  const ownerReferences = [{ apiVersion: 'v1', kind: ownerKind, name: ownerName, uid: '', controller: true }];
  const object = {
    apiVersion: 'v1',
    kind,
    metadata: { name, namespace: 'shop-dev', uid: name, ownerReferences },
    ...more,
  };
  const found = madeOf(object as unknown as KubeObject);
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
        lastState: { terminated: { exitCode: 1, finishedAt: '2026-01-01T00:00:00Z' } },
      },
    ],
  },
};

test('the tree leads from the Release to the containers, each with its colour and cause', () => {
  const surroundings = {
    made: [
      made('ReplicaSet', 'web-1', 'Deployment/web', { spec: { replicas: 1 } }),
      made('Pod', 'web-1-a', 'ReplicaSet/web-1', CRASHING),
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
  const pod = view.tree.children[0]?.children[0]?.children[0];
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
        cause: 'back-off; ended before with exit code 1',
        lastEnded: '2026-01-01T00:00:00Z',
      },
    ],
  });
});

test('objects that say that they own each other end the tree, and thousands are counted', () => {
  const circle = [made('Job', 'a', 'Job/b'), made('Job', 'b', 'Job/a')];
  const job = { ...DEPLOYMENT, group: 'batch', kind: 'Job', name: 'a' };
  const crowd = Array.from({ length: 3_000 }, (_, index) => made('Pod', `p${index}`, 'Deployment/web', {}));
  const { tree, missing } = viewOf(release({ resources: [job, DEPLOYMENT] }), {
    made: [...circle, ...crowd],
    events: [],
    missing: [],
  });
  const depth = (nodes: typeof tree.children): number =>
    1 + Math.max(0, ...nodes.map(({ children }) => depth(children)));
  expect(depth(tree.children)).toBeLessThan(10);
  expect(missing).toEqual([expect.stringMatching(/^10\d\d more objects are not shown$/)]);
});

test('of a replaced ReplicaSet nothing is kept, and of events those of the tree are shown, the newest last', () => {
  const replaced = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'old' },
    spec: { replicas: 0 },
    status: { replicas: 0 },
  };
  expect(madeOf(replaced)).toBeUndefined();
  const event = (kind: string, name: string, lastTimestamp: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: lastTimestamp },
    involvedObject: { kind, name },
    lastTimestamp,
    type: 'Warning',
    reason: 'BackOff',
    message: '<b>',
  });
  const events = [
    event('Deployment', 'web', '2026-01-02T00:00:00Z'),
    event('Release', 'web', '2026-01-01T00:00:00Z'),
    event('Pod', 'other', '2026-01-03T00:00:00Z'),
  ];
  const view = viewOf(release({ resources: [DEPLOYMENT] }), {
    made: [],
    events: events.map((each) => eventOf(each).row),
    missing: [],
  });
  expect(view.events.map(({ object }) => object)).toEqual(['Release/web', 'Deployment/web']);
});
