import { expect, test } from '@jest/globals';

import { historyTable } from '../../../../cli/release/history.ts';
import { plainTerminal } from '../plain-terminal.ts';
import { historyOf, releaseWith } from './release-objects.ts';

test('the version in force is marked, an install counts no changes', () => {
  const histories = [historyOf(2, 1, [], 4), historyOf(1, undefined, [])];
  const text = historyTable(
    releaseWith({ version: 1 }),
    histories,
    Date.parse('2026-01-01T00:05:00Z'),
    plainTerminal(),
  );
  expect(text.split('\n').map((line) => line.split(/ {3,}/))).toEqual([
    ['VERSION', 'CHART', 'APP VERSION', 'CHANGES', 'CHANGED BY', 'AGE', 'DESCRIPTION'],
    ['2', 'web-1.0.2', '<none>', '4', '<none>', '5m', 'Upgrade'],
    ['1 *', 'web-1.0.1', '<none>', '<none>', '<none>', '5m', 'Install'],
  ]);
});
