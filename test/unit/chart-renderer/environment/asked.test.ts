import { expect, test } from '@jest/globals';
import { type AskedOfCluster, loadChart, renderChart } from '../../../../chart-renderer/index.ts';
import { buildChart } from '../../../support/charts/chart-builder.ts';

async function asked(template: string, file = 'NOTES.txt', metadata = ''): Promise<AskedOfCluster | undefined> {
  const chart = await loadChart(buildChart({ name: 'app', metadata, templates: { [file]: template } }));
  const rendering = await renderChart(chart, {
    release: { name: 'r', namespace: 'ns', revision: 1, isInstall: true, isUpgrade: false, service: 'Helm' },
    values: {},
    capabilities: { kubeVersion: 'v1.34.0', apiVersions: ['v1', 'apps/v1'] },
  });
  return rendering.asked;
}

const NAMES = { kubeVersion: false, list: false };
const LIST = { kubeVersion: false, names: [], list: true };
const VERSION = { kubeVersion: true, names: [], list: false };

test.each<[string, AskedOfCluster | undefined]>([
  ['{{ .Release.Name }}{{ .Capabilities.HelmVersion.Version }}', undefined],
  ['{{ $c := .Capabilities }}{{ with $c.APIVersions }}{{ end }}', LIST],
  [
    '{{ .Capabilities.APIVersions.Has "b/v1" }}{{ .Capabilities.APIVersions.Has "apps/v1/Deployment" }}',
    { ...NAMES, names: ['apps/v1/Deployment', 'b/v1'] },
  ],
  ['{{ range .Values.none }}{{ $.Capabilities.APIVersions.Has "b/v1" }}{{ end }}', undefined],
  ['{{ .Capabilities.APIVersions.Has "no such/name/at all/" }}', undefined],
  ['{{ range .Capabilities.APIVersions }}{{ . }}{{ end }}', LIST],
  ['{{ has "v1" .Capabilities.APIVersions }}', LIST],
  ['{{ .Capabilities.APIVersions | toJson }}', LIST],
  ['{{ range until 101 }}{{ $.Capabilities.APIVersions.Has (printf "g%d/v1" .) }}{{ end }}', LIST],
  ['{{ .Capabilities.KubeVersion.Minor }}', VERSION],
  ['{{ .Capabilities.KubeVersion.GitVersion }}', VERSION],
  ['{{ .Capabilities.KubeVersion }}', VERSION],
  ['{{ semverCompare ">=1.20-0" .Capabilities.KubeVersion.Version }}', VERSION],
  ['{{ toYaml .Capabilities }}', { ...VERSION, list: true }],
])('%s', async (template, expected) => {
  expect(await asked(template)).toEqual(expected);
});

test.each<[string, AskedOfCluster | undefined]>([
  ['{{Release.Name}}', undefined],
  ['{{Capabilities.KubeVersion.Minor}}', VERSION],
  ['{{#each Capabilities.APIVersions}}{{this}}{{/each}}', LIST],
])('in Handlebars: %s', async (template, expected) => {
  expect(await asked(template, 'NOTES.txt.hbs', 'engine: handlebars\n')).toEqual(expected);
});
