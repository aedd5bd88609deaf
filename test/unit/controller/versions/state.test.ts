import { describe, expect, test } from '@jest/globals';
import { isDecidedBySpec, type State } from '../../../../controller/versions/state.ts';
import type { ReleaseHistory } from '../../../../crds/index.ts';
import { content, history } from '../releases.ts';
import { check, inForce } from './state-rows.ts';

const [A, B, C] = [content('a'), content('b'), content('c')];

describe('a new Release', () => {
  const first = { name: 'newVersion', version: 1, because: 'install' } as const;
  check([
    { title: 'records version 1', spec: A, expected: first },
    { title: 'may ask for version 1', spec: { ...A, version: 1 }, expected: first },
    {
      title: 'continues from its spec.version',
      spec: { ...A, version: 3 },
      expected: { name: 'newVersion', version: 3, because: 'install' },
    },
    {
      title: 'waits while it is suspended',
      spec: { ...A, suspend: true },
      expected: { name: 'suspended', version: undefined, isPending: true },
    },
  ]);
});

describe('the table of versions', () => {
  const three = [history(1, A), history(2, B), history(3, C)];
  check([
    {
      title: 'nothing changed: up to date',
      spec: { ...C, version: 3 },
      status: inForce(3, [1, 2]),
      histories: three,
      expected: { name: 'upToDate', version: 3 },
    },
    {
      title: 'content changed, version left alone: the highest plus one',
      spec: { ...content('d'), version: 3 },
      status: inForce(3, [1, 2]),
      histories: three,
      expected: { name: 'newVersion', version: 4, because: 'content' },
    },
    {
      title: 'content of an older version, version left alone: a new version all the same',
      spec: { ...A, version: 3 },
      status: inForce(3, [1, 2]),
      histories: three,
      expected: { name: 'newVersion', version: 4, because: 'content' },
    },
    {
      title: 'an older version alone: used',
      spec: { ...C, version: 1 },
      status: inForce(3, [1, 2]),
      histories: three,
      expected: { name: 'recordedVersion', version: 1, by: 'user' },
    },
    {
      title: 'an older version with the content it had: used',
      spec: { ...A, version: 1 },
      status: inForce(3, [1, 2]),
      histories: three,
      expected: { name: 'recordedVersion', version: 1, by: 'user' },
    },
    {
      title: 'a version that is not recorded: unknown, whatever the content',
      spec: { ...content('d'), version: 7 },
      status: inForce(3, [1, 2]),
      histories: three,
      expected: { name: 'versionNotFound', asked: 7, known: [1, 2, 3] },
    },
    {
      title: 'version and content to things that disagree: a conflict',
      spec: { ...content('d'), version: 1 },
      status: inForce(3, [1, 2]),
      histories: three,
      expected: { name: 'versionConflict', asked: 1, current: 3 },
    },
    {
      title: 'the content of a third version beside an older one: a conflict',
      spec: { ...B, version: 1 },
      status: inForce(3, [1, 2]),
      histories: three,
      expected: { name: 'versionConflict', asked: 1, current: 3 },
    },
    {
      title: 'a manifest without version: as if it had not been touched',
      spec: C,
      status: inForce(3, [1, 2]),
      histories: three,
      expected: { name: 'upToDate', version: 3 },
    },
    {
      title: 'a manifest without version and with other content: the highest plus one',
      spec: content('d'),
      status: inForce(3, [1, 2]),
      histories: three,
      expected: { name: 'newVersion', version: 4, because: 'content' },
    },
  ]);
});

describe('after going back to version 1 of 3', () => {
  const three = [history(1, A), history(2, B), history(3, C)];
  const back = inForce(1, [3, 2]);
  const { inputs: _, ...withoutInputs } = back;
  const spec = { ...A, version: 1 };
  check([
    { title: 'it stays', spec, status: back, histories: three, expected: { name: 'upToDate', version: 1 } },
    {
      title: 'a change of content becomes the highest plus one',
      spec: { ...content('d'), version: 1 },
      status: back,
      histories: three,
      expected: { name: 'newVersion', version: 4, because: 'content' },
    },
    {
      title: 'so does the content that was rolled back from',
      spec: { ...C, version: 1 },
      status: back,
      histories: three,
      expected: { name: 'newVersion', version: 4, because: 'content' },
    },
    {
      title: 'going forward again is a choice like any other',
      spec: { ...A, version: 3 },
      status: back,
      histories: three,
      expected: { name: 'recordedVersion', version: 3, by: 'user' },
    },
    {
      title: 'the chart that was rolled back from is nothing new',
      spec,
      status: { ...back, followed: { range: '^1.0.0', digest: 'chart-3' } },
      histories: three,
      more: { chartDigest: 'chart-3' },
      expected: { name: 'upToDate', version: 1 },
    },
    {
      title: 'a chart pushed later is',
      spec,
      status: { ...back, followed: { range: '^1.0.0', digest: 'chart-3' } },
      histories: three,
      more: { chartDigest: 'chart-4' },
      expected: { name: 'newVersion', version: 4, because: 'chart' },
    },
    {
      title: 'before the reference was resolved, nothing is new',
      spec,
      status: { ...back, followed: { range: '^1.0.0' } },
      histories: three,
      more: { chartDigest: 'chart-3' },
      expected: { name: 'upToDate', version: 1 },
    },
    {
      title: 'a version recorded with the chart that was rolled back to is used, not recorded twice',
      spec: { ...content('d'), version: 1 },
      status: { ...back, followed: { range: '^1.0.0', digest: 'chart-3' } },
      histories: [...three, withChartOf(1, history(4, content('d')))],
      more: { chartDigest: 'chart-3' },
      expected: { name: 'recordedVersion', version: 4, by: 'interruption' },
    },
    {
      title: 'the earlier data of valuesFrom is no change',
      spec,
      status: { ...back, inputs: 'seen then' },
      histories: three,
      more: { inputs: 'seen then' },
      expected: { name: 'upToDate', version: 1 },
    },
    {
      title: 'a later change of data makes a version',
      spec,
      status: { ...back, inputs: 'seen then' },
      histories: three,
      more: { inputs: 'later' },
      expected: { name: 'newVersion', version: 4, because: 'inputs' },
    },
    {
      title: 'before any data was seen, nothing has changed',
      spec,
      status: withoutInputs,
      histories: three,
      more: { inputs: undefined },
      expected: { name: 'upToDate', version: 1 },
    },
  ]);
});

