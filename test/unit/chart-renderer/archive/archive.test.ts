import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { type ChartErrorCode, loadChart, type LoadLimits } from '../../../../chart-renderer/index.ts';
import { type ArchiveEntry, buildArchive } from '../../../support/charts/chart-builder.ts';
import { bombOf, entryOfSize, gzipped, paxEntry, rawEntry } from '../../../support/charts/tar-blocks.ts';
import { cpuMs } from '../../../support/cpu-time.ts';

const CHART: ArchiveEntry = { path: 'c/Chart.yaml', content: 'apiVersion: v2\nname: c\nversion: 1.0.0\n' };

const chartYaml = Buffer.from(String(CHART.content));
const chartEntry = rawEntry({ path: 'c/Chart.yaml', type: 'File' }, chartYaml);

async function codeOf(bytes: Uint8Array, limits: Partial<LoadLimits> = {}): Promise<ChartErrorCode | undefined> {
  return loadChart(bytes, limits).then(
    () => undefined,
    (error: { code: ChartErrorCode }) => error.code,
  );
}

describe('names that lead out of the chart', () => {
  test.each(['c/../../etc/x', '/etc/x', 'c//etc/x', 'c\\..\\..\\x', 'c/C:/x', 'c/..', 'Chart.yaml', 'Chart.yaml/x'])(
    '%j is refused',
    async (path) => {
      expect(await codeOf(buildArchive([CHART, { path, content: 'x' }]))).toBe('UnsafePath');
    },
  );

  test('a PAX path is checked instead of the harmless path in the header', async () => {
    const evil = rawEntry({ path: 'c/ok', type: 'File' });
    expect(await codeOf(gzipped(chartEntry, paxEntry('path=../../etc/evil'), evil))).toBe('UnsafePath');
  });

  test('a PAX path with a NUL is refused', async () => {
    const evil = rawEntry({ path: 'c/ok', type: 'File' });
    expect(await codeOf(gzipped(chartEntry, paxEntry('path=c/a\0.yaml'), evil))).toBe('UnsafePath');
  });

  test('a long name of GNU tar with a NUL is refused too', async () => {
    const name = rawEntry({ path: 'long', type: 'NextFileHasLongPath' }, Buffer.from('c/a\0.yaml'));
    const evil = rawEntry({ path: 'c/ok', type: 'File' });
    expect(await codeOf(gzipped(chartEntry, name, evil))).toBe('UnsafePath');
  });
});

test('links and devices are empty files that lead nowhere', async () => {
  const chart = await loadChart(
    buildArchive([
      CHART,
      { path: 'c/templates/a.yaml', type: 'SymbolicLink', linkpath: '/etc/passwd' },
      { path: 'c/templates/b.yaml', type: 'Link', linkpath: '../../etc/passwd' },
      { path: 'c/templates/c.yaml', type: 'CharacterDevice' },
      { path: 'c/templates/d.yaml', type: 'FIFO' },
    ]),
  );
  expect(chart.templates.map(({ data }) => data.length)).toEqual([0, 0, 0, 0]);
});

test('a file replaces a link with the same name, and nothing is read through links', async () => {
  const chart = await loadChart(
    buildArchive([
      CHART,
      { path: 'c/a', type: 'SymbolicLink', linkpath: '/etc' },
      { path: 'c/b', type: 'SymbolicLink', linkpath: 'a/passwd' },
      { path: 'c/a/passwd', type: 'Link', linkpath: 'c/b' },
      { path: 'c/b', content: 'mine' },
    ]),
  );
  expect(chart.files.map(({ name, data }) => [name, Buffer.from(data).toString()])).toEqual([
    ['a', ''],
    ['b', 'mine'],
    ['a/passwd', ''],
  ]);
});

