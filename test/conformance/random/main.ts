// Renders templates and charts made at random by real Helm and by the project's renderer, and prints those that come out differently.
import { type Oracle, startOracles } from '../rendering/oracle.ts';
import { randomCall } from './calls.ts';
import { ChartMaker } from './charts.ts';
import { isSame, type Outcome, renderByBoth, renderChartByBoth } from './compare.ts';
import { Dice } from './dice.ts';
import { TemplateMaker } from './templates.ts';

const [kind = '', seed = '1', count = '1000'] = process.argv.slice(2);
if (kind !== 'calls' && kind !== 'templates' && kind !== 'charts') {
  console.error('usage: node test/conformance/random/main.ts calls|templates|charts [SEED] [COUNT]');
  process.exit(2);
}

const dice = new Dice(Number(seed));
const templates = new TemplateMaker(dice);
const charts = new ChartMaker(dice);
const oracles = await startOracles();
let different = 0;
for (let i = 0; i < Number(count); i++) {
  for (const { oracle, outcome } of await next()) {
    if (isSame(outcome)) continue;
    different++;
    const { source, helm, ours } = outcome;
    console.log(`${source}\n  Helm ${oracle.helmVersion}: ${JSON.stringify(helm)}\n  ours: ${JSON.stringify(ours)}`);
  }
}

function next(): Promise<{ oracle: Oracle; outcome: Outcome }[]> {
  const chart = kind === 'charts' ? charts.chart() : undefined;
  const template = kind === 'calls' ? randomCall(dice) : kind === 'charts' ? '' : templates.template();
  return Promise.all(
    oracles.map(async (oracle) => ({
      oracle,
      outcome: await (chart === undefined ? renderByBoth(oracle, template) : renderChartByBoth(oracle, chart)),
    })),
  );
}

await Promise.all(oracles.map((oracle) => oracle.stop()));
console.log(`${count} ${kind} of seed ${seed}: ${different} different`);
process.exitCode = different === 0 ? 0 : 1;
