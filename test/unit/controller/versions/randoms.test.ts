import { describe, expect, test } from '@jest/globals';
import { memoryFor } from '../../../../controller/versions/randoms.ts';
import type { VersionRecord } from '../../../../controller/history/record.ts';
import type { Randoms } from '../../../../crds/index.ts';
import { CHART, content } from '../releases.ts';

const A = 'web/templates/a.yaml 0123';
const B = 'web/templates/b.yaml 4567';
const BOTH = { [A]: 'of a', [B]: 'of b' };

function recordWith(rotate?: Randoms['rotate']): VersionRecord {
  const given = content('a', rotate && { randoms: { rotate } });
  return { content: given, values: {}, objects: [], hooks: [], crds: [], remembered: BOTH };
}

describe('memoryFor', () => {
  test.each<[what: string, before: Randoms['rotate'], now: Randoms['rotate'], remembered: object]>([
    ['nothing said', undefined, undefined, BOTH],
    ['all to be drawn anew', undefined, { '*': '1' }, {}],
    ['what was said before already', { '*': '1' }, { '*': '1' }, BOTH],
    ['the same said otherwise', { '*': '1' }, { '*': '2' }, {}],
    ['what was said before taken out', { '*': '1' }, undefined, BOTH],
    ['one template', { '*': '1' }, { '*': '1', 'web/templates/a.yaml': '1' }, { [B]: 'of b' }],
    ['a folder', undefined, { 'web/templates': '1' }, {}],
    ['two templates', undefined, { 'web/templates/a.yaml': '1', 'web/templates/b.yaml': '1' }, {}],
    ['a template that is not there', undefined, { 'web/templates/c.yaml': '1' }, BOTH],
    ['always, again', { 'web/templates/b.yaml': 'Always' }, { 'web/templates/b.yaml': 'Always' }, { [A]: 'of a' }],
  ])('%s', (...[, before, now, remembered]) => {
    const given = content('a', now && { randoms: { rotate: now } });
    expect(memoryFor(given, recordWith(before))).toEqual({ remembered, time: 'real' });
  });

  test('a first version remembers nothing, nor does one after a version that was recorded without', () => {
    const { remembered: _, ...without } = recordWith();
    expect(memoryFor(content('a'), undefined)).toEqual({ remembered: {}, time: 'real' });
    expect(memoryFor(content('a'), without)).toEqual({ remembered: {}, time: 'real' });
  });

  test('times are kept where that is asked for', () => {
    expect(memoryFor({ chart: CHART, randoms: { time: 'Kept' } }, undefined).time).toBe('kept');
    expect(memoryFor({ chart: CHART, randoms: { time: 'Real' } }, undefined).time).toBe('real');
  });
});
