import { describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { list } from 'tar';

import { layerOf } from '../../../tools/image/layout.ts';
import { tarOf } from '../../../tools/image/tar.ts';

describe('an archive', () => {
  test('does not depend on the order of its entries', () => {
    const entry = (path: string) => ({ kind: 'file' as const, path, mode: 0o644, content: Buffer.from(path) });
    expect(tarOf([entry('b/x'), entry('a')])).toEqual(tarOf([entry('a'), entry('b/x')]));
  });

  test('holds paths of more than a hundred characters, and refuses what it cannot hold', async () => {
    const long = `${'d'.repeat(90)}/${'f'.repeat(90)}`;
    const folder = mkdtempSync(join(tmpdir(), 'coxswain-archive-'));
    const archive = join(folder, 'archive.tar.gz');
    const { compressed } = await layerOf([{ kind: 'file', path: long, mode: 0o644, content: Buffer.from('x') }]);
    writeFileSync(archive, compressed);
    const paths: string[] = [];
    await list({ file: archive, onReadEntry: ({ path }) => void paths.push(path) });
    rmSync(folder, { recursive: true });
    expect(paths).toEqual([`${'d'.repeat(90)}/`, long]);
    const path = 'p'.repeat(120);
    expect(() => tarOf([{ kind: 'file', path, mode: 0o644, content: Buffer.of() }])).toThrow(/too long/);
  });
});
