import { createHash, randomBytes } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import {
  bytesOf,
  decodeBase,
  decodeRecord,
  encodeDifference,
  encodeRecord,
  type Chunk,
  type VersionRecord,
} from '../../../records/index.ts';
import { content } from '../controller/releases.ts';

const RECORD: VersionRecord = {
  content: content('a', { valuesFrom: [{ kind: 'Secret', name: 's', key: 'k' }] }),
  values: { letter: 'a', list: [1, null, { deep: 'ünï☃' }] },
  objects: [],
  hooks: [],
  crds: [],
  notes: 'read me',
};

/** A record that does not shrink when it is compressed. */
function bulky(bytes: number): VersionRecord {
  return { ...RECORD, notes: randomBytes(bytes).toString('base64') };
}

function altered({ digest, bytes }: Chunk): Chunk {
  const other = Buffer.from(bytes);
  other[other.length - 1] = (other.at(-1) ?? 0) ^ 1;
  return { digest, bytes: other };
}

/** A record as it was stored before nulls were sent. */
function storedWithoutNulls(record: VersionRecord): { digest: string; chunks: Chunk[] } {
  const bytes = gzipSync(JSON.stringify(record));
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  return { digest, chunks: [{ digest, bytes }] };
}

describe('nulls in objects', () => {
  const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { a: null, b: 'x' } };
  const record = { ...RECORD, objects: [{ object: config, source: 's' }] };

  test('are restored', async () => {
    const { digest, chunks } = await encodeRecord(record);
    expect(await decodeRecord({ digest, chunks })).toEqual(record);
  });

  test('are missing from records made before nulls were sent', async () => {
    const { digest, chunks } = storedWithoutNulls(record);
    const objects = [{ object: { ...config, data: { b: 'x' } }, source: 's' }];
    expect(await decodeRecord({ digest, chunks })).toEqual({ ...record, objects });
  });
});

describe('a record', () => {
  test('is restored unchanged', async () => {
    const { digest, chunks } = await encodeRecord(RECORD);
    expect(chunks).toHaveLength(1);
    expect(await decodeRecord({ digest, chunks })).toEqual(RECORD);
  });

  test('is restored unchanged with objects of any size, one a line, that look like others', async () => {
    const objects = ['a', 'b'].map((name) => ({
      source: `web/templates/${name}.yaml`,
      object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { text: '[\n{"a":[\n'.repeat(10_000) } },
    }));
    const record = { ...RECORD, objects, secretValues: ['a', '['], notes: '"objects":[' };
    const { digest, chunks } = await encodeRecord(record);
    expect(await decodeRecord({ digest, chunks })).toEqual(record);
    const json = gunzipSync(Buffer.concat(chunks.map(({ bytes }) => bytes))).toString('utf8');
    expect(JSON.parse(json)).toMatchObject(record);
    for (const { object } of objects) {
      expect(json.split('\n').some((line) => line.includes(JSON.stringify(object)))).toBe(true);
    }
  });

  test('has the same chunks each time', async () => {
    expect(await encodeRecord(RECORD)).toEqual(await encodeRecord(structuredClone(RECORD)));
  });

  test('larger than a Secret is split into chunks of at most 700 KiB, and joined again', async () => {
    const record = bulky(1_500_000);
    const { digest, chunks } = await encodeRecord(record);
    expect(chunks.length).toBeGreaterThan(2);
    for (const { bytes } of chunks) expect(bytes.length).toBeLessThanOrEqual(700 * 1024);
    expect(new Set(chunks.map((chunk) => chunk.digest)).size).toBe(chunks.length);
    expect(await decodeRecord({ digest, chunks })).toEqual(record);
  });
});

