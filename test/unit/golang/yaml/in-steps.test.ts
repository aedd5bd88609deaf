import { expect, test } from '@jest/globals';
import { readYaml, readYamlInSteps } from '../../../../golang/yaml/index.ts';
import { randomPieces, seededRandom } from '../../../conformance/random/random-yaml.ts';
import { runThrough } from '../../../support/run-through.ts';

const MAX_NODES = 100;

/** What reading gives: the value, or what the error says. */
function outcomeOf(read: () => unknown): unknown {
  try {
    return { value: read() };
  } catch (error) {
    return String(error);
  }
}

function expectSame(text: string, maxNodes: number): void {
  const inSteps = outcomeOf(() => runThrough(readYamlInSteps(text, maxNodes)));
  expect({ text, inSteps }).toEqual({ text, inSteps: outcomeOf(() => readYaml(text, maxNodes)) });
}

test('reading in steps gives the same value or error as reading at once', () => {
  const random = seededRandom(7);
  for (let i = 0; i < 20_000; i++) expectSame(randomPieces(random), MAX_NODES);
});

test.each([
  ['an error of the parser before one of the scanner', 'a: [b\nc: d]\n"x\n'],
  ['an error behind the first document', 'a: 1\n---\nb: "x\n'],
  ['an error behind very many tokens', `a: [${'b: ,'.repeat(100_000)} "`],
  ['very many tokens', `a: [${'b: ,'.repeat(100_000)}]`],
  ['many values in a block', `a:\n${'- [b]\n'.repeat(100_000)}`],
  ['brackets without end', '['.repeat(5_000)],
])('so does reading %s', (_what, text) => {
  expectSame(text, Infinity);
});

test('a text of many small values takes many steps', () => {
  const steps = [...readYamlInSteps(`a: [${'b: ,'.repeat(50_000)}]`, 200_000)];
  expect(steps.length).toBeGreaterThan(20);
});
