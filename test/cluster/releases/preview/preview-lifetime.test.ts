import { beforeEach, expect, test } from '@jest/globals';
import { askPreview } from '../../../../client/releases/index.ts';
import { connect } from '../../../../kube/index.ts';
import { webChart } from '../../../support/charts/web-chart.ts';
import type { ReleaseView } from '../../../support/cluster/installation.ts';
import { eventually } from '../../../support/eventually.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { previewed } from './previewed.ts';

// Until when previews are kept.

const coxswain = story();
let tenant: Tenant;
let web: ReleaseView;

beforeEach(async () => {
  tenant = await coxswain.tenant();
  web = await tenant.apply('web', await coxswain.push(webChart()));
  await web.inForce(1);
});

test('the earliest finished previews of a namespace make room for new ones', async () => {
  const first = await previewed(tenant, { release: 'web' });
  for (let count = 0; count < 20; count += 1) await previewed(tenant, { release: 'web' });
  await tenant.kubectl('wait', 'relpreview', first.metadata.name, '--for=delete', '--timeout=90s');
  expect(await previews()).toHaveLength(20);
});

test('a preview that nobody waits for any more is deleted', async () => {
  await coxswain.controller.stop();
  const client = await connect({ kubeconfig: coxswain.controlPlane.kubeconfig });
  try {
    const abandoned = new AbortController();
    const asking = askPreview({ client, namespace: tenant.namespace }, { release: 'web' }, abandoned.signal);
    await eventually(previews, (left) => left.length === 1);
    abandoned.abort();
    await expect(asking).rejects.toMatchObject({ code: 'NotReady', message: expect.stringContaining('nobody waits') });
    expect(await previews()).toEqual([]);
  } finally {
    await client.close();
    await coxswain.restart();
  }
});

test('a preview is deleted after ten minutes, answered or not, and its Release is untouched', async () => {
  const before = await web.ready();
  await previewed(tenant, { release: 'web' });
  await coxswain.controller.stop();
  const asked = { apiVersion: 'coxswain.dev/v1alpha1', kind: 'ReleasePreview', metadata: { name: 'asked' } };
  await tenant.kubectl.apply({ ...asked, spec: { release: 'web' } });
  expect(await previews()).toHaveLength(2);
  await coxswain.restart({ env: { NODE_OPTIONS: clockAheadBy(595_000) } });
  await eventually(previews, (left) => left.length === 0);
  const { metadata, status } = await web.ready();
  expect({ uid: metadata.uid, version: status?.version }).toEqual({ uid: before.metadata.uid, version: 1 });
  expect(await tenant.configMap('web')).toBeDefined();
});

async function previews(): Promise<object[]> {
  return (await tenant.kubectl.json<{ items: object[] }>('get', 'relpreview')).items;
}

/** What sets a controller's clock ahead, so that minutes are over that nobody has to wait for. */
function clockAheadBy(ms: number): string {
  const clock = `const Real = Date;
globalThis.Date = class extends Real {
  constructor(...given) { super(...(given.length === 0 ? [Real.now() + ${ms}] : given)); }
  static now() { return Real.now() + ${ms}; }
};`;
  return `--import=data:text/javascript,${encodeURIComponent(clock)}`;
}
