import { describe, expect, test } from '@jest/globals';
import { statusDiffers, summariesOf } from '../../../../controller/status/status.ts';
import type { ReleaseStatus } from '../../../../crds/index.ts';
import { history } from '../releases.ts';

describe('summariesOf', () => {
  const three = [history(1), history(2), history(3)];
  const rowOf = (version: number) => ({ version, chart: 'web-1.0.0', time: '2026-01-01T00:00:00Z', description: '' });
  const shown = (before: number[], inForce: number | undefined) =>
    summariesOf(three, before.map(rowOf), inForce).map(({ version }) => version);

  test.each<[string, number[], number | undefined, number[]]>([
    ['none was ever in force', [], undefined, []],
    ['the one in force', [], 1, [1]],
    ['those that were, newest first', [1, 2], 3, [3, 2, 1]],
    ['not what was recorded and never in force', [1], 3, [3, 1]],
    ['after going back', [3, 2, 1], 1, [3, 2, 1]],
    ['not what is no longer recorded', [9, 1], 3, [3, 1]],
  ])('%s', (_title, before, inForce, expected) => {
    expect(shown(before, inForce)).toEqual(expected);
  });

  test('tell chart, time and description as recorded', () => {
    expect(summariesOf([history(2)], [], 2)).toEqual([
      { version: 2, chart: 'web-1.0.2', appVersion: '2', time: '2026-01-02T00:00:00Z', description: 'Upgrade to 2' },
    ]);
  });
});

describe('statusDiffers', () => {
  const status: ReleaseStatus = { version: 1, health: 'Green', hooks: [] };
  test.each<[string, ReleaseStatus, ReleaseStatus | undefined, boolean]>([
    ['the same', status, { ...status }, false],
    ['other order of keys', status, { hooks: [], health: 'Green', version: 1 }, false],
    ['none yet', status, undefined, true],
    ['nothing to say of none', {}, undefined, false],
    ['a value', status, { ...status, version: 2 }, true],
    ['one more key', status, { ...status, message: '' }, true],
    ['one key less', status, { version: 1, health: 'Green' }, true],
  ])('%s', (_title, now, stored, expected) => {
    expect(statusDiffers(now, stored)).toBe(expected);
  });
});
