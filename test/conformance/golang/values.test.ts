import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Oracle, startOracles } from '../rendering/oracle.ts';
import { probe } from '../rendering/probe.ts';
import { randomValue } from '../random/random-values.ts';
import { seededRandom } from '../random/random-yaml.ts';

const VALUES_EACH = 400;

let oracles: readonly Oracle[];

beforeAll(async () => {
  oracles = await startOracles();
}, 600_000);

afterAll(() => Promise.all(oracles.map((oracle) => oracle.stop())));

test.each([
  'toYaml .',
  'toYamlPretty .',
  'toJson .',
  'toPrettyJson .',
  'toRawJson .',
  'toToml (dict "v" .)',
  'fromYaml (toYaml (dict "v" .))',
  'fromJson (toJson (dict "v" .))',
  'fromJson (toString .)',
  'fromYamlArray (toString .)',
  'printf "%v %#v" . .',
  'quote .',
  'nindent 2 (toYaml .)',
])('%s gives what Helm gives for random values', async (expression) => {
  const random = seededRandom(expression.length);
  const values = Array.from({ length: VALUES_EACH }, () => randomValue(random));
  for (const oracle of oracles) {
    const probed = await probe(oracle, expression, values);
    expect(probed.filter(({ helm, ours }) => helm !== ours)).toEqual([]);
  }
});
