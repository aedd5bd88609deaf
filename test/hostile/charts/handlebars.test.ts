import { afterAll, describe, expect, test } from '@jest/globals';
import { createSandbox, type JsonObject } from '../../../chart-renderer/index.ts';
import { ENDLESS, FORTY, handlebarsChartOf, hasty, NAMED_LIMIT, refusalOf, renderIn } from '../sandbox/charts.ts';

const sandbox = createSandbox({ workers: 1 });
afterAll(() => sandbox.close());

const STACK = /^Limit: .*\(limit of the stack\)$/;

describe('a Handlebars template is stopped', () => {
  test('loops of 40^6 rounds', async () => {
    const limited = hasty();
    expect(await refusalOf(renderIn(limited, ENDLESS, FORTY))).toMatch(/^Limit: .*\(limit timeoutMs\)$/);
    limited.close();
  });

  test.each<readonly [what: string, template: string, limit: RegExp, values?: JsonObject]>([
    [
      '50,000 conditions inside each other',
      `${'{{#if true}}'.repeat(50_000)}x${'{{/if}}'.repeat(50_000)}`,
      NAMED_LIMIT,
    ],
    [
      'much output',
      '{{#each Values.list}}{{@root.Values.x}}{{/each}}',
      /\(limit outputBytes\)$/,
      { ...FORTY, x: 'x'.repeat(1_000_000) },
    ],
    ['much indentation', '{{indent 1000 (indent 1000 Values.x)}}', NAMED_LIMIT, { x: '\n'.repeat(100_000) }],
  ])('%s', async (_what, template, limit, values = {}) => {
    expect(await refusalOf(renderIn(sandbox, handlebarsChartOf(template), values))).toMatch(limit);
  });

  test.each([
    ['a partial of itself', '{{> p}}', STACK],
    // A partial is compiled anew for each include: that may take the time there is.
    ['an include of itself', '{{include "p" this}}', NAMED_LIMIT],
  ])('%s', async (_what, template, limit) => {
    const chart = handlebarsChartOf(template, { '_p.hbs': template });
    expect(await refusalOf(renderIn(sandbox, chart))).toMatch(limit);
  });
});

test.each([
  ['prototypes', '{{Values.constructor}}{{Values.__proto__}}{{lookup Values "constructor"}}{{Values.toString}}'],
  ['calls of methods', '{{#with "s" as |s|}}{{#with "e"}}{{s.sub.apply}}{{s.constructor.name}}{{/with}}{{/with}}'],
  ['getters', '{{#with this}}{{__defineGetter__}}{{__lookupGetter__}}{{valueOf}}{{/with}}'],
])('a Handlebars template cannot see %s', async (_what, template) => {
  const { files } = await renderIn(sandbox, handlebarsChartOf(`# ${template}`));
  expect(files['app/templates/x.yaml']).toBe('# ');
});

test('the known exploit from split to code execution has no effect', async () => {
  const template = `{{#with "s" as |string|}}{{#with "e"}}{{#with split as |conslist|}}{{this.pop}}{{this.push (lookup string.sub "constructor")}}
    {{this.pop}}{{#with string.split as |codelist|}}{{this.pop}}{{this.push "return process.exit(7);"}}{{this.pop}}
    {{#each conslist}}{{#with (string.sub.apply 0 codelist)}}{{this}}{{/with}}{{/each}}{{/with}}{{/with}}{{/with}}{{/with}}`;
  const outcome = await refusalOf(renderIn(sandbox, handlebarsChartOf(`# ${template}`)));
  expect(outcome).toMatch(/^(no refusal|Execute: )/);
});

test('data cannot be used as a partial', async () => {
  const values = { payload: { type: 'Program', body: [] } };
  expect(await refusalOf(renderIn(sandbox, handlebarsChartOf('{{> (lookup Values "payload")}}'), values))).toMatch(
    /^Execute: .*could not be found/,
  );
});
