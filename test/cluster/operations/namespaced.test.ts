import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packOwnChart } from '../../../tools/publish/chart.ts';
import { ensureBinaries, startControlPlane, type ControlPlane } from '../../control-plane/index.ts';
import type { StoredChart } from '../../support/charts/registry.ts';
import { startController, type RunningController } from '../../support/cluster/controller.ts';
import { auditedRequests, pushParts } from '../../support/cluster/installation.ts';
import { established, kubectlFor, run, type Kubectl } from '../../support/cluster/kubectl.ts';
import { createTenant, tenantOf, type Tenant } from '../../support/cluster/tenant.ts';
import { eventually } from '../../support/eventually.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const HOME = 'coxswain-system';
/** Named to the controller, but there only after it has started. */
const LATE = 'comes-late';
const ACCOUNT = `system:serviceaccount:${HOME}:coxswain`;
const DEFINITIONS = ['releases', 'releasehistories', 'releasepreviews'].map((plural) => `${plural}.coxswain.dev`);
const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {text: {{ .Values.text }}}\n';
const CLUSTER_ROLE = 'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: wide}\nrules: []\n';

describe('a controller with Roles in some namespaces, and no ClusterRole', () => {
  const folder = mkdtempSync(join(tmpdir(), 'namespaced-'));
  let controlPlane: ControlPlane;
  let controller: RunningController | undefined;
  let kubectl: Kubectl;
  let [one, two, other]: Tenant[] = [];
  let chart: StoredChart;

  beforeAll(async () => {
    controlPlane = await startControlPlane();
    kubectl = kubectlFor(controlPlane);
    const namespaces = [];
    for (const prefix of ['one', 'two', 'other']) namespaces.push(await createTenant(kubectl, prefix));
    [one, two, other] = namespaces.map((name) => tenantOf(kubectl, name));
    chart = await pushParts(
      { controlPlane },
      { name: 'web', values: 'text: a', templates: { 'web.yaml': CONFIG_MAP } },
    );
    await install(namespaces.slice(0, 2));
    const flags = [...namespaces.slice(0, 2), LATE].map((name) => `--namespace=${name}`);
    controller = await startController({ controlPlane, flags });
  }, 1_200_000);
  afterAll(async () => {
    await controller?.stop();
    await controlPlane.stop();
    rmSync(folder, { recursive: true });
  });

  /** By the chart, which is asked for Roles in these namespaces. */
  async function install(namespaces: readonly string[]): Promise<void> {
    const { helm4 } = await ensureBinaries(['helm4']);
    const archive = join(folder, 'coxswain.tgz');
    writeFileSync(archive, (await packOwnChart('1.0.0', undefined)).bytes);
    const values = ['--set', `namespaces={${namespaces.join(',')}}`, '--set', 'people=false'];
    const args = ['install', 'coxswain', archive, '--namespace', HOME, '--create-namespace', ...values];
    const { code, stderr } = await run(helm4, args, { env: { KUBECONFIG: controlPlane.kubeconfig } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    await established(kubectl, ...DEFINITIONS);
  }

  test('has no cluster-wide rights, and is given the list of its namespaces', async () => {
    const wide = await kubectl(
      'get',
      'clusterroles,clusterrolebindings',
      '--selector=app.kubernetes.io/part-of=coxswain',
    );
    expect(wide).toBe('');
    const deployment = await kubectl('get', 'deployment', 'coxswain', '--namespace', HOME, '--output=yaml');
    for (const tenant of [one, two]) expect(deployment).toContain(`- --namespace=${tenant?.namespace}`);
  });

  test('installs, upgrades, rolls back and deletes in each of them, and nowhere else', async () => {
    await other?.apply('web', chart);
    for (const tenant of [one, two]) {
      const release = await tenant?.apply('web', chart);
      await release?.inForce(1);
      await release?.patch({ values: { text: 'b' } });
      await release?.inForce(2);
      await release?.patch({ version: 1 });
      await release?.inForce(1);
      expect(await tenant?.configMap('web')).toEqual({ text: 'a' });
    }
    await one?.release('web').delete();
    expect(await one?.configMap('web')).toBeUndefined();
    expect((await other?.release('web').get())?.status).toBeUndefined();
  });

  test('creates no cluster-scoped object', async () => {
    const wide = await pushParts({ controlPlane }, { name: 'wide', templates: { 'role.yaml': CLUSTER_ROLE } });
    const release = await one?.apply('wide', wide);
    expect(await release?.failed('Refused')).toMatchObject({ message: expect.stringContaining('ClusterRole/wide') });
  });

  test('works in a namespace that is added later, and without one that is removed', async () => {
    await kubectl('create', 'namespace', LATE);
    await kubectl(
      'create',
      'rolebinding',
      'coxswain',
      '--namespace',
      LATE,
      '--clusterrole=admin',
      `--serviceaccount=${LATE}:default`,
    );
    const late = tenantOf(kubectl, LATE);
    const release = await late.apply('web', chart);
    await kubectl.attempt(['apply', '--filename=-'], { input: rightsIn(LATE) });
    await release.ready({ timeoutMs: 180_000 });
    await release.delete();
    await kubectl('delete', 'namespace', LATE, '--timeout=120s');
    await two?.release('web').patch({ values: { text: 'c' } });
    await two?.release('web').inForce(3);
  }, 600_000);

  test('has requested nothing that it has no right to, except what its documentation names', async () => {
    const refused = (
      await eventually(
        () => auditedRequests(controlPlane),
        (all) => all.length > 0,
      )
    ).filter(
      ({ user, impersonatedUser, responseStatus, objectRef }) =>
        user.username === ACCOUNT &&
        impersonatedUser === undefined &&
        responseStatus?.code === 403 &&
        objectRef?.namespace !== LATE,
    );
    expect([...new Set(refused.map(({ objectRef }) => objectRef?.resource))]).toEqual(['servicecidrs']);
  });
});

function rightsIn(namespace: string): string {
  const text = readFileSync(join(ROOT, 'deploy', 'namespaced', 'namespaced-access.yaml'), 'utf8');
  return text.replaceAll('namespace: shop', `namespace: ${namespace}`);
}
