import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { ChartCache } from '../../../registry-client/index.ts';
import { PUBLIC_SCOPE } from '../../../registry-client/cache.ts';
import { digestOfBytes } from '../../../registry-client/digest.ts';
import type { Digest } from '../../../registry-client/index.ts';

const run = promisify(execFile);
const MODULE = join(import.meta.dirname, '..', '..', '..', 'registry-client', 'cache.ts');
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'coxswain-cache-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const content = (seed: number, length = 1000): { bytes: Buffer; digest: Digest } => {
  const bytes = Buffer.alloc(length, String(seed));
  return { bytes, digest: digestOfBytes(bytes) };
};
const files = async (): Promise<string[]> =>
  (await readdir(directory, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

describe('the cache', () => {
  test('written content is read again, by its scope and, if public, by everyone', async () => {
    const cache = new ChartCache({ directory });
    const [mine, open] = [content(1), content(2)];
    await cache.write('team-a', mine.digest, mine.bytes);
    await cache.write(PUBLIC_SCOPE, open.digest, open.bytes);
    await expect(cache.read('team-a', mine.digest)).resolves.toEqual(mine.bytes);
    await expect(cache.read('team-b', mine.digest)).resolves.toBeUndefined();
    await expect(cache.read('team-b', open.digest)).resolves.toEqual(open.bytes);
  });

  test('a scope is not used as a path', async () => {
    const cache = new ChartCache({ directory: join(directory, 'cache') });
    const { bytes, digest } = content(1);
    await cache.write('../../escaped', digest, bytes);
    await expect(cache.read('../../escaped', digest)).resolves.toEqual(bytes);
    expect((await files()).every((file) => file.startsWith(join(directory, 'cache')))).toBe(true);
  });

  test.each(['', 'shorter', Buffer.alloc(1000, '2').toString()])(
    'damaged content (%#) is a miss and is removed',
    async (damage) => {
      const problems: Error[] = [];
      const cache = new ChartCache({ directory, onProblem: (problem) => problems.push(problem) });
      const { bytes, digest } = content(1);
      await cache.write('a', digest, bytes);
      const [file = ''] = await files();
      await writeFile(file, damage);
      await expect(cache.read('a', digest)).resolves.toBeUndefined();
      await expect(files()).resolves.toEqual([]);
      expect(problems).toHaveLength(1);
    },
  );

  test('an unusable directory is reported, and makes the cache always miss', async () => {
    const file = join(directory, 'file');
    await writeFile(file, '');
    const problems: Error[] = [];
    const cache = new ChartCache({ directory: join(file, 'below'), onProblem: (problem) => problems.push(problem) });
    const { bytes, digest } = content(1);
    await cache.write('a', digest, bytes);
    await expect(cache.read('a', digest)).resolves.toBeUndefined();
    expect(problems.length).toBeGreaterThan(0);
  });

  test('a directory in place of a file is a miss', async () => {
    const cache = new ChartCache({ directory });
    const { bytes, digest } = content(1);
    await mkdir(join(directory, PUBLIC_SCOPE, digest.slice(7)), { recursive: true });
    await cache.write(PUBLIC_SCOPE, digest, bytes);
    await expect(cache.read(PUBLIC_SCOPE, digest)).resolves.toBeUndefined();
    expect((await files()).filter((file) => file.endsWith('.tmp'))).toEqual([]);
  });

  test('the cache stays below its maximum, and keeps what was used last', async () => {
    const cache = new ChartCache({ directory, maxBytes: 10_000 });
    const items = Array.from({ length: 30 }, (_, index) => content(index));
    const [kept] = items;
    for (const [index, { bytes, digest }] of items.entries()) {
      await cache.write('a', digest, bytes);
      // Files of the same millisecond would be evicted in any order.
      for (const file of await files()) {
        if (file.endsWith(digest.slice(7))) await utimes(file, index, index);
      }
      if (kept !== undefined) await cache.read('a', kept.digest);
    }
    const left = await files();
    expect(left.length).toBeGreaterThan(5);
    expect(left.length).toBeLessThanOrEqual(10);
    await expect(cache.read('a', kept?.digest ?? 'sha256:')).resolves.toBeDefined();
  });

  test('content larger than the cache is not kept, and evicts nothing', async () => {
    const cache = new ChartCache({ directory, maxBytes: 10_000 });
    const [small, large] = [content(1), content(2, 20_000)];
    await cache.write('a', small.digest, small.bytes);
    await cache.write('a', large.digest, large.bytes);
    await expect(cache.read('a', large.digest)).resolves.toBeUndefined();
    await expect(cache.read('a', small.digest)).resolves.toBeDefined();
  });

  test('half-written files of a killed process are deleted after an hour', async () => {
    const cache = new ChartCache({ directory });
    await mkdir(join(directory, PUBLIC_SCOPE));
    const [old, recent] = ['old.tmp', 'recent.tmp'].map((name) => join(directory, PUBLIC_SCOPE, name)) as [
      string,
      string,
    ];
    await Promise.all([writeFile(old, 'x'), writeFile(recent, 'x')]);
    await utimes(old, new Date(0), new Date(0));
    const { bytes, digest } = content(1);
    await cache.write('a', digest, bytes);
    const left = await files();
    expect(left).not.toContain(old);
    expect(left).toContain(recent);
  });

  test('several processes write, read and evict at once, and none reads anything wrong', async () => {
    const program = `
      import { createHash } from 'node:crypto';
      const { ChartCache } = await import(process.argv[1]);
      const cache = new ChartCache({ directory: process.argv[2], maxBytes: 200_000, onProblem: (e) => { throw e; } });
      let hits = 0;
      for (let i = 0; i < 300; i++) {
        const bytes = Buffer.alloc(10_000, String(i % 40));
        const digest = 'sha256:' + createHash('sha256').update(bytes).digest('hex');
        const found = await cache.read('public', digest);
        if (found !== undefined && !found.equals(bytes)) throw new Error('wrong content');
        if (found === undefined) await cache.write('public', digest, bytes); else hits++;
      }
      console.log(hits);`;
    const work = (): Promise<{ stdout: string }> =>
      run(process.execPath, ['--input-type=module', '-e', program, MODULE, directory]);
    const results = await Promise.all([work(), work(), work()]);
    expect(results.map(({ stdout }) => Number(stdout)).every((hits) => hits > 0)).toBe(true);
  });
});
