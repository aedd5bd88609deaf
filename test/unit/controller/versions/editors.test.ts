import { describe, expect, test } from '@jest/globals';
import { editorsOf, type Edit } from '../../../../controller/versions/editors.ts';
import { CHART } from '../releases.ts';

const SECOND = '2026-01-01T00:00:01Z';

function edit(manager: string, spec: Record<string, unknown>, time = SECOND, operation = 'Update'): Edit {
  return { manager, operation, time, fieldsV1: { 'f:spec': spec } } as Edit;
}

const OWNS_CHART = { 'f:chart': { 'f:registry': {}, 'f:name': {}, 'f:version': {} } };
const before = { chart: CHART, values: { a: 1, b: { c: 2 } } };

describe('editorsOf', () => {
  test('names the owner of what changed, not of other writes in the same second', () => {
    const after = { ...before, values: { a: 7, b: { c: 2 } } };
    const fields = [
      edit('kubectl-edit', { 'f:values': { 'f:a': {} } }),
      edit('kubectl-scale', { 'f:interval': {} }),
      edit('kubectl-create', { ...OWNS_CHART, 'f:values': { 'f:b': { 'f:c': {} } } }),
    ];
    expect(editorsOf(before, after, fields)).toEqual(['kubectl-edit']);
  });

  test('names everyone whose edits became one version, in order', () => {
    const after = { ...before, values: { a: 7, b: { c: 8 } } };
    const fields = [
      edit('later', { 'f:values': { 'f:b': { 'f:c': {} } } }, '2026-01-01T00:00:09Z'),
      edit('first', { 'f:values': { 'f:a': {} } }),
    ];
    expect(editorsOf(before, after, fields)).toEqual(['first', 'later']);
  });

  test('names who created the first version', () => {
    const fields = [
      edit('kubectl-create-release', { ...OWNS_CHART, 'f:values': {} }),
      edit('other', { 'f:suspend': {} }),
    ];
    expect(editorsOf(undefined, before, fields)).toEqual(['kubectl-create-release']);
  });

  test('names the owner of a list or a map as a whole', () => {
    const after = { ...before, values: { ...before.values, list: [1], empty: {} } };
    const fields = [edit('one', { 'f:values': { 'f:list': {} } }), edit('two', { 'f:values': { 'f:empty': {} } })];
    expect(editorsOf(before, after, fields)).toEqual(['one', 'two']);
  });

  test('names the owner of a renewal entry, not of another one', () => {
    const renew = (path: string, token: string) => ({ path, policy: 'OnNewToken', token }) as const;
    const one = { ...before, generatedValues: { renew: [renew('a', '1'), renew('b', '1')] } };
    const other = { ...before, generatedValues: { renew: [renew('b', '2'), renew('a', '1')] } };
    const owned = (path: string) => ({
      'f:generatedValues': { 'f:renew': { [`k:${JSON.stringify({ path })}`]: { 'f:path': {}, 'f:token': {} } } },
    });
    expect(editorsOf(one, other, [edit('of a', owned('a')), edit('of b', owned('b'))])).toEqual(['of b']);
    const inValues = { ...before, values: { renew: [renew('a', '1')] } };
    expect(editorsOf(before, inValues, [edit('of values', { 'f:values': { 'f:renew': {} } })])).toEqual(['of values']);
  });

  test('for removed fields names the only one that has applied since, and never guesses', () => {
    const after = { ...before, values: { a: 1 } };
    const applied = edit('argocd', OWNS_CHART, '2026-01-01T00:00:05Z', 'Apply');
    const earlier = edit('flux', OWNS_CHART, '2025-01-01T00:00:05Z', 'Apply');
    const patched = edit('kubectl-patch', { 'f:interval': {} }, '2026-01-01T00:00:06Z');
    const since = '2026-01-01T00:00:01.500Z';
    expect(editorsOf(before, after, [applied, earlier, patched], since)).toEqual(['argocd']);
    expect(editorsOf(before, after, [patched], since)).toEqual([]);
    expect(editorsOf(before, after, [applied, { ...applied, manager: 'helm' }], since)).toEqual([]);
  });

  test('keys in values that objects inherit are ordinary keys', () => {
    const after = { ...before, values: { ...before.values, constructor: 1 } };
    expect(editorsOf(before, after, [edit('a', { 'f:values': { 'f:constructor': {} } })])).toEqual(['a']);
    expect(editorsOf(before, after, [edit('a', { 'f:values': { 'f:a': {} } })])).toEqual([]);
  });
});
