import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Oracle } from './oracle.ts';
import { probe } from './probe.ts';
import { randomValue } from './random-values.ts';
import { seededRandom } from './random-yaml.ts';

const VALUES_EACH = 400;

let oracle: Oracle;

beforeAll(async () => {
  oracle = await Oracle.start();
}, 600_000);

afterAll(() => oracle.stop());

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
])('%s gives for random values what Helm gives', async (expression) => {
  const random = seededRandom(expression.length);
  const values = Array.from({ length: VALUES_EACH }, () => randomValue(random));
  const probed = await probe(oracle, expression, values);
  expect(probed.filter(({ helm, ours }) => helm !== ours)).toEqual([]);
});
