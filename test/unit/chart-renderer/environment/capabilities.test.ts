import { expect, test } from '@jest/globals';
import { type Capabilities, HELM_VERSIONS, loadChart, renderFiles } from '../../../../chart-renderer/index.ts';
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

/** Recorded from Helm 3.22 and 4.3. */
test.each<[string, v3: string, v4: string]>([
  ['{{ deepCopy .Capabilities.KubeVersion }}', '{v1.34.2 1 34}', '{v1.34.2+k3s1  1 34}'],
  ['{{ mustDeepCopy (list .Capabilities.KubeVersion) }}', '[{v1.34.2 1 34}]', '[{v1.34.2+k3s1  1 34}]'],
  ['{{ (dict "a" .Capabilities.KubeVersion | deepCopy).a }}', '{v1.34.2 1 34}', '{v1.34.2+k3s1  1 34}'],
  ['{{ (deepCopy .Capabilities).KubeVersion }}', 'v1.34.2', 'v1.34.2+k3s1'],
  ['{{ eq (deepCopy .Capabilities.KubeVersion) .Capabilities.KubeVersion }}', 'true', 'false'],
  ['{{ eq (index (list .Capabilities.KubeVersion) 0) .Capabilities.KubeVersion }}', 'true', 'true'],
  ['{{ deepEqual (deepCopy .Capabilities.KubeVersion) .Capabilities.KubeVersion }}', 'true', 'false'],
])('a copy by reflection has no unexported fields: %s', async (template, v3, v4) => {
  const written = await Promise.all(
    HELM_VERSIONS.map(async (helmVersion) => {
      const chart = await loadChart(buildChart({ name: 'app', templates: { 'a.txt': template } }), { helmVersion });
      const { files } = renderFiles(chart, {
        release: { name: 'r', namespace: 'ns', revision: 1, isInstall: true, isUpgrade: false, service: 'Helm' },
        values: {},
        capabilities: { kubeVersion: 'v1.34.2+k3s1', apiVersions: [] },
      });
      return files['app/templates/a.txt'];
    }),
  );
  expect(written).toEqual([v3, v4]);
});
