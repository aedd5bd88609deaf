import { expect, test } from '@jest/globals';
import { buildChart } from '../../../support/charts/chart-builder.ts';
import { eventually } from '../../../support/eventually.ts';
import { story } from '../../../support/cluster/story.ts';

const coxswain = story();

test('a Release that a chart makes is installed, upgraded, and deleted with it', async () => {
  const tenant = await coxswain.tenant();
  const config = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kid}\ndata: {v: {{ .Values.v | quote }}}\n';
  const inline = Buffer.from(buildChart({ name: 'kid', templates: { 'a.yaml': config } })).toString('base64');
  const release = `apiVersion: coxswain.dev/v1alpha1
kind: Release
metadata: {name: kid}
spec:
  chart: {inline: ${inline}}
  values: {v: {{ .Values.v | quote }}}
`;
  const chart = await coxswain.push({ name: 'outer', values: 'v: 1\n', templates: { 'kid.yaml': release } });
  await tenant.apply('outer', chart);
  const [outer, kid] = ['outer', 'kid'].map((name) => tenant.release(name));
  await outer?.ready();
  expect(await tenant.configMap('kid')).toEqual({ v: '1' });
  await outer?.patch({ values: { v: 2 } });
  await kid?.until(({ status }) => status?.version === 2);
  await outer?.ready();
  expect(await tenant.configMap('kid')).toEqual({ v: '2' });
  await tenant.release('outer').delete();
  await eventually(
    () => tenant.configMap('kid'),
    (data) => data === undefined,
  );
});
