import { expect, test } from '@jest/globals';
import { isInherited, ownershipOf, wereOrphaned } from '../../../../controller/history/owned-versions.ts';
import type { ReleaseHistory } from '../../../../crds/index.ts';
import { history, release } from '../releases.ts';

const web = release();

function owned(version: number): ReleaseHistory {
  const given = history(version);
  return { ...given, metadata: { ...given.metadata, ...ownershipOf(web) } };
}

function orphaned(version: number, more: Partial<ReleaseHistory['metadata']> = {}): ReleaseHistory {
  const { ownerReferences: _, ...metadata } = owned(version).metadata;
  return { ...owned(version), metadata: { ...metadata, ...more } };
}

const ELSEWHERE = { labels: { 'coxswain.dev/release-uid': 'of-another' } };

test.each<[string, ReleaseHistory[], boolean]>([
  ['none', [], false],
  ['all owned', [owned(1), owned(2)], false],
  ['one disowned by hand', [orphaned(1), owned(2)], false],
  ['all orphaned', [orphaned(1), orphaned(2)], true],
  ['those of a Release before it, or out of a backup', [orphaned(1, ELSEWHERE), orphaned(2, ELSEWHERE)], false],
  ['a copy under another name', [owned(1), orphaned(2, { name: 'web-v2-copy' })], false],
  ['nothing but a copy', [orphaned(2, { name: 'web-v2-copy' })], false],
])('versions were orphaned: %s', (_what, histories, expected) => {
  expect(wereOrphaned(histories, web)).toBe(expected);
});

test.each([
  ['2025-12-31T23:59:59Z', true],
  ['2026-01-01T00:00:00Z', false],
  ['2026-01-01T00:00:01Z', false],
])('a version of %s is inherited by a Release of midnight: %s', (creationTimestamp, expected) => {
  const younger = { ...web, metadata: { ...web.metadata, creationTimestamp: '2026-01-01T00:00:00Z' } };
  expect(isInherited(orphaned(1, { creationTimestamp }), younger)).toBe(expected);
});

test.each<[string, Partial<ReleaseHistory['metadata']>, boolean]>([
  ['of another Release', ELSEWHERE, true],
  ['taken over from another Release', { annotations: { 'coxswain.dev/inherited': 'true' } }, true],
  ['its own', {}, false],
  ['of Helm', { ...ELSEWHERE, annotations: { 'coxswain.dev/helm-revision': '1' } }, false],
])('a version of the same second that is %s is inherited: %s', (_what, metadata, expected) => {
  expect(isInherited(orphaned(1, metadata), web)).toBe(expected);
});
