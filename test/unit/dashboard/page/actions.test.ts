import { describe, expect, test } from '@jest/globals';
import type { VersionRow } from '../../../../dashboard/api/index.ts';
import { draftOf, dropDraft, keepDraft } from '../../../../dashboard/page/actions/drafts.ts';
import { editOn } from '../../../../dashboard/page/actions/edit-of.ts';
import { previewFor, questionOf } from '../../../../dashboard/page/actions/question.ts';
import { attemptAfter } from '../../../../dashboard/page/live/pace.ts';
import { versionToGoBackTo } from '../../../../dashboard/page/versions/go-back.ts';

describe('the preview of an action', () => {
  const web = { namespace: 'a', name: 'web', generation: 1 };
  const question = questionOf(web, { do: 'rollback', version: 1 });
  const answer = { lines: ['told'] };

  test('is shown once that very question is answered, or has failed', () => {
    expect(previewFor(question, { question, answer })).toEqual({ answer, error: undefined, busy: false });
    expect(previewFor(question, { question, error: 'why' })).toMatchObject({ error: 'why', busy: false });
    expect(previewFor(question, null)).toEqual({ answer: undefined, error: undefined, busy: true });
    expect(previewFor(null, { question, answer })).toEqual({ answer: undefined, error: undefined, busy: false });
  });

  test('is awaited again for another action, and when the release was edited', () => {
    for (const next of [
      questionOf(web, { do: 'rollback', version: 2 }),
      questionOf({ ...web, generation: 2 }, question.action),
    ])
      expect(previewFor(next, { question, answer })).toEqual({ answer, error: undefined, busy: true });
    expect(previewFor(questionOf({ ...web, generation: 2 }, question.action), { question, error: 'why' }).error).toBe(
      undefined,
    );
  });

  test('is never that of another release', () => {
    for (const other of [
      { ...web, name: 'db' },
      { ...web, namespace: 'b' },
    ])
      expect(previewFor(questionOf(other, question.action), { question, answer }).answer).toBe(undefined);
  });
});

describe('the version to roll back to', () => {
  const row = (version: number, more: Partial<VersionRow> = {}): VersionRow => ({
    version,
    inForce: false,
    createdAt: '',
    by: '',
    reason: '',
    cause: 'Edit',
    chart: 'web',
    chartVersion: '1.0.0',
    digest: '',
    changes: 1,
    unfinished: false,
    ...more,
  });

  test('is the newest sound one before the one in force', () => {
    const failed = row(3, { tests: 'Failed' });
    const never = row(2, { unfinished: true });
    expect(versionToGoBackTo([row(5), row(4, { inForce: true }), failed, never, row(1)])).toBe(1);
    expect(versionToGoBackTo([row(3), row(2, { unfinished: true })])).toBe(3);
  });

  test('is a later one if there is none before, and never the one in force', () => {
    expect(versionToGoBackTo([row(3), row(2), row(1, { inForce: true })])).toBe(3);
    expect(versionToGoBackTo([row(1, { inForce: true })])).toBe(undefined);
    expect(versionToGoBackTo([])).toBe(undefined);
  });
});

test('an edit includes what another user has edited meanwhile, except where something was typed', () => {
  const before = { values: 'a: 1', chartVersion: '1.0.0' };
  const now = { values: 'a: 2', chartVersion: '1.1.0' };
  expect(editOn(now, before, { values: 'a: 3', chartVersion: '1.0.0' })).toEqual({
    values: 'a: 3',
    chartVersion: '1.1.0',
  });
  expect(editOn(now, before, before)).toEqual(now);
});

test('a stream that keeps breaking at once is opened less and less often', () => {
  expect(attemptAfter(3, { brought: true, lastedMs: 100 })).toBe(4);
  expect(attemptAfter(3, { brought: false, lastedMs: 60_000 })).toBe(4);
  expect(attemptAfter(3, { brought: true, lastedMs: 60_000 })).toBe(1);
});

test('a draft that was not sent is restored, on top of the current release', () => {
  const begun = { values: 'a: 1', chartVersion: '1.0.0' };
  keepDraft('u', begun, { ...begun, values: 'a: 3' });
  expect(draftOf('u', { ...begun, chartVersion: '2.0.0' })).toEqual({ values: 'a: 3', chartVersion: '2.0.0' });
  expect(draftOf('other', begun)).toBeNull();
  keepDraft('u', begun, begun);
  expect(draftOf('u', begun)).toBeNull();
  keepDraft('u', begun, { ...begun, values: '' });
  dropDraft('u');
  expect(draftOf('u', begun)).toBeNull();
});
