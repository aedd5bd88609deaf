import { describe, expect, test } from '@jest/globals';
import { memoryFor } from '../../../../controller/versions/inputs/generated-values.ts';
import type { VersionRecord } from '../../../../records/index.ts';
import type { ReleaseContent, Renewal } from '../../../../crds/index.ts';
import { CHART, content } from '../releases.ts';

const A = 'web/templates/a.yaml 0123';
const B = 'web/templates/b.yaml 4567';
const BOTH = { [A]: 'of a', [B]: 'of b' };

/** What is to be renewed, by path: on a token, or with every version. */
type Renewals = Record<string, string | typeof EVERY_VERSION>;

const EVERY_VERSION = Symbol('EveryVersion');

function contentWith(renewals?: Renewals): ReleaseContent {
  const renew = Object.entries(renewals ?? {}).map(([path, token]): Renewal =>
    token === EVERY_VERSION ? { path, policy: 'EveryVersion' } : { path, policy: 'OnNewToken', token: String(token) },
  );
  return content('a', renewals && { generatedValues: { renew } });
}

function recordWith(renewals?: Renewals): VersionRecord {
  const given = contentWith(renewals);
  return { content: given, values: {}, objects: [], hooks: [], crds: [], remembered: BOTH };
}

describe('memoryFor', () => {
  test.each<[what: string, before: Renewals | undefined, now: Renewals | undefined, remembered: object]>([
    ['nothing to renew', undefined, undefined, BOTH],
    ['all to be renewed', undefined, { '*': '1' }, {}],
    ['the same entry as before', { '*': '1' }, { '*': '1' }, BOTH],
    ['the same entry with another token', { '*': '1' }, { '*': '2' }, {}],
    ['the previous entry removed', { '*': '1' }, undefined, BOTH],
    ['one template', { '*': '1' }, { '*': '1', 'web/templates/a.yaml': '1' }, { [B]: 'of b' }],
    ['a folder', undefined, { 'web/templates': '1' }, {}],
    ['two templates', undefined, { 'web/templates/a.yaml': '1', 'web/templates/b.yaml': '1' }, {}],
    ['a template that does not exist', undefined, { 'web/templates/c.yaml': '1' }, BOTH],
    [
      'with every version, again',
      { 'web/templates/b.yaml': EVERY_VERSION },
      { 'web/templates/b.yaml': EVERY_VERSION },
      { [A]: 'of a' },
    ],
    ['with every version until a token', { '*': EVERY_VERSION }, { '*': '1' }, {}],
  ])('%s', (...[, before, now, remembered]) => {
    expect(memoryFor(contentWith(now), recordWith(before))).toEqual({ remembered, time: 'real' });
  });

  test('a first version remembers nothing, nor does one after a version recorded without a memory', () => {
    const { remembered: _, ...without } = recordWith();
    expect(memoryFor(content('a'), undefined)).toEqual({ remembered: {}, time: 'real' });
    expect(memoryFor(content('a'), without)).toEqual({ remembered: {}, time: 'real' });
  });

  test('times are kept on request', () => {
    expect(memoryFor({ chart: CHART, generatedValues: { time: 'Kept' } }, undefined).time).toBe('kept');
    expect(memoryFor({ chart: CHART, generatedValues: { time: 'Real' } }, undefined).time).toBe('real');
  });
});
