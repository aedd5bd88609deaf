import { describe, expect, test } from '@jest/globals';
import {
  type JsonObject,
  loadChart,
  type Lookup,
  renderChart,
  type Rendering,
  type RenderLimits,
} from '../../../chart-renderer/index.ts';
import { buildChart, type ChartParts } from '../../support/charts/chart-builder.ts';
import { cpuMs } from '../../support/cpu-time.ts';

interface Given {
  readonly values?: JsonObject;
  readonly limits?: Partial<RenderLimits>;
  readonly lookup?: Lookup;
}

async function render(
  parts: Omit<ChartParts, 'name'>,
  { values = {}, limits, lookup }: Given = {},
): Promise<Rendering> {
  return renderChart(await loadChart(buildChart({ name: 'app', ...parts })), {
    release: { name: 'r', namespace: 'ns', revision: 1, isInstall: true, isUpgrade: false, service: 'Helm' },
    values,
    capabilities: { kubeVersion: '1.34.0', apiVersions: ['v1'] },
    limits,
    lookup,
  });
}

const pod = (name: string): string => `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n`;

test('files, notes, objects, hooks and definitions of a chart and its dependencies', async () => {
  const rendering = await render({
    templates: {
      'pod.yaml': pod('{{ .Values.name }}'),
      'hook.yaml': `${pod('check')}  annotations: {"helm.sh/hook": test}\n`,
      'NOTES.txt': 'Hello {{ .Release.Name }}',
      '_x.tpl': 'no file',
    },
    values: 'name: default\n',
    files: {
      'crds/a.yaml': 'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: as.x}\n',
      'charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 1.0.0\n',
      'charts/sub/templates/pod.yaml': pod('sub'),
      'charts/sub/crds/b.yaml':
        'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: bs.x}\n',
    },
  });
  expect(Object.keys(rendering.files).sort()).toEqual([
    'app/charts/sub/templates/pod.yaml',
    'app/templates/NOTES.txt',
    'app/templates/hook.yaml',
    'app/templates/pod.yaml',
  ]);
  expect(rendering.notes).toBe('Hello r');
  expect(rendering.objects.map(({ object }) => object.metadata.name)).toEqual(['sub', 'default']);
  expect(rendering.hooks.map(({ name }) => name)).toEqual(['check']);
  expect(rendering.crds.map(({ source }) => source)).toEqual(['app/crds/a.yaml', 'app/charts/sub/crds/b.yaml']);
});

test('the result can be cloned into another thread, and the chart can be rendered again', async () => {
  const chart = await loadChart(
    buildChart({
      name: 'app',
      templates: { 'pod.yaml': pod('{{ .Values.id }}{{ $_ := set .Values "id" "z" }}') },
      values: 'id: x\n',
    }),
  );
  const options = {
    release: { name: 'r', namespace: 'ns', revision: 1, isInstall: true, isUpgrade: false, service: 'Helm' },
    values: {},
    capabilities: { kubeVersion: 'v1.34.0', apiVersions: [] },
  };
  const first = await renderChart(chart, options);
  expect(structuredClone(first)).toEqual(first);
  expect(await renderChart(structuredClone(chart), options)).toEqual(first);
  expect(await renderChart(chart, options)).toEqual(first);
});

test('lookup asks the caller, and its failure fails the rendering', async () => {
  const asked: string[][] = [];
  const lookup: Lookup = (...query) => {
    asked.push(query);
    return { data: { key: 'found' } };
  };
  const templates = { 'pod.yaml': pod('{{ (lookup "v1" "ConfigMap" .Release.Namespace "x").data.key }}') };
  const { objects } = await render({ templates }, { lookup });
  expect(objects[0]?.object.metadata.name).toBe('found');
  expect(asked).toEqual([['v1', 'ConfigMap', 'ns', 'x']]);
  const refuse: Lookup = () => {
    throw new Error('forbidden');
  };
  await expect(render({ templates }, { lookup: refuse })).rejects.toThrow('forbidden');
});

