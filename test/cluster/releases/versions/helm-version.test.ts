import { expect, test } from '@jest/globals';
import { story } from '../../../support/cluster/story.ts';

const CONFIG = `apiVersion: v1
kind: ConfigMap
metadata: {name: app}
data:
  helm: {{ .Capabilities.HelmVersion.Version }}
  values: {{ toJson .Values | quote }}
`;

const coxswain = story();

test('a chart is rendered as by Helm 4, or as by Helm 3 where the Release says so, and the choice is content', async () => {
  const tenant = await coxswain.tenant();
  const chart = await coxswain.push({ name: 'app', values: 'a: null\nb: 1\n', templates: { 'config.yaml': CONFIG } });
  const valuesFrom = [{ kind: 'ConfigMap', name: 'values', key: 'values.yaml' }];
  const texts = { 'values.yaml': 'c: 1\n---\nc: 2\n' };
  await tenant.kubectl.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'values' }, data: texts });
  await tenant.apply('app', chart, { valuesFrom });
  const release = tenant.release('app');
  await release.ready();
  const asByHelm4 = { helm: 'v4.3.2', values: '{"b":1,"c":2}' };
  expect(await tenant.configMap('app')).toEqual(asByHelm4);

  await release.patch({ helmVersion: 'v3' });
  await release.until(({ status }) => status?.version === 2);
  await release.ready();
  expect(await tenant.configMap('app')).toEqual({ helm: 'v3.22.0', values: '{"a":null,"b":1,"c":1}' });

  const histories = await release.histories();
  expect(histories.map(({ spec }) => spec.helmVersion)).toEqual([undefined, 'v3']);
  expect(histories[1]?.spec.description).toBe('Upgrade app-1.0.0: helmVersion changed');

  await release.patch({ version: 1 });
  const back = await release.until(({ status }) => status?.version === 1);
  expect(back.spec.helmVersion).toBeUndefined();
  await release.ready();
  expect(await tenant.configMap('app')).toEqual(asByHelm4);
});
