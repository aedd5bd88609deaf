import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Oracle, startOracles } from '../rendering/oracle.ts';
import { randomCall } from './calls.ts';
import { ChartMaker } from './charts.ts';
import { isSame, type Outcome, renderByBoth, renderChartByBoth } from './compare.ts';
import { Dice } from './dice.ts';
import { TemplateMaker } from './templates.ts';

const SEED = 20261121;
let oracles: readonly Oracle[];

beforeAll(async () => {
  oracles = await startOracles();
}, 600_000);

afterAll(() => Promise.all(oracles.map((oracle) => oracle.stop())));

/** What comes out differently of so many inputs, by either version of Helm. */
async function differencesIn<T>(
  count: number,
  next: () => T,
  byBoth: (oracle: Oracle, input: T) => Promise<Outcome>,
): Promise<Outcome[]> {
  const different: Outcome[] = [];
  for (let i = 0; i < count; i++) {
    const input = next();
    for (const oracle of oracles) {
      const outcome = await byBoth(oracle, input);
      if (!isSame(outcome)) different.push(outcome);
    }
  }
  return different;
}

test('calls of every function with arguments of every kind give the same result as in Helm', async () => {
  const dice = new Dice(SEED);
  expect(await differencesIn(1500, () => randomCall(dice), renderByBoth)).toEqual([]);
});

test('templates of every statement give the same result as in Helm', async () => {
  const maker = new TemplateMaker(new Dice(SEED));
  expect(await differencesIn(1500, () => maker.template(), renderByBoth)).toEqual([]);
});

test('dependencies and values of all kinds give the same result as in Helm', async () => {
  const maker = new ChartMaker(new Dice(SEED));
  expect(await differencesIn(300, () => maker.chart(), renderChartByBoth)).toEqual([]);
});
