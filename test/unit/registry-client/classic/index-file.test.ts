import { describe, expect, test } from '@jest/globals';

import { versionsInIndex } from '../../../../registry-client/classic/index-file.ts';
import { partOfIndex } from '../../../../registry-client/classic/index-part.ts';
import { cpuMs } from '../../../support/cpu-time.ts';

const MIB = 1024 * 1024;
const SMALL = 256 * 1024;

const found = (index: string, name = 'web'): string[] | undefined =>
  versionsInIndex(Buffer.from(index), name)?.map(({ version, urls }) => `${version.original} ${urls.join()}`);
/** The same index, too large to be read as a whole without need. */
const enlarged = (index: string): string => `${index}\n${' '.repeat(SMALL)}\n`;

const entry = (version: string, indent = '  '): string =>
  `${indent}- name: web\n${indent}  version: ${version}\n${indent}  urls:\n${indent}  - web-${version}.tgz\n`;

describe('a large index', () => {
  test.each<[string, string]>([
    [
      'as Helm writes it',
      `apiVersion: v1\nentries:\n  other:\n${entry('9.0.0')}  web:\n${entry('1.0.0')}${entry('1.1.0')}generated: "now"\n`,
    ],
    ['with deeper lists', `entries:\n  web:\n${entry('1.0.0', '    ')}  zoo:\n${entry('9.0.0', '    ')}`],
    ['with the chart at its end', `entries:\n  other:\n${entry('9.0.0')}  web:\n${entry('1.0.0')}`],
    ['with quoted names', `entries:\n  "other": # yes\n${entry('9.0.0')}  'web':\n${entry('1.0.0')}`],
    [
      'with comments and empty lines',
      `# one\n\nentries:\n\n  # two\n  web:\n\n# three\n${entry('1.0.0')}\n  zoo:\n${entry('9.0.0')}`,
    ],
    ['with CRLF', `entries:\n  web:\n${entry('1.0.0')}  zoo:\n${entry('9.0.0')}`.replaceAll('\n', '\r\n')],
    [
      'with a text that looks like a key',
      `entries:\n  other:\n  - description: |\n      web:\n      - version: 6.6.6\n    version: 9.0.0\n  web:\n${entry('1.0.0')}`,
    ],
    ['without the chart', `entries:\n  other:\n${entry('9.0.0')}`],
    ['with no charts', 'entries: {}\n'],
    ['as JSON', JSON.stringify({ entries: { web: [{ version: '1.0.0', urls: ['x'] }] } })],
    ['in flow style', 'entries: {web: [{version: 1.0.0, urls: [x]}]}\n'],
    ['with entries by anchor', `entries:\n  other: &all\n${entry('1.0.0')}  web: *all\n`],
  ])('%s is read as a small one is', (_, index) => {
    expect(found(enlarged(index))).toEqual(found(index));
  });

  test('is not read as a whole for one chart of it', () => {
    const charts = Array.from({ length: 2000 }, (_, index) => `  chart-${index}:\n${entry('9.0.0').repeat(100)}`);
    const index = Buffer.from(`entries:\n${charts.join('')}  web:\n${entry('1.0.0')}`);
    expect(index.length).toBeGreaterThan(10 * MIB);
    const started = cpuMs();
    expect(partOfIndex(index, 'web')).toEqual({ kind: 'found', text: `entries:\n  web:\n${entry('1.0.0')}` });
    expect(versionsInIndex(index, 'web')).toHaveLength(1);
    expect(cpuMs() - started).toBeLessThan(3000);
  });

  test.each<[string, string]>([
    ['of one line', `entries: {web: [${'{},'.repeat(3 * MIB)}]}`],
    ['of one chart', `entries:\n  web:\n${entry('1.0.0').repeat(100_000)}`],
    ['of brackets', '['.repeat(5 * MIB)],
    ['as JSON', `{"entries":{"web":[${'{},'.repeat(3 * MIB)}{}]}}`],
    [
      'with a chart that is there twice',
      `entries:\n  web:\n${entry('1.0.0')}  web:\n${entry('9.0.0').repeat(100_000)}`,
    ],
  ])('%s is refused before it is read', (_, index) => {
    const started = cpuMs();
    expect(() => found(index)).toThrow(expect.objectContaining({ code: 'TooLarge', transient: false }));
    expect(cpuMs() - started).toBeLessThan(2000);
  });
});