describe('sizes', () => {
  const limitOf = (bytes: Uint8Array): Promise<string | undefined> =>
    loadChart(bytes).then(
      () => undefined,
      (error: { limit?: { name: string } }) => error.limit?.name,
    );

  test('one file may be large', async () => {
    const big = { path: 'c/big', content: new Uint8Array(20 * 1024 * 1024) };
    expect(await limitOf(buildArchive([CHART, big]))).toBeUndefined();
  });

  test('files of more than 100 MiB together', async () => {
    const file = gzipSync(rawEntry({ path: 'c/x', type: 'File' }, new Uint8Array(5 * 1024 * 1024)));
    expect(await limitOf(Buffer.concat(Array<Buffer>(21).fill(file)))).toBe('chartBytes');
  });

  test('more than 10 000 entries', async () => {
    const entry = rawEntry({ path: 'c/empty', type: 'File' });
    expect(await limitOf(gzipped(...Array.from({ length: 10_001 }, () => entry)))).toBe('entries');
  });

  test('more than 10 000 gzip members, even empty ones', async () => {
    const empty = gzipSync('');
    const members = Buffer.alloc(empty.length * 100_000, empty);
    expect(await limitOf(Buffer.concat([gzipSync(chartEntry), members]))).toBe('gzipMembers');
  });

  test('names longer than any path', async () => {
    const name = rawEntry({ path: 'long', type: 'NextFileHasLongPath' }, Buffer.from('c/a/../b/'.repeat(100_000)));
    expect(await limitOf(gzipped(chartEntry, name, rawEntry({ path: 'c/x', type: 'File' })))).toBe('nameChars');
  });

  test('millions of records in extended headers are read in time', async () => {
    const header = rawEntry({ path: 'pax', type: 'ExtendedHeader' }, Buffer.from('5 a=\n'.repeat(200_000)));
    const start = cpuMs();
    expect(await codeOf(gzipped(chartEntry, ...Array<Buffer>(20).fill(header)))).toBeUndefined();
    expect(cpuMs() - start).toBeLessThan(4000);
  });

  test('an extended header of 50 MB', async () => {
    const header = rawEntry({ path: 'pax', type: 'ExtendedHeader', size: 50_000_000 });
    expect(await codeOf(gzipped(header, Buffer.alloc(50_000_000, 'a')))).toBe('Limit');
  });

  test.each([8 * 1024 ** 3, Number.MAX_SAFE_INTEGER])('an announced size of %d bytes', async (size) => {
    expect(await codeOf(gzipped(rawEntry({ path: 'c/x', type: 'File', size })))).toBe('Limit');
  });

  test('an announced size of 2^95', async () => {
    const size = Buffer.from([0x80, 0x80, ...Array<number>(10).fill(0)]);
    expect(await codeOf(gzipped(chartEntry, entryOfSize(size)))).toBe('Archive');
  });

  test('an announced size of 10^18 in an extended header', async () => {
    const file = rawEntry({ path: 'c/x', type: 'File' });
    expect(await codeOf(gzipped(chartEntry, paxEntry(`size=${10n ** 18n}`), file))).toBe('Archive');
  });

  test('a negative size', async () => {
    expect(await codeOf(gzipped(chartEntry, entryOfSize(Buffer.alloc(12, 0xff))))).toBe('Archive');
  });

  test('a bomb of 1 GiB is stopped early, in little memory', async () => {
    const file = rawEntry({ path: 'c/bomb', type: 'File', size: 1024 ** 3 });
    const bomb = bombOf(1024, file);
    const before = process.memoryUsage.rss();
    // Had it been read to its end, that would be no gzip.
    expect(await limitOf(Buffer.concat([bomb, Buffer.alloc(64, 'x')]))).toBe('chartBytes');
    expect(process.memoryUsage.rss() - before).toBeLessThan(64 * 1024 * 1024);
  });

  test('a bomb hidden in an entry kind that is skipped', async () => {
    const directory = rawEntry({ path: 'c/d', type: 'GNUDumpDir', size: 200 * 1024 * 1024 });
    expect(await codeOf(bombOf(208, chartEntry, directory))).toBe('Limit');
  });
});

describe('nesting', () => {
  const nested = (depth: number): Uint8Array => {
    if (depth === 0) return buildArchive([CHART]);
    return buildArchive([CHART, { path: 'c/charts/c-1.0.0.tgz', content: nested(depth - 1) }]);
  };

  test('archives in archives are loaded', async () => {
    const chart = await loadChart(nested(3));
    expect(chart.dependencies[0]?.dependencies[0]?.dependencies[0]?.metadata.name).toBe('c');
  });

  test('50 levels of them are too many', async () => {
    expect(await codeOf(nested(50))).toBe('Limit');
  });

  test('files of nested archives are counted together', async () => {
    const inner = buildArchive([CHART, { path: 'c/big', content: new Uint8Array(10_000) }]);
    const entries = Array.from({ length: 9 }, (_none, i) => ({ path: `c/charts/c${i}.tgz`, content: inner }));
    const chart = buildArchive([CHART, ...entries]);
    expect(await codeOf(chart)).toBeUndefined();
    expect(await codeOf(chart, { chartBytes: 90_000 })).toBe('Limit');
  });
});

describe('what is not an archive', () => {
  const chart = buildArchive([CHART]);

  test.each([
    ['nothing', new Uint8Array()],
    ['an HTML page', Buffer.from('<!DOCTYPE html><html>')],
    ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3])],
    ['a tar archive without compression', Buffer.concat([chartEntry, Buffer.alloc(1024)])],
    ['a truncated archive', chart.subarray(0, chart.length - 20)],
    ['an archive compressed twice', gzipSync(chart)],
    ['a gzipped text', gzipSync('hello')],
    ['an archive without files', gzipSync(Buffer.alloc(1024))],
    ['a tar archive cut in a file', gzipSync(chartEntry.subarray(0, 530))],
  ])('%s', async (_name, bytes) => {
    expect(await codeOf(bytes)).toBe('Archive');
  });

  test('the message says what it is instead', async () => {
    await expect(loadChart(Buffer.from('<html>'))).rejects.toThrow('HTML page');
  });
});

test('several gzip members and garbage after the archive are accepted, as by Helm', async () => {
  const tar = Buffer.concat([chartEntry, Buffer.alloc(1024)]);
  const members = Buffer.concat([gzipSync(tar.subarray(0, 512)), gzipSync(tar.subarray(512))]);
  expect((await loadChart(members)).metadata.name).toBe('c');
  expect((await loadChart(Buffer.concat([gzipSync(tar), Buffer.from('garbage')]))).metadata.name).toBe('c');
});

test('of two files with the same name the last one counts', async () => {
  const second = { ...CHART, content: 'apiVersion: v2\nname: second\nversion: 2.0.0\n' };
  expect((await loadChart(buildArchive([CHART, second]))).metadata.name).toBe('second');
});

test.each(['c/chart.yaml', 'c/CHART.YAML', 'c/sub/Chart.yaml'])('%s does not count as Chart.yaml', async (path) => {
  expect(await codeOf(buildArchive([{ ...CHART, path }]))).toBe('InvalidChart');
  expect((await loadChart(buildArchive([CHART, { path, content: 'name: other' }]))).metadata.name).toBe('c');
});

test('a byte order mark is dropped', async () => {
  const marked = { ...CHART, content: `\ufeff${String(CHART.content)}` };
  expect((await loadChart(buildArchive([marked]))).metadata.name).toBe('c');
});
