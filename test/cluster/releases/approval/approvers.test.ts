import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { releaseOf, type ReleaseView } from '../../../support/cluster/installation.ts';
import { eventually } from '../../../support/eventually.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import type { StoredChart } from '../../../support/charts/registry.ts';

// Who may approve is told by the policy in deploy/approvers.yaml: not everybody who may edit.

const POLICY = join(import.meta.dirname, '..', '..', '..', '..', 'deploy', 'approvers.yaml');
const CONFIG = `apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}}
`;

const coxswain = story();
let tenant: Tenant;
let chart: StoredChart;
let web: ReleaseView;

beforeAll(async () => {
  await coxswain.kubectl('apply', '--filename', POLICY);
  chart = await coxswain.push({ name: 'approved', templates: { 'c.yaml': CONFIG } });
});

beforeEach(async () => {
  tenant = await coxswain.tenant();
  for (const user of ['editor', 'approver'])
    await tenant.kubectl('create', 'rolebinding', user, '--clusterrole=edit', `--user=${user}`);
  await tenant.kubectl('create', 'role', 'approver', '--verb=approve', '--resource=releases.coxswain.dev');
  await tenant.kubectl('create', 'rolebinding', 'approves', '--role=approver', '--user=approver');
  web = await tenant.apply('web', chart, { approval: 'Manual' });
});

test('an editor may neither approve a plan nor drop the requirement; a holder of the verb may', async () => {
  const { plan } = await waiting();
  const approval = { approvedPlan: plan?.digest };
  // The API server takes note of a policy a little later.
  await eventually(
    async () => attempt('editor', approval, '--dry-run=server'),
    ({ code }) => code !== 0,
  );
  expect((await attempt('editor', approval)).stderr).toContain('needs the verb "approve"');
  expect((await attempt('editor', { approval: 'Automatic' })).stderr).toContain('needs the verb "approve"');
  expect(await attempt('editor', { timeout: '4m' })).toMatchObject({ code: 0 });
  await waiting();
  expect(await attempt('approver', approval)).toMatchObject({ code: 0 });
  const { spec } = await web.inForce(1);
  expect(spec).toMatchObject(approval);
  // What was approved stays in the spec, and every edit may go on having it.
  expect(await attempt('editor', { timeout: '3m' })).toMatchObject({ code: 0 });
});

test('where approval is required, no Release exists without it', async () => {
  const { kubectl, namespace } = tenant;
  await kubectl('label', 'namespace', namespace, 'coxswain.dev/approval=required');
  const create = async (spec: Record<string, unknown>) => {
    const input = JSON.stringify(releaseOf(namespace, 'other', chart, spec));
    return kubectl.attempt(['create', '--dry-run=server', '--as=approver', '--filename=-'], { input });
  };
  await eventually(
    async () => create({}),
    ({ stderr }) => stderr.includes('need approval: Manual'),
  );
  expect(await create({ approval: 'Manual' })).toMatchObject({ code: 0 });
});

test('a Release older than the requirement carries on, and can only be edited with approval', async () => {
  const { kubectl, namespace } = tenant;
  const source = async (value: string): Promise<void> =>
    kubectl.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'source', namespace }, data: { value } });
  await source('one');
  const valuesFrom = [{ kind: 'ConfigMap', name: 'source', key: 'value', targetPath: 'value' }];
  const old = await tenant.apply('old', chart, { valuesFrom });
  await old.inForce(1);
  await kubectl('label', 'namespace', namespace, 'coxswain.dev/approval=required');
  const edit = async (spec: Record<string, unknown>) => {
    const patch = `--patch=${JSON.stringify({ spec })}`;
    return kubectl.attempt(['patch', 'release', 'old', '--as=editor', '--type=merge', patch, '--dry-run=server']);
  };
  await eventually(
    async () => edit({ timeout: '4m' }),
    ({ stderr }) => stderr.includes('need approval: Manual'),
  );
  expect(await edit({ approval: 'Manual' })).toMatchObject({ code: 0 });
  // The controller claims a version of it all the same.
  await source('two');
  expect((await old.inForce(2)).spec.version).toBe(2);
});

async function waiting(): Promise<NonNullable<Awaited<ReturnType<ReleaseView['get']>>['status']>> {
  await web.failed('ApprovalAwaited');
  return (await web.get()).status ?? {};
}

async function attempt(user: string, spec: Record<string, unknown>, ...flags: readonly string[]) {
  const patch = `--patch=${JSON.stringify({ spec })}`;
  return tenant.kubectl.attempt(['patch', 'release', 'web', `--as=${user}`, '--type=merge', patch, ...flags]);
}
