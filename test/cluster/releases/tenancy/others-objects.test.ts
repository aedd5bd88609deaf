import { expect, test } from '@jest/globals';
import { RELEASE_LABEL, RELEASE_NAMESPACE_LABEL } from '../../../../crds/index.ts';
import { chartOf, configMap } from '../../../support/charts/hook-charts.ts';
import { story } from '../../../support/cluster/story.ts';

const coxswain = story();

test('an object that merely carries our labels is not taken over, nor does the message say how to label it', async () => {
  const tenant = await coxswain.tenant();
  const labels = { [RELEASE_LABEL]: 'web', [RELEASE_NAMESPACE_LABEL]: tenant.namespace };
  const metadata = { name: 'app', labels };
  await tenant.kubectl.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { value: 'theirs' } });
  const chart = await coxswain.push(chartOf('labelled', [configMap('app', 'value')], 'value: ours\n'));
  const web = await tenant.apply('web', chart);
  const { message } = await web.failed('AlreadyExists');
  expect(message).toContain('ConfigMap/app');
  expect(message).not.toContain(RELEASE_LABEL);
  expect(await tenant.configMap('app')).toEqual({ value: 'theirs' });
});

test('a deletion held up by the finalizer of a child names both', async () => {
  const tenant = await coxswain.tenant();
  const chart = await coxswain.push(chartOf('held', [configMap('app', 'value')], 'value: one\n'));
  const web = await tenant.apply('web', chart);
  await web.ready();
  const patched = ['patch', 'configmap', 'app', '--type=merge'];
  await tenant.kubectl(...patched, '--patch={"metadata":{"finalizers":["example.com/hold"]}}');
  await tenant.kubectl('delete', 'release', 'web', '--wait=false');
  await web.until(({ status }) => status?.message?.includes('held by the finalizers example.com/hold') === true);
  expect((await web.get()).status?.message).toContain('ConfigMap/app');
  await tenant.kubectl(...patched, '--patch={"metadata":{"finalizers":null}}');
  await tenant.kubectl('wait', 'release', 'web', '--for=delete', '--timeout=120s');
});
