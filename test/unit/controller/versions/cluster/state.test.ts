import { describe } from '@jest/globals';
import type { ClusterAnswers, ReleaseHistory, ReleaseStatus } from '../../../../../crds/index.ts';
import { answersNow } from '../../../../../controller/versions/cluster/answers.ts';
import type { Offer } from '../../../../../kube/index.ts';
import { digestOfJson } from '../../../../../resources/index.ts';
import { content, history } from '../../releases.ts';
import { check, inForce, NOW } from '../state-rows.ts';

// Content and inputs are those in force in all rows.

const [A, B] = [content('a'), content('b')];
const ABSENT: ClusterAnswers = { absent: ['a.io/v1'] };

function offer(...names: string[]): Offer {
  const kubeVersion = { gitVersion: 'v1.33.4', major: '1', minor: '33' };
  return { kubeVersion, names: new Set(names), silentGroups: new Set(), digest: names.join() };
}

function asking(
  given: ReleaseHistory,
  cluster: ClusterAnswers,
  more: Partial<ReleaseHistory['spec']> = {},
): ReleaseHistory {
  return { ...given, spec: { ...given.spec, ...more, cluster } };
}

function done(version: number, were: number[] = [], more: Partial<ReleaseStatus> = {}): ReleaseStatus {
  const operation = { type: 'Upgrade', version, phase: 'Done', startedAt: '2026-01-01T00:00:00Z' } as const;
  return { ...inForce(version, were), operation, ...more };
}

const spec = { ...A, version: 1 };
const histories = [asking(history(1, A), ABSENT)];
const status = done(1);
const served = { offer: offer('a.io/v1') };
const upToDate = { name: 'upToDate', version: 1 } as const;

/** Version 2 was recorded long before, and failed before its first objects were applied. */
const LEFT_BY_HAND = done(1, [], {
  operation: { type: 'Rollback', version: 1, from: 1, phase: 'Done', startedAt: '2026-01-20T00:00:00Z' },
});
const ROLLED_BACK = { version: 2, to: 1, reason: 'HookFailed', message: '', at: '2026-01-20T00:00:00Z' } as const;
const LEFT = [
  { how: 'by hand', status: LEFT_BY_HAND },
  { how: 'because it failed', status: done(1, [], { rolledBack: ROLLED_BACK }) },
];

function onlyPlanned(given: ReleaseHistory): ReleaseHistory {
  const annotations = { 'coxswain.dev/planned': 'true' };
  return { ...given, metadata: { ...given.metadata, annotations } };
}

describe('the cluster’s answer', () => {
  check([
    { title: 'is the same', spec, status, histories, more: { offer: offer('b.io/v1') }, expected: upToDate },
    { title: 'is not known', spec, status, histories, more: {}, expected: upToDate },
    { title: 'was not asked', spec, status, histories: [history(1, A)], more: served, expected: upToDate },
    {
      title: 'is a different one',
      spec,
      status,
      histories,
      more: served,
      expected: { name: 'newVersion', version: 2, because: 'cluster' },
    },
    {
      title: 'was looked at and changes nothing',
      spec,
      status: done(1, [], { cluster: digestOfJson(answersNow(ABSENT, served.offer)) }),
      histories,
      more: served,
      expected: upToDate,
    },
    {
      title: 'does not count if the Release says so',
      spec: { ...spec, clusterChanges: 'Ignore' },
      status,
      histories,
      more: served,
      expected: upToDate,
    },
    {
      title: 'does not count while suspended',
      spec: { ...spec, suspend: true },
      status,
      histories,
      more: served,
      expected: { name: 'suspended', version: 1, isPending: false },
    },
    {
      title: 'does not count during an operation',
      spec,
      status: done(1, [], { operation: { type: 'Install', version: 1, phase: 'After', startedAt: '' } }),
      histories,
      more: served,
      expected: upToDate,
    },
    {
      title: 'does not count at an older version that was rolled back to',
      spec,
      status: done(1, [2]),
      histories: [...histories, asking(history(2, B), ABSENT)],
      more: served,
      expected: upToDate,
    },
    ...LEFT.map(({ how, status: left }) => ({
      title: `does not count at a version that was rolled back to from one that was never in force: ${how}`,
      spec,
      status: left,
      histories: [...histories, asking(history(2, B), ABSENT)],
      more: served,
      expected: upToDate,
    })),
    {
      title: 'counts beside a version that was recorded later and never begun',
      spec,
      status,
      histories: [...histories, asking(history(2, B), ABSENT, { recordedAt: new Date(NOW).toISOString() })],
      more: served,
      expected: { name: 'newVersion', version: 3, because: 'cluster' },
    },
    {
      title: 'counts beside a version that was only planned',
      spec,
      status: LEFT_BY_HAND,
      histories: [...histories, onlyPlanned(asking(history(2, B), ABSENT))],
      more: served,
      expected: { name: 'newVersion', version: 3, because: 'cluster' },
    },
    {
      title: 'comes after data that have changed too',
      spec,
      status,
      histories,
      more: { ...served, inputs: 'other' },
      expected: { name: 'newVersion', version: 2, because: 'inputs' },
    },
    {
      title: 'led to a version that was recorded before the controller died',
      spec,
      status,
      histories: [...histories, asking(history(2, A), { served: ['a.io/v1'] }, { cause: 'Cluster' })],
      more: served,
      expected: { name: 'recordedVersion', version: 2, by: 'interruption' },
    },
    {
      title: 'has changed since a plan was made that waits for approval',
      spec: { ...B, version: 1, approval: 'Manual' },
      status,
      histories: [...histories, asking(history(2, B), ABSENT, { recordedAt: new Date(NOW).toISOString() })],
      more: served,
      expected: { name: 'throttled', version: 1, because: 'cluster', dueAt: NOW + 2_000, isPlanned: true },
    },
    {
      title: 'has changed again since the next version was recorded',
      spec,
      status,
      histories: [
        ...histories,
        asking(history(2, A), { served: ['a.io/v1'], absent: ['b.io/v1'] }, { cause: 'Cluster' }),
      ],
      more: { offer: offer('a.io/v1', 'b.io/v1') },
      expected: { name: 'newVersion', version: 3, because: 'cluster' },
    },
  ]);
});
