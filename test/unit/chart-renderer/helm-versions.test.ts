import { describe, expect, test } from '@jest/globals';
import {
  HELM_VERSIONS,
  type HelmVersion,
  loadChart,
  renderChart,
  renderFiles,
  type RenderOptions,
} from '../../../chart-renderer/index.ts';
import { buildChart, type ChartParts } from '../../support/charts/chart-builder.ts';

// Each way in which Helm 4 renders otherwise than Helm 3, as recorded from both.

const OPTIONS: RenderOptions = {
  release: { name: 'r', namespace: 'ns', revision: 1, isInstall: true, isUpgrade: false, service: 'Helm' },
  values: {},
  capabilities: { kubeVersion: 'v1.34.2-gke.100', apiVersions: ['v1'] },
};

type Parts = Omit<ChartParts, 'name'>;

async function textOf(parts: Parts, helmVersion: HelmVersion, values: RenderOptions['values'] = {}): Promise<string> {
  const chart = await loadChart(buildChart({ name: 'app', ...parts }), { helmVersion });
  try {
    return renderFiles(chart, { ...OPTIONS, values }).files['app/templates/a.txt'] ?? 'no such file';
  } catch (error) {
    return String(error);
  }
}

/** What a template gives as by each version. */
async function bothOf(parts: Parts, values?: RenderOptions['values']): Promise<Record<HelmVersion, string>> {
  const [v3, v4] = await Promise.all(HELM_VERSIONS.map((version) => textOf(parts, version, values)));
  return { v3: v3 ?? '', v4: v4 ?? '' };
}

function templates(text: string): Parts {
  return { templates: { 'a.txt': text } };
}

test.each<[what: string, template: string, v3: string, v4: string]>([
  ['the version of Helm', '{{ .Capabilities.HelmVersion.Version }}', 'v3.22.0', 'v4.3.2'],
  [
    'the version of its Kubernetes client',
    '{{ toJson .Capabilities.HelmVersion }}',
    '{"version":"v3.22.0","go_version":"go1.26"}',
    '{"version":"v4.3.2","go_version":"go1.26","kube_client_version":"v1.37"}',
  ],
  [
    'the version of the cluster, given as a text',
    '{{ .Capabilities.KubeVersion.Version }} {{ .Capabilities.KubeVersion }}',
    'v1.34.2 v1.34.2',
    'v1.34.2-gke.100 v1.34.2',
  ],
  ['the type of values', '{{ printf "%T" .Values }}', 'chartutil.Values', 'common.Values'],
  ['the type of .Chart', '{{ kindOf .Chart }}', 'struct', 'map'],
  ['the names in .Chart, written out', '{{ .Chart | toJson | fromJson | keys | len }}', '4', '18'],
  ['an empty list in .Chart', '{{ .Chart.Keywords | toJson }}', 'null', '[]'],
  [
    'a function that Helm 3 has not',
    '{{ durationHours "90m" }}',
    'TemplateError: parse error at (app/templates/a.txt:1): function "durationHours" not defined',
    '1.5',
  ],
])('%s', async (_what, template, v3, v4) => {
  expect(await bothOf(templates(template))).toEqual({ v3, v4 });
});

test('a missing field of .Chart is an error or nothing, and templates can set one', async () => {
  const { v3, v4 } = await bothOf(templates('{{ .Chart.Nope }}'));
  expect(v3).toContain("can't evaluate field Nope");
  expect(v4).toBe('');
  expect(await textOf(templates('{{ set .Chart "Name" "other" | len }} {{ .Chart.Name }}'), 'v4')).toBe('18 other');
});

test('nulls in a chart’s own values are kept or dropped', async () => {
  const parts = { values: 'a: null\nb: {c: null, d: [null]}\n', templates: { 'a.txt': '{{ toJson .Values }}' } };
  expect(await bothOf(parts)).toEqual({ v3: '{"a":null,"b":{"c":null,"d":[null]}}', v4: '{"b":{"d":[null]}}' });
});

test('the user’s nulls remove defaults in both, and stay where there are none', async () => {
  const parts = { values: 'a: 1\nb: {c: 1}\n', templates: { 'a.txt': '{{ toJson .Values }}' } };
  const told = '{"b":{"d":null},"e":null}';
  expect(await bothOf(parts, { a: null, b: { c: null, d: null }, e: null })).toEqual({ v3: told, v4: told });
});

