import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { RELEASE_LABEL, RELEASE_NAMESPACE_LABEL } from '../../../crds/index.ts';
import { chartOf, configMap } from '../../support/charts/hook-charts.ts';
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

test('an object that merely bears our labels is not taken over, nor does the message say how to label it', async () => {
  const { kubectl } = coxswain;
  const namespace = await createTenant(kubectl);
  const labels = { [RELEASE_LABEL]: 'web', [RELEASE_NAMESPACE_LABEL]: namespace };
  const metadata = { name: 'app', namespace, labels };
  await kubectl.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { value: 'theirs' } } as never);
  const chart = await pushParts(coxswain, chartOf('labelled', [configMap('app', 'value')], 'value: ours\n'));
  await kubectl.apply(releaseOf(namespace, 'web', chart));
  const web = viewRelease(kubectl, namespace, 'web');
  const { message } = await web.failed('AlreadyExists');
  expect(message).toContain('ConfigMap/app');
  expect(message).not.toContain(RELEASE_LABEL);
  expect(await configMapData(kubectl, namespace, 'app')).toEqual({ value: 'theirs' });
});

test('a deletion that the finalizer of a child holds up names both', async () => {
  const { kubectl } = coxswain;
  const namespace = await createTenant(kubectl);
  const chart = await pushParts(coxswain, chartOf('held', [configMap('app', 'value')], 'value: one\n'));
  await kubectl.apply(releaseOf(namespace, 'web', chart));
  const web = viewRelease(kubectl, namespace, 'web');
  await web.ready();
  const patched = ['patch', 'configmap', 'app', '--namespace', namespace, '--type=merge'];
  await kubectl(...patched, '--patch={"metadata":{"finalizers":["example.com/hold"]}}');
  await kubectl('delete', 'release', 'web', '--namespace', namespace, '--wait=false');
  await web.until(({ status }) => status?.message?.includes('held by the finalizers example.com/hold') === true);
  expect((await web.get()).status?.message).toContain('ConfigMap/app');
  await kubectl(...patched, '--patch={"metadata":{"finalizers":null}}');
  await kubectl('wait', 'release', 'web', '--namespace', namespace, '--for=delete', '--timeout=60s');
});
