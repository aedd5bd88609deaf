import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Oracle, startOracles } from '../rendering/oracle.ts';
import { probe } from '../rendering/probe.ts';
import { randomPieces, randomSlip, seededRandom } from '../random/random-yaml.ts';

let oracles: readonly Oracle[];

beforeAll(async () => {
  oracles = await startOracles();
}, 600_000);

afterAll(() => Promise.all(oracles.map((oracle) => oracle.stop())));

test('random pieces of YAML are read or refused as by Helm, in its words', async () => {
  const random = seededRandom(1);
  const texts = Array.from({ length: 4000 }, () => randomPieces(random));
  for (const oracle of oracles) {
    const probed = await probe(oracle, 'fromYaml .', texts);
    expect(probed.filter(({ helm }) => helm.startsWith('{"Error":"error converting')).length).toBeGreaterThan(1000);
    expect(probed.filter(({ helm, ours }) => helm !== ours)).toEqual([]);
  }
});

test('a values file with a slip in it is read or refused as by Helm, in its words', async () => {
  const values = await readFile(join(import.meta.dirname, 'values-to-spoil.yaml'), 'utf8');
  const random = seededRandom(2);
  const texts = Array.from({ length: 1000 }, () => randomSlip(values, random));
  for (const oracle of oracles) {
    const probed = await probe(oracle, 'fromYaml .', texts);
    expect(probed.filter(({ helm, ours }) => helm !== ours)).toEqual([]);
  }
});