describe('a record that differs little from another', () => {
  const base = bulky(1_000_000);
  const next = { ...base, values: { letter: 'b' } };

  test('is stored in a few hundred bytes, and restored unchanged', async () => {
    const full = await encodeRecord(next);
    const text = await decodeBase(await encodeRecord(base));
    const difference = await encodeDifference(next, text, full);
    if (!difference) throw new Error('no difference');
    expect(bytesOf(full)).toBeGreaterThan(700_000);
    expect(bytesOf(difference)).toBeLessThan(1_000);
    expect(await decodeRecord(difference, { base: text })).toEqual(next);
  });

  test('is restored when every object has changed a little', async () => {
    const objects = (version: string) =>
      Array.from({ length: 300 }, (_, index) => ({
        source: `web/templates/${index}.yaml`,
        object: {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: `c-${index}`, labels: { 'helm.sh/chart': `web-${version}` } },
          data: { text: createHash('sha512').update(`${index}`).digest('base64').repeat(20) },
        },
      }));
    const [before, after] = ['1.0.0', '1.0.1'].map((version) => ({ ...RECORD, objects: objects(version) }));
    if (!before || !after) throw new Error('no records');
    const full = await encodeRecord(after);
    const text = await decodeBase(await encodeRecord(before));
    const difference = await encodeDifference(after, text, full);
    if (!difference) throw new Error('no difference');
    expect(bytesOf(difference)).toBeLessThan(bytesOf(full) / 8);
    expect(await decodeRecord(difference, { base: text })).toEqual(after);
  });

  test('is stored whole if they have nothing in common, or one of them is very long', async () => {
    const other = bulky(1_000_000);
    const text = await decodeBase(await encodeRecord(base));
    expect(await encodeDifference(other, text, await encodeRecord(other))).toBeUndefined();
    const long = { ...base, notes: 'long'.repeat(5_000_000) };
    expect(await encodeDifference(long, text, await encodeRecord(long))).toBeUndefined();
    await expect(decodeBase(await encodeRecord(long))).rejects.toMatchObject({ name: 'RecordError' });
  });

  test.each<[string, (text: Buffer) => Buffer | undefined]>([
    ['another base', () => Buffer.from('another')],
    ['no base', () => undefined],
  ])('cannot be read with %s', async (_title, change) => {
    const text = await decodeBase(await encodeRecord(base));
    const difference = await encodeDifference(next, text, await encodeRecord(next));
    if (!difference) throw new Error('no difference');
    await expect(decodeRecord(difference, { base: change(text) })).rejects.toMatchObject({ name: 'RecordError' });
  });
});

describe('a record that was altered', () => {
  const corrupted = { name: 'RecordError' };

  test.each<[string, (chunks: Chunk[]) => Chunk[]]>([
    ['a bit of a chunk', ([first, ...rest]) => [altered(first as Chunk), ...rest]],
    ['the last chunk', (chunks) => [...chunks.slice(0, -1), altered(chunks.at(-1) as Chunk)]],
    ['a chunk less', (chunks) => chunks.slice(0, -1)],
    ['no chunk', () => []],
    ['an empty chunk', ([first, ...rest]) => [{ ...(first as Chunk), bytes: Buffer.alloc(0) }, ...rest]],
    ['another order', (chunks) => chunks.toReversed()],
    ['a chunk twice', (chunks) => [...chunks, chunks[0] as Chunk]],
  ])('%s', async (_title, alter) => {
    const { digest, chunks } = await encodeRecord(bulky(1_000_000));
    await expect(decodeRecord({ digest, chunks: alter(chunks) })).rejects.toMatchObject(corrupted);
  });

  test('another record whose own digests are right', async () => {
    const { digest } = await encodeRecord(RECORD);
    const { chunks } = await encodeRecord({ ...RECORD, notes: 'forged' });
    await expect(decodeRecord({ digest, chunks })).rejects.toMatchObject(corrupted);
  });
});

describe('data that was not recorded here, though its digest is right', () => {
  const forged = (json: string | Buffer): Promise<VersionRecord> => {
    const bytes = typeof json === 'string' ? gzipSync(json) : json;
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    return decodeRecord({ digest, chunks: [{ digest, bytes }] });
  };
  const many = '[],'.repeat(1_100_000);

  test.each<[string, string | Buffer]>([
    ['more values than memory is for, in one line', `{"values":{"a":[${many}1]}}`],
    ['the same as one of several lines', `{\n"content":{"chart":{}},\n"values":{"a":[${many}1]}\n}`],
    ['the same as an item of a list', `{\n"objects":[\n{"object":[${many}1]}\n]\n}`],
    ['a list in place of an object', '{\n"objects":[\n[1, 2]\n]\n}'],
    ['much beside an object', `{\n"objects":[\n{"object":{},"source":[${'1,'.repeat(2_000)}1]}\n]\n}`],
    ['no gzip', Buffer.from('no gzip')],
  ])('is refused: %s', async (_title, bytes) => {
    await expect(forged(bytes)).rejects.toMatchObject({ name: 'RecordError' });
  });

  test('is distinguished from a long text that merely looks like it', async () => {
    const notes = `${many}\\"${many}`;
    const { digest, chunks } = await encodeRecord({ ...RECORD, notes });
    expect((await decodeRecord({ digest, chunks })).notes).toBe(notes);
  });
});