describe('errors', () => {
  test('of a template have its file, line and column', async () => {
    const broken = render({ templates: { 'x.yaml': 'a: 1\nb: {{ .Values.a.b }}\n' } });
    await expect(broken).rejects.toMatchObject({
      name: 'TemplateError',
      code: 'Execute',
      position: { template: 'app/templates/x.yaml', line: 2, column: 13 },
    });
  });

  test('in rendered YAML have the template and the line', async () => {
    const broken = render({ templates: { 'x.yaml': `${pod('a')}---\nb: [\n` } });
    await expect(broken).rejects.toMatchObject({ code: 'Manifest', file: 'app/templates/x.yaml' });
  });

  test('in a schema name what is wrong', async () => {
    const schema = { type: 'object', properties: { port: { type: 'integer' } } };
    const refused = render({ schema }, { values: { port: 'http' } });
    await expect(refused).rejects.toMatchObject({
      code: 'Schema',
      message: expect.stringContaining("at '/port': got string, want integer"),
    });
  });
});

describe('schemas', () => {
  test.each([
    ['a reference to an address', { $ref: 'http://169.254.169.254/latest' }],
    ['a reference to a file', { $ref: 'file:///etc/passwd' }],
    ['a dialect at an address', { $schema: 'http://127.0.0.1/schema' }],
    ['references in a circle', { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } } }],
    ['a reference to itself', { $ref: '#' }],
  ])('%s is an error', async (_what, schema) => {
    await expect(render({ schema }, { values: { a: 1 } })).rejects.toMatchObject({ code: 'Schema' });
  });

  test('deep nesting exceeds the limit of the stack', async () => {
    const schema = `${'{"allOf":['.repeat(20_000)}{}${']}'.repeat(20_000)}`;
    await expect(render({ files: { 'values.schema.json': schema } })).rejects.toMatchObject({ code: 'Limit' });
  });

  test('a hostile pattern takes linear time', async () => {
    const schema = { properties: { a: { pattern: '^(a+)+$' } } };
    const start = cpuMs();
    await expect(render({ schema }, { values: { a: `${'a'.repeat(3000)}!` } })).rejects.toMatchObject({
      code: 'Schema',
    });
    expect(cpuMs() - start).toBeLessThan(3000);
  });

  test('property names are never run as code', async () => {
    const name = '"];globalThis.polluted=1;//';
    await render({ schema: { properties: { [name]: { type: 'string' } } } }, { values: { [name]: 'x' } });
    expect(globalThis).not.toHaveProperty('polluted');
  });
});

describe('limits', () => {
  const limitError = { name: 'TemplateError', code: 'Limit' };

  test.each([
    ['an endless range', '{{ range until 1000000000 }}x{{ end }}'],
    ['a range over a large number', '{{ range 1000000000 }}{{ end }}'],
    ['a text of a gigabyte', '{{ repeat 1000000000 "x" }}'],
    ['much output', '{{ range 100000 }}{{ repeat 1000 "x" }}{{ end }}'],
    ['endless inclusion', '{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}'],
    [
      'endless inclusion of two',
      '{{ define "a" }}{{ include "b" . }}{{ end }}{{ define "b" }}{{ template "a" . }}{{ end }}{{ include "a" . }}',
    ],
    ['endless tpl', '{{ define "a" }}{{ tpl "{{ include \\"a\\" . }}" . }}{{ end }}{{ include "a" . }}'],
  ])('%s', async (_what, template) => {
    await expect(render({ templates: { 'x.yaml': template } }, { limits: { timeoutMs: 1500 } })).rejects.toMatchObject(
      limitError,
    );
  });
});

test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
  '%s is not a field of values unless it is set',
  async (key) => {
    const templates = { 'NOTES.txt': `[{{ .Values.${key} }}][{{ index .Values "${key}" }}][{{ .Values.t.${key} }}]` };
    expect((await render({ templates }, { values: { t: {} } })).notes).toBe('[][][]');
  },
);

test('printing large binary files takes linear time', async () => {
  const files = { 'large.bin': 'x'.repeat(4_000_000) };
  const start = cpuMs();
  const { notes } = await render({ templates: { 'NOTES.txt': '{{ print .Files | len }}' }, files });
  expect(notes).toBe(String('map[large.bin:[]]'.length + '120 '.repeat(4_000_000).length - 1));
  expect(cpuMs() - start).toBeLessThan(3000);
});

test('getHostByName resolves nothing, and the environment is hidden', async () => {
  expect((await render({ templates: { 'NOTES.txt': '[{{ getHostByName "localhost" }}]' } })).notes).toBe('[]');
  await expect(render({ templates: { 'x.yaml': '{{ env "HOME" }}' } })).rejects.toMatchObject({ code: 'Parse' });
  await expect(render({ templates: { 'x.yaml': '{{ expandenv "$HOME" }}' } })).rejects.toMatchObject({ code: 'Parse' });
});
