import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Oracle } from '../oracle.ts';
import { randomCall } from './calls.ts';
import { ChartMaker } from './charts.ts';
import { isSame, type Outcome, renderByBoth, renderChartByBoth } from './compare.ts';
import { Dice } from './dice.ts';
import { TemplateMaker } from './templates.ts';

const SEED = 20261121;
let oracle: Oracle;

beforeAll(async () => {
  oracle = await Oracle.start();
}, 600_000);

afterAll(() => oracle.stop());

async function differencesIn(count: number, next: () => Promise<Outcome>): Promise<Outcome[]> {
  const different: Outcome[] = [];
  for (let i = 0; i < count; i++) {
    const outcome = await next();
    if (!isSame(outcome)) different.push(outcome);
  }
  return different;
}

test('calls of every function with arguments of every kind come out as by Helm', async () => {
  const dice = new Dice(SEED);
  expect(await differencesIn(1500, () => renderByBoth(oracle, randomCall(dice)))).toEqual([]);
});

test('templates of every statement come out as by Helm', async () => {
  const maker = new TemplateMaker(new Dice(SEED));
  expect(await differencesIn(1500, () => renderByBoth(oracle, maker.template()))).toEqual([]);
});

test('dependencies and values of all kinds come out as by Helm', async () => {
  const maker = new ChartMaker(new Dice(SEED));
  expect(await differencesIn(300, () => renderChartByBoth(oracle, maker.chart()))).toEqual([]);
});
