import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from '@jest/globals';
import { createSandbox } from '../../../chart-renderer/index.ts';
import { type ArchiveEntry, buildArchive } from '../../support/charts/chart-builder.ts';
import { bombOf, gzipped, rawEntry } from '../../support/charts/tar-blocks.ts';
import { CONFIG_MAP, packaged, refusalOf, renderIn } from '../sandbox/charts.ts';

const sandbox = createSandbox({ workers: 1 });
afterAll(() => sandbox.close());

const CHART: ArchiveEntry = { path: 'app/Chart.yaml', content: 'apiVersion: v2\nname: app\nversion: 1.0.0\n' };
const MIB = 1024 * 1024;

async function refusalOfArchive(bytes: Uint8Array): Promise<string> {
  return refusalOf(sandbox.inspect(packaged(bytes), 'ns'));
}

describe('an archive is refused', () => {
  test('of 100,000 empty files', async () => {
    const file = rawEntry({ path: 'app/files/x', type: 'File' });
    expect(await refusalOfArchive(gzipped(...Array<Buffer>(100_000).fill(file)))).toBe(
      'Limit: chart has more than 10000 files',
    );
  });

  test('of one file of 300 MiB of zeros', async () => {
    const file = rawEntry({ path: 'app/zeros', type: 'File', size: 300 * MIB });
    expect(await refusalOfArchive(bombOf(304, file))).toBe(
      'Limit: decompressed chart is larger than the maximum size 104857600',
    );
  });

  test('of many files of zeros', async () => {
    const file = gzipSync(rawEntry({ path: 'app/zeros', type: 'File' }, new Uint8Array(4 * MIB)));
    expect(await refusalOfArchive(Buffer.concat(Array<Buffer>(26).fill(file)))).toBe(
      'Limit: decompressed chart is larger than the maximum size 104857600',
    );
  });

  test('of 300 MiB of nothing but zeros', async () => {
    expect(await refusalOfArchive(bombOf(304))).toBe('Archive: no files in chart archive');
  });

  test('with 300 MiB of zeros in an entry that is skipped', async () => {
    const skipped = rawEntry({ path: 'app/d', type: 'GNUDumpDir', size: 300 * MIB });
    expect(await refusalOfArchive(bombOf(304, skipped))).toMatch(
      /^Limit: .* is larger than the maximum size 104857600$/,
    );
  });

  test('with an extended header of 48 MiB', async () => {
    const header = rawEntry({ path: 'pax', type: 'ExtendedHeader', size: 48 * MIB });
    expect(await refusalOfArchive(bombOf(48, header))).toBe(
      "Limit: the chart's archive is refused: an extended header is larger than 1048576 bytes",
    );
  });

  test('with charts inside each other, 50 levels deep', async () => {
    let bytes = buildArchive([CHART]);
    for (let i = 0; i < 50; i += 1) bytes = buildArchive([CHART, { path: 'app/charts/app-1.0.0.tgz', content: bytes }]);
    expect(await refusalOfArchive(bytes)).toMatch(/^Limit: .*charts are nested deeper than 32 levels$/);
  });
});

test.each<readonly [string, ArchiveEntry]>([
  ['a symbolic link', { path: 'app/templates/x.yaml', type: 'SymbolicLink', linkpath: '/etc/passwd' }],
  ['a hard link', { path: 'app/templates/x.yaml', type: 'Link', linkpath: '../../etc/passwd' }],
  ['a device', { path: 'app/templates/x.yaml', type: 'CharacterDevice' }],
  ['a pipe', { path: 'app/templates/x.yaml', type: 'FIFO' }],
])('nothing is read through %s', async (_what, entry) => {
  const { files } = await renderIn(sandbox, packaged(buildArchive([CHART, entry])));
  expect(files).toEqual({ 'app/templates/x.yaml': '' });
});

test('a chart that depends on itself renders without endless recursion', async () => {
  const content = `${String(CHART.content)}dependencies: [{name: app, version: 1.0.0, alias: app}]\n`;
  const template = { path: 'app/templates/x.yaml', content: CONFIG_MAP };
  const inner = buildArchive([{ ...CHART, content }, template]);
  const chart = buildArchive([{ ...CHART, content }, template, { path: 'app/charts/app-1.0.0.tgz', content: inner }]);
  const { files } = await renderIn(sandbox, packaged(chart));
  expect(Object.keys(files)).toEqual(['app/charts/app/templates/x.yaml', 'app/templates/x.yaml']);
});
