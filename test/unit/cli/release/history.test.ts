import { expect, test } from '@jest/globals';

import type { ReleaseHistory } from '../../../../crds/index.ts';
import { historyTable } from '../../../../cli/release/history.ts';
import { plainTerminal } from '../plain-terminal.ts';
import { historyWith, releaseWith } from './release-objects.ts';

test('the version in force is marked, an install counts no changes', () => {
  const histories = [historyWith(2, 1, [], 4), historyWith(1, undefined, [])];
  const options = { nowMs: Date.parse('2026-01-01T00:05:00Z'), isWide: false };
  const text = historyTable(releaseWith({ version: 1 }), histories, plainTerminal(), options);
  expect(text.split('\n').map((line) => line.split(/ {3,}/))).toEqual([
    ['VERSION', 'CHART', 'APP VERSION', 'CHANGES', 'CHANGED BY', 'AGE', 'DESCRIPTION'],
    ['2', 'web-1.0.2', '<none>', '4', '<none>', '5m', 'Upgrade'],
    ['1 *', 'web-1.0.1', '<none>', '<none>', '<none>', '5m', 'Install'],
  ]);
});

test('a wide table shows the version of Helm where a version names one', () => {
  const [asHelm3, named] = [historyWith(2, 1, []), historyWith(1, undefined, [])];
  const histories: ReleaseHistory[] = [{ ...asHelm3, spec: { ...asHelm3.spec, helmVersion: 'v3' } }, named];
  const text = historyTable(releaseWith({ version: 2 }), histories, plainTerminal(), { nowMs: 0, isWide: true });
  const columns = text.split('\n').map((line) => line.split(/ {3,}/));
  expect(columns.map((cells) => cells[3])).toEqual(['HELM VERSION', 'v3', '<none>']);
});