test('of several documents in values.yaml only the first counts, or all are merged', async () => {
  const parts = { values: 'a: {b: 1, c: 1}\n---\na: {b: 2}\nd: 3\n', templates: { 'a.txt': '{{ toJson .Values }}' } };
  expect(await bothOf(parts)).toEqual({ v3: '{"a":{"b":1,"c":1}}', v4: '{"a":{"b":2,"c":1},"d":3}' });
});

test('a missing newline at the end of values.yaml is added', async () => {
  const parts = { values: 'a: |\n  text', templates: { 'a.txt': '{{ toJson .Values }}' } };
  expect(await bothOf(parts)).toEqual({ v3: '{"a":"text"}', v4: '{"a":"text\\n"}' });
});

test('an error shows Go’s chain, or a line for each step', async () => {
  const text = '{{ define "x" }}{{ .a.b.c }}{{ end }}{{ include "x" (dict "a" "s") }}';
  const { v3, v4 } = await bothOf(templates(text));
  expect(v3).toMatch(
    /^TemplateError: template: app\/templates\/a.txt:1:\d+: executing .*: error calling include: template: /,
  );
  expect(v4).toBe(
    'TemplateError: app/templates/a.txt:1:40\n  executing "app/templates/a.txt" at <include "x" (dict "a" "s")>:\n    ' +
      'error calling include:\napp/templates/a.txt:1:21\n  executing "x" at <.a.b.c>:\n    ' +
      "can't evaluate field b in type interface {}",
  );
});

test('an error outside templates is shown as it is', async () => {
  const { v3, v4 } = await bothOf(templates('{{ index (list 1) 5 }}'));
  expect(v4).toBe(v3);
});

describe('the manifests', () => {
  const OBJECTS = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration', 'Foo', 'APIService'];
  const text = OBJECTS.map((kind) => `apiVersion: x/v1\nkind: ${kind}\nmetadata: {name: a}\n`).join('---\n');

  test.each<[HelmVersion, string[]]>([
    ['v3', ['APIService', 'Foo', 'MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']],
    ['v4', ['APIService', 'MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration', 'Foo']],
  ])('have webhooks in the order for unknown kinds, or before those: %s', async (helmVersion, kinds) => {
    const chart = await loadChart(buildChart({ name: 'app', templates: { 'a.yaml': text } }), { helmVersion });
    const { objects } = await renderChart(chart, OPTIONS);
    expect(objects.map(({ object }) => object.kind)).toEqual(kinds);
  });
});

test('two aliases of a chart share its dependencies, or each has its own', async () => {
  const sub = (name: string, more = ''): string => `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n${more}`;
  const parts = {
    metadata: 'dependencies: [{name: b, version: 1.0.0, alias: one}, {name: b, version: 1.0.0, alias: two}]\n',
    files: {
      'charts/b/Chart.yaml': sub('b', 'dependencies: [{name: c, version: 1.0.0, alias: d}]\n'),
      'charts/b/charts/c/Chart.yaml': sub('c'),
      'charts/b/charts/c/templates/c.txt': '{{ .Chart.Name }}',
    },
  };
  const filesAsBy = async (helmVersion: HelmVersion): Promise<string[]> => {
    const chart = await loadChart(buildChart({ name: 'app', ...parts }), { helmVersion });
    return Object.keys(renderFiles(chart, OPTIONS).files).sort();
  };
  expect(await filesAsBy('v3')).toEqual([
    'app/charts/one/charts/d/templates/c.txt',
    'app/charts/two/charts/c/templates/c.txt',
  ]);
  expect(await filesAsBy('v4')).toEqual([
    'app/charts/one/charts/d/templates/c.txt',
    'app/charts/two/charts/d/templates/c.txt',
  ]);
});

test('Helm 4 refuses charts whose API version it does not install', async () => {
  const metadata = (apiVersion: string): Buffer =>
    Buffer.from(
      buildChart({ name: 'app', files: { 'Chart.yaml': `apiVersion: ${apiVersion}\nname: app\nversion: 1.0.0\n` } }),
    );
  await expect(loadChart(metadata('v3'))).rejects.toThrow('invalid chart apiVersion');
  await expect(loadChart(metadata('v9'))).rejects.toThrow('unsupported chart version');
  await expect(loadChart(metadata('v9'), { helmVersion: 'v3' })).resolves.toMatchObject({ helmVersion: 'v3' });
});
