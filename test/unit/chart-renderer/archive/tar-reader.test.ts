import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { type Chart, loadChart } from '../../../../chart-renderer/index.ts';
import { entryOfSize, gzipped, rawEntry } from '../../../support/charts/tar-blocks.ts';

const CHART = rawEntry(
  { path: 'c/Chart.yaml', type: 'File' },
  Buffer.from('apiVersion: v2\nname: c\nversion: 1.0.0\n'),
);
const TEXT = Buffer.from('text');

async function filesOf(...blocks: Buffer[]): Promise<Record<string, string>> {
  return filesIn(await loadChart(gzipped(CHART, ...blocks)));
}

function filesIn({ files }: Chart): Record<string, string> {
  return Object.fromEntries(files.map(({ name, data }) => [name, Buffer.from(data).toString('latin1')]));
}

function paxOf(lines: string): Buffer {
  return rawEntry({ path: 'pax', type: 'ExtendedHeader' }, Buffer.from(lines));
}

/** An entry with another type in its header than the library that writes it knows. */
function entryOfType(type: string, path: string, content: Uint8Array): Buffer {
  const block = rawEntry({ path, type: 'File' }, content);
  block.write(type, 156, 'latin1');
  block.fill(' ', 148, 156);
  const sum = block.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

describe('names', () => {
  const file = rawEntry({ path: 'c/short', type: 'File' }, TEXT);
  const folder = 'folder/'.repeat(14);

  test('of more than 100 bytes, in two fields', async () => {
    expect(await filesOf(rawEntry({ path: `c/${folder}name`, type: 'File' }, TEXT))).toEqual({
      [`${folder}name`]: 'text',
    });
  });

  test('in a header of GNU tar', async () => {
    const name = rawEntry(
      { path: '././@LongLink', type: 'NextFileHasLongPath' },
      Buffer.from(`c/${'n'.repeat(300)}\0`),
    );
    expect(await filesOf(name, file, rawEntry({ path: 'c/other', type: 'File' }))).toEqual({
      ['n'.repeat(300)]: 'text',
      other: '',
    });
  });

  test('in a PAX header, which counts for one entry only', async () => {
    const other = rawEntry({ path: 'c/other', type: 'File' });
    expect(await filesOf(paxOf('19 path=c/größer\n'), file, other)).toEqual({ größer: 'text', other: '' });
  });

  test('not in a global header, nor where the value is empty', async () => {
    const global = entryOfType('g', 'pax', Buffer.from('17 path=c/global\n'));
    expect(await filesOf(global, paxOf('8 path=\n'), file)).toEqual({ short: 'text' });
  });
});

describe('information about an entry', () => {
  const file = rawEntry({ path: 'c/short', type: 'File' }, TEXT);
  const longName = rawEntry({ path: 'l', type: 'NextFileHasLongPath' }, Buffer.from('c/long\0'));
  const global = entryOfType('g', 'pax', Buffer.from('17 path=c/global\n'));

  test('may hold bytes of any kind beside its path', async () => {
    const records = paxOf('29 SCHILY.xattr.selinux=a\0b\0\n12 path=c/x\n');
    expect(await filesOf(records, file)).toEqual({ x: 'text' });
    await expect(filesOf(paxOf('13 path=c/x\0\n'), file)).rejects.toMatchObject({ code: 'UnsafePath' });
  });

  test('comes from the last extended header, and from the last record of each kind', async () => {
    expect(await filesOf(paxOf('12 path=c/x\n'), paxOf('12 uname=me\n'), file)).toEqual({ short: 'text' });
    expect(await filesOf(paxOf('12 path=c/x\n8 path=\n'), file)).toEqual({ short: 'text' });
  });

  test('in a long name takes precedence over an extended header', async () => {
    expect(await filesOf(longName, paxOf('12 path=c/x\n'), file)).toEqual({ long: 'text' });
  });

  test('is dropped where a global header follows', async () => {
    expect(await filesOf(paxOf('12 path=c/x\n'), longName, global, file)).toEqual({ short: 'text' });
  });
});

describe('sizes', () => {
  test('from a PAX header', async () => {
    expect(await filesOf(paxOf('13 size=0002\n'), rawEntry({ path: 'c/a', type: 'File' }, TEXT))).toEqual({ a: 'te' });
  });

  test('in base 256', async () => {
    const size = Buffer.concat([Buffer.from([0x80]), Buffer.alloc(10), Buffer.from([4])]);
    const content = Buffer.alloc(512);
    TEXT.copy(content);
    expect(await filesOf(entryOfSize(size), content)).toEqual({ x: 'text' });
  });

  test.each(['1', '2', '3', '4', '6'])('of an entry of type %s are ignored', async (type) => {
    const block = entryOfType(type, 'c/link', TEXT).subarray(0, 512);
    expect(await filesOf(block, rawEntry({ path: 'c/b', type: 'File' }, TEXT))).toEqual({ link: '', b: 'text' });
  });
});

test.each(['0', '7', 'D', 'z', '\0'])('an entry of type %j is a file', async (type) => {
  expect(await filesOf(entryOfType(type, 'c/a', TEXT))).toEqual({ a: 'text' });
});

test('an entry whose name ends in a slash is a directory only without a type', async () => {
  expect(await filesOf(entryOfType('\0', 'c/a/', TEXT.subarray(0, 0)))).toEqual({});
  expect(await filesOf(paxOf('13 path=c/x/\n'), entryOfType('\0', 'c/a', TEXT.subarray(0, 0)))).toEqual({});
  expect(await filesOf(entryOfType('0', 'c/a/', TEXT))).toEqual({ a: 'text' });
});

test('a checksum may be computed over signed bytes', async () => {
  const block = entryOfType('0', 'c/ä', TEXT);
  block.write(
    (Number.parseInt(block.toString('latin1', 148, 154), 8) - 512).toString(8).padStart(6, '0'),
    148,
    'latin1',
  );
  expect(await filesOf(block)).toEqual({ ä: 'text' });
});

test('content larger than the unpacking buffer arrives whole', async () => {
  const random = randomBytes(3 * 1024 * 1024 + 7);
  const zeros = Buffer.alloc(3 * 1024 * 1024);
  const files = await filesOf(
    rawEntry({ path: 'c/random', type: 'File' }, random),
    rawEntry({ path: 'c/zeros', type: 'File' }, zeros),
    rawEntry({ path: 'c/more', type: 'File' }, random),
  );
  expect(files['random'] === random.toString('latin1')).toBe(true);
  expect(files['zeros'] === zeros.toString('latin1')).toBe(true);
  expect(files['more'] === files['random']).toBe(true);
});

test('the end of an archive may be missing, and the padding before it', async () => {
  const last = rawEntry({ path: 'c/a', type: 'File' }, TEXT);
  expect(filesIn(await loadChart(gzipSync(Buffer.concat([CHART, last]))))).toEqual({ a: 'text' });
  expect(filesIn(await loadChart(gzipSync(Buffer.concat([CHART, last.subarray(0, 516)]))))).toEqual({ a: 'text' });
});

describe('damaged data', () => {
  const last = rawEntry({ path: 'c/a', type: 'File' }, TEXT);

  test.each<[string, Buffer[]]>([
    ['a wrong checksum', [Buffer.from(last).fill('x', 0, 1)]],
    ['an entry after an empty block', [Buffer.alloc(512), last]],
    ['a header cut off', [last.subarray(0, 500)]],
    ['content cut off', [last.subarray(0, 515)]],
    ['a size that is not a number', [entryOfSize(Buffer.from('00000000008\0'))]],
    ['a PAX header without a line end', [paxOf('11 path=c/x#'), last]],
    ['a PAX header that tells a wrong length', [paxOf('99 path=c/x\n'), last]],
    ['a global header that cannot be read', [entryOfType('g', 'pax', Buffer.from('x')), last]],
    ['a PAX header that ends in NULs', [paxOf('12 path=c/x\n\0\0'), last]],
    ['a PAX size below zero', [paxOf('13 size=-001\n'), last]],
    ['a sparse file', [entryOfType('S', 'c/a', TEXT)]],
    ['a sparse file of PAX', [paxOf('22 GNU.sparse.major=1\n'), last]],
  ])('%s', async (_what, blocks) => {
    await expect(loadChart(gzipSync(Buffer.concat([CHART, ...blocks])))).rejects.toMatchObject({ code: 'Archive' });
  });
});
