import { beforeAll, describe, expect, test } from '@jest/globals';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { KubeObject } from '../../../resources/index.ts';
import { ensureBinaries } from '../../control-plane/index.ts';
import { appChart } from '../../support/charts/app-chart.ts';
import { readPage, runScript, type Place } from '../../support/command/page.ts';
import { story } from '../../support/cluster/story.ts';
import { deletedPodsGone, type Tenant } from '../../support/cluster/tenant.ts';
import { pathWith, PLUGINS } from '../../support/command/command.ts';

// The commands of docs/moving-from-helm.md, by somebody who begins with nothing but Helm, and goes back to it.

const ROOT = join(import.meta.dirname, '..', '..', '..');

const coxswain = story();
let registry: string;
let place: Place;
const page = readPage(join(ROOT, 'docs', 'moving-from-helm.md'), () => ({ ...place, registry }));

beforeAll(async () => {
  ({ registry } = await coxswain.push(appChart({ name: 'web' })));
});

/** What may not change while a release changes hands. */
async function workloads({ kubectl }: Tenant): Promise<unknown> {
  const { items } = await kubectl.json<{ items: KubeObject[] }>('get', 'deployment,statefulset,pod,pvc,service');
  return items.map(({ kind, metadata, spec }) => ({ kind, name: metadata.name, uid: metadata.uid, spec }));
}

describe.each(['helm', 'helm4'] as const)('a release of %s', (program) => {
  let tenant: Tenant;
  let sh: (script: string) => Promise<string>;
  let before: unknown;

  beforeAll(async () => {
    const { controlPlane } = coxswain;
    const binaries = await ensureBinaries([program]);
    tenant = await coxswain.tenant();
    const folder = join(controlPlane.directory, program);
    await mkdir(folder);
    await symlink(binaries[program], join(folder, 'helm'));
    const kubeconfig = await coxswain.file(`${program}.kubeconfig`, await readFile(controlPlane.kubeconfig));
    const PATH = `${folder}:${pathWith(PLUGINS, controlPlane)}`;
    place = { folder, env: { PATH, KUBECONFIG: kubeconfig, COXSWAIN_NODE: process.execPath } };
    sh = async (script) => runScript(script, place);
    await sh(`kubectl config set-context --current --namespace ${tenant.namespace}`);
    await sh(`helm install web ${registry}/web --version 1.0.0 --plain-http`);
    await sh(`helm upgrade web ${registry}/web --version 1.0.0 --plain-http --set-string tag=2`);
    await sh('kubectl rollout status deployment/web-web && kubectl rollout status statefulset/web-db');
    await deletedPodsGone(tenant);
    before = await workloads(tenant);
  }, 300_000);

  test('is previewed first, and adopted without a change', async () => {
    expect(await page.follow('See what would happen')).toContain('no differences');
    expect(await sh('kubectl get releases')).toBe('');
    await page.follow('Adopt it');
    await tenant.release('web').inForce(2);
    expect(await workloads(tenant)).toEqual(before);
    // The chart of what Helm deployed before can be pulled again.
    expect(await sh('kubectl release values web --version 1 --all')).toContain('dropped: here');
  });

  test('is upgraded and rolled back to what Helm made; then what Helm stored is deleted', async () => {
    await sh('kubectl release upgrade web --reuse-values --set-string tag=3 --wait');
    await sh('kubectl release rollback web 1 --wait');
    expect(await tenant.configMap('web-settings')).toMatchObject({ tag: '1' });
    await page.follow('Afterwards');
    expect(await sh('kubectl get secrets --selector=owner=helm --output=name')).toBe('');
  });

  test('goes back to Helm, which carries on with all of it', async () => {
    await deletedPodsGone(tenant);
    before = await workloads(tenant);
    expect(await page.follow('Back to Helm')).toMatch(/^3\s.*\ssuperseded\s.*web-1\.0\.0/m);
    expect(await workloads(tenant)).toEqual(before);
    await sh(`helm upgrade web ${registry}/web --version 1.0.0 --plain-http --reuse-values --set-string tag=4`);
    await sh('helm rollback web 3');
    expect(await tenant.configMap('web-settings')).toMatchObject({ tag: '3' });
    await sh('helm uninstall web');
    expect(await sh('kubectl get deployment,statefulset,service,serviceaccount --output=name')).toBe(
      'serviceaccount/default\n',
    );
  });
});

test('each command of the page was run', () => {
  expect(page.notRun()).toEqual([]);
});
