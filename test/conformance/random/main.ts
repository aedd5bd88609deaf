// Renders templates made at random by real Helm and by the project's renderer, and prints those that come out differently.
import { Oracle } from '../oracle.ts';
import { randomCall } from './calls.ts';
import { isSame, renderByBoth } from './compare.ts';
import { Dice } from './dice.ts';
import { TemplateMaker } from './templates.ts';

const [kind = '', seed = '1', count = '1000'] = process.argv.slice(2);
if (kind !== 'calls' && kind !== 'templates') {
  console.error('usage: node test/conformance/random/main.ts calls|templates [SEED] [COUNT]');
  process.exit(2);
}

const dice = new Dice(Number(seed));
const maker = new TemplateMaker(dice);
const oracle = await Oracle.start();
let different = 0;
for (let i = 0; i < Number(count); i++) {
  const outcome = await renderByBoth(oracle, kind === 'calls' ? randomCall(dice) : maker.template());
  if (isSame(outcome)) continue;
  different++;
  console.log(`${outcome.template}\n  Helm: ${JSON.stringify(outcome.helm)}\n  ours: ${JSON.stringify(outcome.ours)}`);
}
await oracle.stop();
console.log(`${count} ${kind} of seed ${seed}: ${different} different`);
process.exitCode = different === 0 ? 0 : 1;
