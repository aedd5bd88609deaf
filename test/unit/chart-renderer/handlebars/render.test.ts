import { describe, expect, test } from '@jest/globals';
import { type JsonObject, loadChart, renderChart, type Rendering } from '../../../../chart-renderer/index.ts';
import { buildChart } from '../../../support/charts/chart-builder.ts';

async function render(templates: Record<string, string>, values: JsonObject = {}): Promise<Rendering> {
  const chart = await loadChart(buildChart({ name: 'app', metadata: 'engine: handlebars\n', templates }));
  return renderChart(chart, {
    release: { name: 'r', namespace: 'ns', revision: 1, isInstall: true, isUpgrade: false, service: 'Helm' },
    values,
    capabilities: { kubeVersion: 'v1.34.0', apiVersions: ['v1'] },
  });
}

/** What one template writes, as the only file of a chart whose output is not read as a manifest. */
async function textOf(template: string, values: JsonObject = {}): Promise<string | undefined> {
  return (await render({ 'NOTES.txt.hbs': template }, values)).notes;
}

test('templates become manifests, with the context that Helm charts have', async () => {
  const template =
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{Release.Name}}-{{Chart.Name}}\n  namespace: {{Release.Namespace}}\n' +
    'data:\n  kube: "{{Capabilities.KubeVersion.Minor}}"\n  text: {{quote Values.text}}\n  labels:{{nindent 4 (toYaml Values.labels)}}\n';
  const { files, objects } = await render({ 'map.yaml.hbs': template }, { text: '<a> & "b"', labels: { x: 'y' } });
  expect(Object.keys(files)).toEqual(['app/templates/map.yaml']);
  expect(objects[0]?.object).toMatchObject({
    metadata: { name: 'r-app', namespace: 'ns' },
    data: { kube: '34', text: '<a> & "b"', labels: { x: 'y' } },
  });
});

test('partials are included as text for other helpers, or in place', async () => {
  const templates = {
    '_labels.hbs': 'app: {{Chart.Name}}',
    'a.hbs': 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  labels:{{nindent 4 (include "labels" this)}}\n',
    'b.hbs': 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: b\n  labels: { {{> labels}} }\n',
  };
  const { objects } = await render(templates);
  expect(objects.map(({ object }) => object.metadata.labels)).toEqual([{ app: 'app' }, { app: 'app' }]);
});

test.each<[string, JsonObject, string]>([
  ['{{default "d" Values.none}}', {}, 'd'],
  ['{{default "d" Values.zero}}', { zero: 0 }, 'd'],
  ['{{#if (eq Values.a 1)}}one{{else}}other{{/if}}', { a: 1 }, 'one'],
  ['{{and 1 Values.none}}|{{or Values.none "x"}}|{{not Values.none}}|{{ne 1 2}}', {}, '|x|true|true'],
  ['{{b64enc "hi"}} {{lower "AB"}} {{upper "ab"}} {{join "," Values.list}}', { list: ['a', 'b'] }, 'aGk= ab AB a,b'],
  ['{{toJson Values.a}}', { a: { b: [1, true, null] } }, '{"b":[1,true,null]}'],
  ['{{#each Values.list}}{{@index}}{{this}}{{/each}}', { list: ['a', 'b'] }, '0a1b'],
])('%s', async (template, values, expected) => {
  expect(await textOf(template, values)).toBe(expected);
});

describe('failures name the template', () => {
  test('one that does not parse, with its line', async () => {
    await expect(render({ 'x.hbs': 'a: 1\nb: {{#if}}\n' })).rejects.toMatchObject({
      name: 'TemplateError',
      code: 'Parse',
      position: { template: 'app/templates/x.hbs' },
    });
  });

  test('a missing required value', async () => {
    await expect(render({ 'x.hbs': '{{required "a name is needed" Values.name}}' })).rejects.toThrow(
      'x.hbs: a name is needed',
    );
  });

  test('an unknown helper', async () => {
    await expect(render({ 'x.hbs': '{{nosuch Values.a}}' })).rejects.toMatchObject({ code: 'Execute' });
  });
});

describe('prototypes are out of reach', () => {
  test.each([
    '{{Values.constructor}}',
    '{{Values.__proto__}}',
    '{{lookup Values "constructor"}}',
    '{{lookup (lookup Values "constructor") "name"}}',
    '{{Values.text.constructor.name}}',
    '{{Values.toString}}',
    '{{#with Values.text as |text|}}{{text.sub.constructor}}{{/with}}',
    '{{Values.__defineGetter__}}',
  ])('%s', async (template) => {
    expect(await textOf(template, { text: 'text' })).toBe('');
  });

  test('the known exploit', async () => {
    const attack =
      '{{#with "s" as |string|}}{{#with "e"}}{{#with split as |conslist|}}{{this.push (lookup string.sub "constructor")}}' +
      '{{#with string.split as |codelist|}}{{this.push "return 1337;"}}{{#each conslist}}{{#with (string.sub.apply 0 codelist)}}{{this}}' +
      '{{/with}}{{/each}}{{/with}}{{/with}}{{/with}}{{/with}}';
    const text = await textOf(attack).catch(() => '');
    expect(text).not.toContain('1337');
  });

  test('keys with names of prototype members are plain keys', async () => {
    const values = JSON.parse('{"__proto__": {"x": 1}, "constructor": "mine"}') as JsonObject;
    expect(await textOf('{{toJson Values}}', values)).toContain('mine');
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});
