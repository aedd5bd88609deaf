import { afterAll, describe, expect, test } from '@jest/globals';
import { createSandbox, type JsonObject } from '../../../chart-renderer/index.ts';
import { chartOf, CONFIG_MAP, refusalOf, renderIn } from '../sandbox/charts.ts';

const sandbox = createSandbox({ workers: 1, limits: { objectBytes: 100_000, render: { documents: 500 } } });
afterAll(() => sandbox.close());

/** Nine items behind each alias of the next line: nine to the seventh. */
const LAUGHS = ['a: &a [x, x, x, x, x, x, x, x, x]'];
for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg'])
  LAUGHS.push(`${to}: &${to} [${Array(9).fill(`*${from}`).join(', ')}]`);

const keys = Array.from({ length: 4000 }, (_, i) => `  k${i}: ${i}`);
const MERGES = ['base: &b', ...keys, ...keys.map((_, i) => `m${i}:\n  <<: *b`)].join('\n');

/** YAML that is small and costs much, and what refuses it. */
const HOSTILE: readonly (readonly [what: string, yaml: string, why: RegExp])[] = [
  ['an alias bomb', LAUGHS.join('\n'), /excessive aliasing/],
  ['4000 merges of 4000 keys', MERGES, /excessive aliasing/],
  ['an anchor inside itself', 'a: &a {b: *a}', /contains itself/],
  ['100,000 lists inside each other', `a: ${'['.repeat(100_000)}`, /nested more than 1000 levels deep/],
  ['50,000 maps that do not end', `a: ${'{'.repeat(50_000)}`, /nested more than 1000 levels deep/],
  ['20,000 explicit keys', '? '.repeat(20_000), /nested more than 1000 levels deep/],
  ['20,000 lists of lists', `a:\n${'- '.repeat(20_000)}`, /nested more than 1000 levels deep/],
  ['10 MB of it', 'a: 1\n'.repeat(2_000_000), /more than 8388608 characters/],
  ['a NUL', 'a: \0', /control characters are not allowed/],
  ['infinity', 'a: .inf', /unsupported value: \+Inf/],
];

describe('YAML is refused, wherever it occurs:', () => {
  test.each(HOSTILE)('%s', async (_what, yaml, why) => {
    const asValues = await refusalOf(renderIn(sandbox, chartOf({ values: yaml })));
    expect(asValues).toMatch(/^(InvalidChart|Limit): /);
    expect(asValues).toMatch(why);
    const values = { yaml };
    const asManifest = await refusalOf(renderIn(sandbox, chartOf('{{ .Values.yaml }}'), values));
    expect(asManifest).toMatch(/^Manifest: /);
    expect(asManifest).toMatch(why);
    const { files } = await renderIn(sandbox, chartOf('# {{ (fromYaml .Values.yaml).Error | toJson }}'), values);
    expect(files['app/templates/x.yaml']).toMatch(why);
  });
});

test('JSON nested a million deep is refused', async () => {
  const { files } = await renderIn(sandbox, chartOf('# {{ (repeat 1000000 "[" | fromJson).Error }}'));
  expect(files['app/templates/x.yaml']).toBe('# exceeded max depth');
});

describe('a manifest', () => {
  test('with an object too large for any API server is refused', async () => {
    const manifest = `${CONFIG_MAP}data:\n{{ range until 20000 }}  k{{ . }}: value\n{{ end }}`;
    expect(await refusalOf(renderIn(sandbox, chartOf(manifest)))).toMatch(
      /^Limit: .*ConfigMap x takes \d+ bytes of the 100000 that an object may have/,
    );
  });

  test('with endless documents is refused', async () => {
    const manifest = `{{ range until 501 }}---\n${CONFIG_MAP}{{ end }}`;
    expect(await refusalOf(renderIn(sandbox, chartOf(manifest)))).toBe(
      'Limit: the chart renders more than 500 objects',
    );
  });

  test.each([
    ['no kind', 'apiVersion: v1\nmetadata: {name: x}'],
    ['no name', 'apiVersion: v1\nkind: ConfigMap'],
    ['a name with a slash', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a/../b}'],
    ['lists inside each other', `${'{apiVersion: v1, kind: List, items: ['.repeat(1001)}`],
  ])('with an object with %s fails with the file name, or is left to the API server', async (_what, manifest) => {
    expect(await refusalOf(renderIn(sandbox, chartOf(manifest)))).toMatch(
      /^Manifest: .*app\/templates\/x.yaml|^no refusal/,
    );
  });

  test('treats keys that every JavaScript object has like any others', async () => {
    const manifest = `${CONFIG_MAP}data: {__proto__: {polluted: "1"}, constructor: "2", toString: "3"}`;
    const { objects } = await renderIn(sandbox, chartOf(manifest));
    const [first] = objects as unknown as { object: { data: JsonObject } }[];
    expect(Object.keys(first?.object.data ?? {})).toEqual(['__proto__', 'constructor', 'toString']);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
