import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';

import { versionsInIndex } from '../../../../registry-client/classic/index-file.ts';
import { partOfIndex } from '../../../../registry-client/classic/index-part.ts';
import { cpuMs } from '../../../support/cpu-time.ts';

const MIB = 1024 * 1024;
const SMALL = 256 * 1024;

const found = async (index: string, name = 'web'): Promise<string[] | undefined> => {
  const versions = await versionsInIndex(Buffer.from(index), name);
  return versions?.map(({ version, urls }) => `${version.original} ${urls.join()}`);
};
/** The same index, too large to be read as a whole without need. */
const enlarged = (index: string): string => `${index}\n${' '.repeat(SMALL)}\n`;

const entry = (version: string, indent = '  '): string =>
  `${indent}- name: web\n${indent}  version: ${version}\n${indent}  urls:\n${indent}  - web-${version}.tgz\n`;

/** How many turns of the event loop others had until the result was there. */
async function countingTurns<T>(work: Promise<T>): Promise<{ result: T; turns: number }> {
  let turns = 0;
  let isDone = false;
  const others = (async () => {
    for (; !isDone; turns += 1) await setImmediate();
  })();
  const result = await work;
  isDone = true;
  await others;
  return { result, turns };
}

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
  ])('%s is read like a small one', async (_, index) => {
    expect(await found(enlarged(index))).toEqual(await found(index));
  });

  test('is not read completely for one chart', async () => {
    const charts = Array.from({ length: 2000 }, (_, index) => `  chart-${index}:\n${entry('9.0.0').repeat(100)}`);
    const index = Buffer.from(`entries:\n${charts.join('')}  web:\n${entry('1.0.0')}`);
    expect(index.length).toBeGreaterThan(10 * MIB);
    const started = cpuMs();
    expect(await partOfIndex(index, 'web')).toEqual({ kind: 'found', text: `entries:\n  web:\n${entry('1.0.0')}` });
    const { result, turns } = await countingTurns(versionsInIndex(index, 'web'));
    expect(result).toHaveLength(1);
    expect(turns).toBeGreaterThan(100);
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
  ])('%s is refused before it is read', async (_, index) => {
    const started = cpuMs();
    await expect(found(index)).rejects.toMatchObject({ code: 'TooLarge', transient: false });
    expect(cpuMs() - started).toBeLessThan(2000);
  });
});

describe('the part about one chart', () => {
  /** Entries with lists and texts that look like entries. */
  const entries = (from: number, to: number, indent = '  '): string =>
    Array.from({ length: to - from }, (_unused, index) => {
      const below = `${indent}  `;
      const text = `${below}description: |\n${below} - version: 6.6.6\n\n${below}  - name: web\n`;
      return `# an entry\n${entry(`1.0.${from + index}`, indent)}${text}${below}keywords:\n${below}- a\n${below}- b\n`;
    }).join('');
  const expected = Array.from({ length: 5_000 }, (_unused, index) => `1.0.${index} web-1.0.${index}.tgz`);

  test.each([
    ['in a list', entries(0, 5_000)],
    ['in a list that is further to the right', entries(0, 5_000, '    ')],
    ['with the line ends of Windows', entries(0, 5_000).replaceAll('\n', '\r\n')],
    ['with entries that cannot be used', `${entries(0, 2_500)}  - 7\n  - version: x\n${entries(2_500, 5_000)}`],
  ])('is read in pieces, with room for others in between: %s', async (_, list) => {
    const { result, turns } = await countingTurns(found(`entries:\n  web:\n${list}  zoo:\n${entry('9.0.0')}`));
    expect(result).toEqual(expected);
    expect(turns).toBeGreaterThan(8);
  });

  test('is read at once if its entries share parts, up to a megabyte', async () => {
    const shared = (count: number): string => {
      const others = Array.from({ length: count }, (_unused, index) => `  - version: 1.0.${index}\n    urls: *urls\n`);
      return `entries:\n  web:\n  - version: 2.0.0\n    urls: &urls [web.tgz]\n${others.join('')}`;
    };
    expect(await found(shared(10_000))).toHaveLength(10_001);
    await expect(found(shared(40_000))).rejects.toMatchObject({ code: 'TooLarge' });
  });
});
