import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildChart } from '../../support/charts/chart-builder.ts';
import { eventually } from '../../support/eventually.ts';
import {
  configMapData,
  pushParts,
  releaseOf,
  startInstallation,
  viewRelease,
  type Installation,
} from '../../support/cluster/installation.ts';
import { createTenant } from '../../support/cluster/tenant.ts';

let coxswain: Installation;

beforeAll(async () => {
  coxswain = await startInstallation();
});

afterAll(async () => coxswain?.stop());

test('a Release that a chart makes is installed, upgraded, and deleted with it', async () => {
  const { kubectl } = coxswain;
  const namespace = await createTenant(kubectl);
  const config = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kid}\ndata: {v: {{ .Values.v | quote }}}\n';
  const inline = Buffer.from(buildChart({ name: 'kid', templates: { 'a.yaml': config } })).toString('base64');
  const release = `apiVersion: coxswain.dev/v1alpha1
kind: Release
metadata: {name: kid}
spec:
  chart: {inline: ${inline}}
  values: {v: {{ .Values.v | quote }}}
`;
  const chart = await pushParts(coxswain, { name: 'outer', values: 'v: 1\n', templates: { 'kid.yaml': release } });
  await kubectl.apply(releaseOf(namespace, 'outer', chart));
  const [outer, kid] = ['outer', 'kid'].map((name) => viewRelease(kubectl, namespace, name));
  await outer?.ready();
  expect(await configMapData(kubectl, namespace, 'kid')).toEqual({ v: '1' });
  await outer?.patch({ values: { v: 2 } });
  await kid?.until(({ status }) => status?.version === 2);
  await outer?.ready();
  expect(await configMapData(kubectl, namespace, 'kid')).toEqual({ v: '2' });
  await kubectl('delete', 'release', 'outer', '--namespace', namespace, '--timeout=60s');
  await eventually(
    () => configMapData(kubectl, namespace, 'kid'),
    (data) => data === undefined,
  );
});
