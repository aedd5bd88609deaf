import { expect, test } from '@jest/globals';
import { type Capabilities, loadChart, renderFiles } from '../../../../chart-renderer/index.ts';
import { buildChart } from '../../../support/charts/chart-builder.ts';

const TEMPLATE = '{{ with .Capabilities.KubeVersion }}{{ . }} {{ .Major }} {{ .Minor }}{{ end }}';

test.each<[string, Capabilities['kubeVersion'], string]>([
  ['a version', '1.34.1', 'v1.34.1 1 34'],
  ['a version of a distribution', 'v1.34.1+k3s1', 'v1.34.1 1 34'],
  ['what a server says', { gitVersion: 'v1.29.9-eks-a737599', major: '1', minor: '29+' }, 'v1.29.9-eks-a737599 1 29+'],
])('templates see %s as by Helm', async (_what, kubeVersion, output) => {
  const chart = await loadChart(buildChart({ name: 'app', templates: { 'a.txt': TEMPLATE } }));
  const { files } = renderFiles(chart, {
    release: { name: 'r', namespace: 'ns', revision: 1, isInstall: true, isUpgrade: false, service: 'Helm' },
    values: {},
    capabilities: { kubeVersion, apiVersions: [] },
  });
  expect(files['app/templates/a.txt']).toBe(output);
});
