import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { FunctionEntries } from '../../../../chart-renderer/functions/entries.ts';
import { HELM_FUNCTIONS } from '../../../../chart-renderer/functions/index.ts';

const folder = join(import.meta.dirname, '../../../../chart-renderer/functions');

/** The families: what files of the folder export as `…Functions`. */
const families: (readonly [file: string, entries: FunctionEntries])[] = [];
for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'))) {
  const exported = (await import(join(folder, file))) as Record<string, unknown>;
  for (const [name, value] of Object.entries(exported)) {
    if (name.endsWith('Functions')) families.push([file, value as FunctionEntries]);
  }
}

test('every function of a family can be called, and belongs to only one', () => {
  const entries = families.flatMap(([, functions]) => functions);
  expect(entries.length).toBeGreaterThan(200);
  expect(new Map(entries)).toEqual(HELM_FUNCTIONS);
  expect(entries).toHaveLength(HELM_FUNCTIONS.size);
});

test('every family has a test with its name', () => {
  const untested = families.filter(([file]) => !existsSync(join(import.meta.dirname, file.replace('.ts', '.test.ts'))));
  expect(untested.map(([file]) => file)).toEqual([]);
});
