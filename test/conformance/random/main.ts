// Renders templates and charts made at random by real Helm and by the project's renderer, and prints those that come out differently.
import { Oracle } from '../oracle.ts';
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
const oracle = await Oracle.start();
let different = 0;
for (let i = 0; i < Number(count); i++) {
  const outcome = await next();
  if (isSame(outcome)) continue;
  different++;
  console.log(`${outcome.source}\n  Helm: ${JSON.stringify(outcome.helm)}\n  ours: ${JSON.stringify(outcome.ours)}`);
}

function next(): Promise<Outcome> {
  if (kind === 'charts') return renderChartByBoth(oracle, charts.chart());
  return renderByBoth(oracle, kind === 'calls' ? randomCall(dice) : templates.template());
}

await oracle.stop();
console.log(`${count} ${kind} of seed ${seed}: ${different} different`);
process.exitCode = different === 0 ? 0 : 1;
