import { beforeEach, expect, test } from '@jest/globals';
import type { KubeObject } from '../../../../resources/index.ts';
import { eventually } from '../../../support/eventually.ts';
import { conditionOf, type ReleaseView } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { webChart } from '../../../support/charts/web-chart.ts';

/** Back within seconds, from watches: far below any interval that polling would need. */

const coxswain = story();
let tenant: Tenant;
let web: ReleaseView;

beforeEach(async () => {
  tenant = await coxswain.tenant();
  web = tenant.release('web');
  await tenant.apply('web', await coxswain.push(webChart()));
  await web.ready();
});

test('a child that is deleted by hand is restored within seconds, and this makes no version', async () => {
  await tenant.kubectl('delete', 'configmap', 'web');
  await eventually(
    () => tenant.configMap('web'),
    (data) => data?.['greeting'] === 'hello',
  );
  expect((await web.get()).status?.version).toBe(1);
  expect(await web.histories()).toHaveLength(1);
});

test.each([
  ['edited', ['patch', 'configmap', 'web', '--type=merge', '--patch={"data":{"greeting":"hacked"}}']],
  [
    'edited under our field manager',
    ['patch', 'configmap', 'web', '--field-manager=coxswain', '--type=merge', '--patch={"data":{"greeting":"hacked"}}'],
  ],
  ['emptied', ['patch', 'configmap', 'web', '--type=json', '--patch=[{"op":"remove","path":"/data/greeting"}]']],
])('a field that is %s by hand is corrected within seconds', async (_how, command) => {
  await tenant.kubectl(...command);
  await eventually(
    () => tenant.configMap('web'),
    (data) => data?.['greeting'] === 'hello',
  );
});

test('an event names the objects that were corrected, their fields, and who had changed them', async () => {
  const events = async (): Promise<string> => {
    const path = '--output=jsonpath={range .items[*]}{.message}{"\\n"}{end}';
    return tenant.kubectl('get', 'events', '--field-selector=reason=DriftCorrected', path);
  };
  const patch = '--patch={"data":{"greeting":"hacked"}}';
  await tenant.kubectl('patch', 'configmap', 'web', '--field-manager=somebody', '--type=merge', patch);
  const edited = '1 object restored to version 1: ConfigMap/web was changed by somebody: /data/greeting';
  await eventually(events, (messages) => messages.includes(edited));
  await tenant.kubectl('delete', 'service', 'web');
  const deleted = '1 object restored to version 1: Service/web was deleted';
  await eventually(events, (messages) => messages.includes(deleted));
});

test.each<[string, (copy: KubeObject) => object]>([
  ['an edited copy', (copy) => ({ ...copy, data: { ...(copy['data'] as object), greeting: 'hacked' } })],
  [
    'a part',
    ({ apiVersion, kind, metadata: { name } }) => ({
      apiVersion,
      kind,
      metadata: { name },
      data: { greeting: 'hacked' },
    }),
  ],
])('%s applied by somebody under our field manager is corrected within seconds', async (_what, change) => {
  const copy = await tenant.kubectl.json<KubeObject>('get', 'configmap', 'web', '--show-managed-fields');
  const { resourceVersion: _, managedFields = [], ...metadata } = copy.metadata;
  // Of an apply, the second is told, not more.
  const told = Math.max(...managedFields.map(({ time }) => Date.parse(time ?? '')));
  expect(told).toBeGreaterThan(0);
  await eventually(Date.now, (now) => now >= told + 1_000);
  const args = ['apply', '--server-side', '--field-manager=coxswain', '--filename=-'];
  const { code } = await tenant.kubectl.attempt(args, { input: JSON.stringify(change({ ...copy, metadata })) });
  expect(code).toBe(0);
  const seen = () => tenant.kubectl.json<KubeObject>('get', 'configmap', 'web');
  await eventually(
    seen,
    ({ data, metadata: { labels } }) =>
      (data as { greeting: string }).greeting === 'hello' && labels?.['coxswain.dev/release'] === 'web',
  );
});

test('our labels are restored if they are removed from a child by hand', async () => {
  await tenant.kubectl('label', 'service', 'web', 'coxswain.dev/release-', 'coxswain.dev/release-namespace-');
  const labels = async () => (await tenant.kubectl.json<KubeObject>('get', 'service', 'web')).metadata.labels;
  await eventually(labels, (seen) => seen?.['coxswain.dev/release'] === 'web');
});

test('fields that others set beside ours are left alone', async () => {
  await tenant.kubectl('annotate', 'deployment', 'web', 'example.com/note=mine');
  await tenant.kubectl('delete', 'configmap', 'web');
  await eventually(
    () => tenant.configMap('web'),
    (data) => data !== undefined,
  );
  const deployment = await tenant.kubectl.json<KubeObject>('get', 'deployment', 'web');
  expect(deployment.metadata.annotations?.['example.com/note']).toBe('mine');
});

test('while suspended nothing is applied, health is still reported, and pending changes are made on resuming', async () => {
  await web.patch({ suspend: true });
  await web.until((release) => conditionOf(release, 'Ready')?.reason === 'Suspended');
  await tenant.kubectl('delete', 'configmap', 'web');
  await web.patch({ values: { greeting: 'later' } });
  await web.until((release) => release.status?.health === 'Yellow');
  await web.patch({ values: { greeting: 'later still' } });
  await web.until((release) => release.status?.health === 'Yellow');
  expect(await tenant.configMap('web')).toBeUndefined();
  expect(await web.histories()).toHaveLength(1);
  await web.patch({ suspend: false });
  await web.inForce(2);
  expect(await tenant.configMap('web')).toMatchObject({ greeting: 'later still' });
});