describe('deletion and suspension', () => {
  const histories = [history(1, A), history(2, B)];
  check([
    {
      title: 'deletion comes before anything else',
      spec: { ...C, version: 9, suspend: true },
      status: inForce(2, [1]),
      metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' },
      histories,
      expected: { name: 'deleted' },
    },
    {
      title: 'suspension holds changes back',
      spec: { ...C, version: 2, suspend: true },
      status: inForce(2, [1]),
      histories,
      expected: { name: 'suspended', version: 2, isPending: true },
    },
    {
      title: 'suspension with nothing pending',
      spec: { ...B, suspend: true },
      status: inForce(2, [1]),
      histories,
      expected: { name: 'suspended', version: 2, isPending: false },
    },
    {
      title: 'suspension holds choices back',
      spec: { ...B, version: 1, suspend: true },
      status: inForce(2, [1]),
      histories,
      expected: { name: 'suspended', version: 2, isPending: true },
    },
  ]);
});

test.each<[boolean, State]>([
  [true, { name: 'recordedVersion', version: 1, by: 'user' }],
  [true, { name: 'versionNotFound', asked: 9, known: [1] }],
  [true, { name: 'versionConflict', asked: 1, current: 2 }],
  [true, { name: 'suspended', version: 1, isPending: false }],
  [true, { name: 'deleted' }],
  [false, { name: 'recordedVersion', version: 1, by: 'interruption' }],
  [false, { name: 'upToDate', version: 1 }],
  [false, { name: 'throttled', version: 1, because: 'chart', dueAt: 7 }],
  [false, { name: 'newVersion', version: 2, because: 'content' }],
])('isDecidedBySpec is %s for %j', (expected, given) => {
  expect(isDecidedBySpec(given)).toBe(expected);
});

function withChartOf(version: number, given: ReleaseHistory): ReleaseHistory {
  return { ...given, spec: { ...given.spec, resolved: history(version).spec.resolved } };
}

describe('a version that failed', () => {
  const histories = [history(1, A), history(2, B)];
  const rolledBack = { version: 2, to: 1, reason: 'Unhealthy', message: '', at: '2026-01-01T00:00:00Z' } as const;
  const failed = { ...inForce(2, [1]), rolledBack };
  const back = { name: 'recordedVersion', version: 1, by: 'failure' } as const;
  const onFailure = { strategy: 'Rollback', delay: '30s', redTimeout: '1m' } as const;
  check([
    { title: 'is rolled back', spec: { ...B, version: 2, onFailure }, status: failed, histories, expected: back },
    {
      title: 'unless it has been Green since',
      spec: { ...B, version: 2, onFailure },
      status: { ...failed, lastGreen: 2 },
      histories,
      expected: { name: 'upToDate', version: 2 },
    },
    {
      title: 'or automatic rollback is switched off',
      spec: { ...B, version: 2, onFailure: { ...onFailure, strategy: 'Stop' } },
      status: failed,
      histories,
      expected: { name: 'upToDate', version: 2 },
    },
    {
      title: 'even where the content was already overwritten',
      spec: { ...A, version: 2 },
      status: failed,
      histories,
      expected: back,
    },
    {
      title: 'but not where the content was edited since',
      spec: { ...C, version: 2 },
      status: failed,
      histories,
      expected: { name: 'newVersion', version: 3, because: 'content' },
    },
    {
      title: 'nor while suspended',
      spec: { ...B, version: 2, suspend: true },
      status: failed,
      histories,
      expected: { name: 'suspended', version: 2, isPending: false },
    },
    {
      title: 'is left alone once the other one is in force',
      spec: { ...A, version: 1 },
      status: { ...inForce(1, [2]), rolledBack },
      histories,
      expected: { name: 'upToDate', version: 1 },
    },
  ]);
});
