import { describe, expect, test } from '@jest/globals';
import { contentDigest } from '../../../../records/index.ts';
import { observedContentOf } from '../../../../controller/history/observed-content.ts';
import type { ReleaseHistory } from '../../../../crds/index.ts';
import { content, history, release, versionSetBy } from '../releases.ts';
import { check, inForce, NOW } from './state-rows.ts';

const [A, B, C] = [content('a'), content('b'), content('c')];

describe('changes outside the spec', () => {
  const spec = { ...A, version: 1 };
  const histories = [history(1, A)];
  const status = inForce(1);
  check([
    {
      title: 'another digest of a range',
      spec,
      status,
      histories,
      more: { chartDigest: 'chart-9' },
      expected: { name: 'newVersion', version: 2, because: 'chart' },
    },
    {
      title: 'the same digest of a range',
      spec,
      status,
      histories,
      more: { chartDigest: 'chart-1' },
      expected: { name: 'upToDate', version: 1 },
    },
    {
      title: 'other data of valuesFrom',
      spec,
      status,
      histories,
      more: { inputs: 'other' },
      expected: { name: 'newVersion', version: 2, because: 'inputs' },
    },
    {
      title: 'neither can be read',
      spec,
      status,
      histories,
      more: { inputs: undefined },
      expected: { name: 'upToDate', version: 1 },
    },
    {
      title: 'an edit at the same time: one version, because of the content',
      spec: { ...B, version: 1 },
      status,
      histories,
      more: { inputs: 'other' },
      expected: { name: 'newVersion', version: 2, because: 'content' },
    },
  ]);
});

describe('an edit of spec.version', () => {
  const three = [history(1, A), history(2, B), history(3, C)];
  const failing = content('fails');
  const status = inForce(3, [1, 2]);
  const digest = contentDigest(failing);
  check([
    {
      title: 'wins over content that failed before',
      spec: { ...failing, version: 1 },
      status: { ...status, observedContent: { digest } },
      histories: three,
      expected: { name: 'recordedVersion', version: 1, by: 'user' },
    },
    {
      title: 'together with content is a conflict, and stays one',
      spec: { ...failing, version: 1 },
      status: { ...status, observedContent: { digest, besideVersion: 1 } },
      histories: three,
      expected: { name: 'versionConflict', asked: 1, current: 3 },
    },
    {
      title: 'to another version, alone after a conflict, wins',
      spec: { ...failing, version: 2 },
      status: { ...status, observedContent: { digest, besideVersion: 1 } },
      histories: three,
      expected: { name: 'recordedVersion', version: 2, by: 'user' },
    },
    {
      title: 'with content not seen before is a conflict',
      spec: { ...failing, version: 1 },
      status: { ...status, observedContent: { digest: contentDigest(C) } },
      histories: three,
      expected: { name: 'versionConflict', asked: 1, current: 3 },
    },
  ]);

  const asking = versionSetBy('kubectl-patch', 'Update');
  const claimed = versionSetBy('coxswain-version', 'Apply');
  test.each([
    ['new content', 3, claimed, undefined, { digest }],
    ['new content together with a version', 1, asking, undefined, { digest, besideVersion: 1 }],
    ['the same together with the same version', 1, asking, { digest, besideVersion: 1 }, { digest, besideVersion: 1 }],
    ['the same, and a version afterwards', 1, asking, { digest }, { digest }],
    ['the same, and another version afterwards', 2, asking, { digest, besideVersion: 1 }, { digest }],
    ['the same, and the version taken out', 3, claimed, { digest, besideVersion: 1 }, { digest }],
    ['other content', 3, claimed, { digest: contentDigest(C) }, { digest }],
  ])('is stored separately from content: %s', (_what, version, metadata, observedContent, expected) => {
    const before = observedContent ? { ...status, observedContent } : status;
    expect(observedContentOf(release({ ...failing, version }, before, metadata))).toEqual(expected);
  });
});

describe('content that a rollback undid', () => {
  const recorded = [history(1, A), history(2, B)];
  const status = { ...inForce(1, [2]), leftContent: contentDigest(B) };
  check([
    {
      title: 'asks for nothing when it is applied again',
      spec: { ...B, version: 1 },
      status,
      histories: recorded,
      expected: { name: 'leftContentApplied', version: 1, left: 2 },
    },
    {
      title: 'nor while its data changes',
      spec: { ...B, version: 1 },
      status,
      histories: recorded,
      more: { inputs: 'other', chartDigest: 'chart-9' },
      expected: { name: 'leftContentApplied', version: 1, left: 2 },
    },
    {
      title: 'need no longer be recorded',
      spec: { ...B, version: 1 },
      status,
      histories: [history(1, A)],
      expected: { name: 'leftContentApplied', version: 1, left: undefined },
    },
    {
      title: 'is no pending change while suspended',
      spec: { ...B, version: 1, suspend: true },
      status,
      histories: recorded,
      expected: { name: 'suspended', version: 1, isPending: false },
    },
    {
      title: 'returns with its version',
      spec: { ...B, version: 2 },
      status,
      histories: recorded,
      expected: { name: 'recordedVersion', version: 2, by: 'user' },
    },
    {
      title: 'does not block another version requested in the same edit',
      spec: { ...B, version: 3 },
      status,
      histories: [...recorded, history(3, C)],
      expected: { name: 'recordedVersion', version: 3, by: 'user' },
    },
    {
      title: 'gives way to other content',
      spec: { ...C, version: 1 },
      status,
      histories: recorded,
      expected: { name: 'newVersion', version: 3, because: 'content' },
    },
  ]);
});

describe('automatic versions', () => {
  const recordedAt = new Date(NOW).toISOString();
  const status = inForce(2, [1]);
  const after = (streak: number, ms: number) => ({
    status,
    spec: { ...A, version: 2 },
    histories: [history(1, A), inRow(history(2, A), streak, recordedAt)],
    more: { inputs: 'other', now: NOW + ms },
  });
  const changed = { name: 'newVersion', version: 3, because: 'inputs' } as const;
  const throttled = (ms: number) => ({ name: 'throttled', version: 2, because: 'inputs', dueAt: NOW + ms }) as const;
  check([
    { title: 'wait after another one', ...after(1, 500), expected: throttled(2_000) },
    { title: 'are made in time', ...after(1, 2_000), expected: changed },
    { title: 'wait longer the more there are', ...after(5, 10_000), expected: throttled(32_000) },
    { title: 'wait ten minutes at most', ...after(40, 10_000), expected: throttled(600_000) },
    { title: 'do not wait for a clock that was set back', ...after(1, -3_600_000), expected: throttled(-3_598_000) },
    {
      title: 'are not delayed by a person’s edit, nor delay one',
      ...after(5, 500),
      spec: { ...B, version: 2 },
      expected: { name: 'newVersion', version: 3, because: 'content' },
    },
  ]);
});

function inRow(given: ReleaseHistory, streak: number, recordedAt: string): ReleaseHistory {
  return { ...given, spec: { ...given.spec, cause: 'Inputs', streak, recordedAt } };
}
