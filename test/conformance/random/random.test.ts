import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Oracle } from '../oracle.ts';
import { randomCall } from './calls.ts';
import { isSame, type Outcome, renderByBoth } from './compare.ts';
import { Dice } from './dice.ts';
import { TemplateMaker } from './templates.ts';

const SEED = 20261121;
let oracle: Oracle;

beforeAll(async () => {
  oracle = await Oracle.start();
}, 600_000);

afterAll(() => oracle.stop());

async function differencesIn(count: number, make: () => string): Promise<Outcome[]> {
  const different: Outcome[] = [];
  for (let i = 0; i < count; i++) {
    const outcome = await renderByBoth(oracle, make());
    if (!isSame(outcome)) different.push(outcome);
  }
  return different;
}

test('calls of every function with arguments of every kind come out as by Helm', async () => {
  const dice = new Dice(SEED);
  expect(await differencesIn(1500, () => randomCall(dice))).toEqual([]);
});

test('templates of every statement come out as by Helm', async () => {
  const maker = new TemplateMaker(new Dice(SEED));
  expect(await differencesIn(1500, () => maker.template())).toEqual([]);
});
