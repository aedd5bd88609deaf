import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Release, ReleasePlan } from '../../../../crds/index.ts';
import type { StoredChart } from '../../../support/charts/registry.ts';
import { conditionOf, type ReleaseView } from '../../../support/cluster/installation.ts';
import { eventually } from '../../../support/eventually.ts';
import { kubectlFor, type Outcome } from '../../../support/cluster/kubectl.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { pathWith, PLUGINS } from '../../../support/command/command.ts';

// With `approval: Manual` nothing changes but by a plan that somebody has approved, and no other plan.

const CONFIG = `apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}}
data: {value: {{ .Values.value | quote }}, chart: {{ .Chart.Version | quote }}}
`;
const SECRET = `apiVersion: v1
kind: Secret
metadata: {name: {{ .Release.Name }}}
stringData: {password: {{ randAlphaNum 12 | quote }}, value: {{ .Values.value | quote }}}
`;
const HOOK = `apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}-hook, annotations: {helm.sh/hook: pre-upgrade}}
`;

const coxswain = story();
let tenant: Tenant;
let chart: StoredChart;

beforeEach(async () => {
  tenant = await coxswain.tenant();
  chart = await push('1.0.0');
});

describe('an install', () => {
  test('waits with its plan, which no other digest approves, and runs once it is approved', async () => {
    const web = await tenant.apply('web', chart, { approval: 'Manual', values: { value: 'one' } });
    const plan = await planned(web);
    expect(plan).toMatchObject({
      operation: 'Install',
      version: 1,
      chart: { name: chart.name, version: '1.0.0' },
      counts: { create: 2, update: 0, delete: 0, hooks: 0, refused: 0 },
      objects: [
        { action: 'Create', kind: 'Secret', name: 'web' },
        { action: 'Create', kind: 'ConfigMap', name: 'web' },
      ],
    });
    const waiting = await web.get();
    expect(waiting.metadata.finalizers).toBeUndefined();
    expect(waiting.status).toMatchObject({ health: 'Yellow' });
    for (const type of ['Ready', 'Healthy', 'Stalled'] as const)
      expect(conditionOf(waiting, type)).toMatchObject({ reason: 'ApprovalAwaited', message: waiting.status?.message });
    await web.patch({ approvedPlan: `sha256:${'0'.repeat(64)}` });
    expect(await planned(web)).toEqual(plan);
    expect(await tenant.configMap('web')).toBeUndefined();

    const installed = await approved(web, plan, 1);
    expect(installed.status).not.toHaveProperty('plan');
    expect(await tenant.configMap('web')).toEqual({ value: 'one', chart: '1.0.0' });
    // What was planned is what was recorded: nothing is rendered again.
    expect((await web.histories()).map(({ spec }) => spec.version)).toEqual([1]);
    await eventually(
      () => tenant.kubectl('get', 'events', '--output=jsonpath={.items[*].reason}'),
      (events) => expect(events.split(' ')).toEqual(expect.arrayContaining(['PlanReady', 'InstallSucceeded'])),
    );
  });

  test('is not planned where the account lacks rights, and says which; once granted, it is planned', async () => {
    const poor = await coxswain.tenant({ rights: 'none' });
    const web = await poor.apply('web', chart, { approval: 'Manual', values: { value: 'one' } });
    expect((await web.failed('Forbidden')).message).toContain('configmaps');
    expect((await web.get()).status).not.toHaveProperty('plan');
    await poor.bind('admin');
    await planned(web);
  });
});

describe('an upgrade', () => {
  test('lists in its plan the changed fields, masked, and the hooks; it can be withdrawn', async () => {
    const web = await installed();
    const before = await revisionOfConfigMap();
    await web.patch({ values: { value: 'two' } });
    const plan = await planned(web);
    expect(plan).toMatchObject({
      operation: 'Upgrade',
      version: 2,
      from: 1,
      counts: { create: 0, update: 2, hooks: 1 },
      hooks: [{ event: 'pre-upgrade', kind: 'ConfigMap', name: 'web-hook' }],
    });
    expect(plan.changes).toContainEqual({
      object: 'ConfigMap/web',
      path: '/data/value',
      change: 'Changed',
      from: 'one',
      to: 'two',
    });
    expect(JSON.stringify(plan)).not.toContain(Buffer.from('two').toString('base64'));
    await web.patch({ values: { value: 'one' } });
    const back = await web.inForce(1);
    expect(back.status).not.toHaveProperty('plan');
    expect(await revisionOfConfigMap()).toBe(before);
  });

  test('is refused if an object has changed since, says so, and is planned again', async () => {
    const web = await installed({ drift: 'Report' });
    await web.patch({ values: { value: 'two' } });
    const plan = await planned(web);
    await tenant.kubectl('patch', 'cm', 'web', '--type=merge', '--patch={"data":{"value":"by hand"}}');
    await web.patch({ approvedPlan: plan.digest });
    const anew = await planned(web, (other) => other.digest !== plan.digest);
    expect(anew).toMatchObject({ version: 2, moved: ['ConfigMap/web'], replaces: plan.digest });
    expect(anew.changes).toContainEqual(expect.objectContaining({ path: '/data/value', from: 'by hand', to: 'two' }));
    expect(conditionOf(await web.get(), 'Ready')?.message).toMatch(/approved is refused.*ConfigMap\/web/);
    expect(await tenant.configMap('web')).toMatchObject({ value: 'by hand' });
    await approved(web, anew, 2);
    expect(await tenant.configMap('web')).toMatchObject({ value: 'two' });
  });

  test('keeps its plan while drift is corrected, and when fields outside it change', async () => {
    const web = await installed();
    await web.patch({ values: { value: 'two' } });
    const plan = await planned(web);
    await tenant.kubectl('patch', 'cm', 'web', '--type=merge', '--patch={"data":{"chart":"by hand","more":"yes"}}');
    await eventually(
      async () => tenant.configMap('web'),
      (data) => data?.['chart'] === '1.0.0',
    );
    await approved(web, plan, 2);
    expect(await tenant.configMap('web')).toMatchObject({ value: 'two', more: 'yes' });
  });

  test('is planned again for another chart, and for other data in valuesFrom', async () => {
    const source = async (value: string): Promise<void> =>
      tenant.kubectl.apply({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'source', namespace: tenant.namespace },
        data: { 'values.yaml': `value: ${value}\n` },
      });
    await source('first');
    const { registry, name } = await push('1.0.0', 'followed');
    const spec = { valuesFrom: [{ kind: 'ConfigMap', name: 'source' }], interval: '5s' };
    const web = await tenant.apply('web', { registry, name, version: '*' }, { approval: 'Manual', ...spec });
    const plan = await planned(web);
    await source('second');
    const ofInputs = await planned(web, ({ version }) => version === 2);
    expect(ofInputs).toMatchObject({ moved: ['the data of valuesFrom'], replaces: plan.digest });
    await web.patch({ approvedPlan: plan.digest });
    await push('1.1.0', name);
    const ofChart = await planned(web, ({ version }) => version === 3);
    expect(ofChart).toMatchObject({ moved: [`the chart, now ${name}-1.1.0`], replaces: ofInputs.digest });
    expect(await tenant.configMap('web')).toBeUndefined();
    expect((await web.histories()).map(({ spec: { version } }) => version)).toEqual([3]);

    const first = await approved(web, ofChart, 3);
    expect(await tenant.configMap('web')).toEqual({ value: 'second', chart: '1.1.0' });
    expect(conditionOf(first, 'Ready')).toMatchObject({ reason: 'InstallSucceeded' });
    // Nobody asked for this one: the Release stays ready.
    await source('third');
    const unasked = await web.until(({ status }) => status?.plan !== undefined);
    expect(conditionOf(unasked, 'Ready')).toMatchObject({
      status: 'True',
      message: expect.stringContaining('waits for approval'),
    });
    expect(conditionOf(unasked, 'Stalled')).toBeUndefined();
    expect(await tenant.configMap('web')).toEqual({ value: 'second', chart: '1.1.0' });
  });
});

test('a rollback waits with the spec unchanged, and a used approval approves nothing later', async () => {
  const web = await installed();
  await web.patch({ values: { value: 'two' } });
  const upgrade = await planned(web);
  await approved(web, upgrade, 2);
  await web.patch({ version: 1 });
  const rollback = await planned(web);
  expect(rollback).toMatchObject({ operation: 'Rollback', version: 1, from: 2 });
  expect((await web.get()).spec.values).toEqual({ value: 'two' });
  const back = await approved(web, rollback, 1);
  expect(back.spec.values).toEqual({ value: 'one' });
  // The same change as before, but not the same plan.
  await web.patch({ version: 2, approvedPlan: upgrade.digest });
  const again = await planned(web);
  expect(again.digest).not.toBe(upgrade.digest);
  expect(await tenant.configMap('web')).toMatchObject({ value: 'one' });
  await web.patch({ suspend: true });
  await web.failed('Suspended');
  expect((await web.get()).status).not.toHaveProperty('plan');
  await web.patch({ suspend: false, approval: 'Automatic' });
  await web.inForce(2);
});

/** A Release that was installed and waits for approval of what comes next. */
async function installed(spec: Record<string, unknown> = {}): Promise<ReleaseView> {
  const web = await tenant.apply('web', chart, { values: { value: 'one' }, ...spec });
  await web.inForce(1);
  await web.patch({ approval: 'Manual' });
  return web;
}

/** Waits until a plan waits for approval, as the spec asks for it. */
async function planned(web: ReleaseView, isMeant: (plan: ReleasePlan) => boolean = () => true): Promise<ReleasePlan> {
  const isWaiting = (release: Release): boolean => conditionOf(release, 'Ready')?.reason === 'ApprovalAwaited';
  const { status } = await web.until(
    (release) => isWaiting(release) && release.status?.plan !== undefined && isMeant(release.status.plan),
  );
  if (!status?.plan) throw new Error('no plan');
  return status.plan;
}

async function revisionOfConfigMap(): Promise<string> {
  return tenant.kubectl('get', 'cm', 'web', '--output=jsonpath={.metadata.resourceVersion}');
}

async function approved(web: ReleaseView, { digest }: ReleasePlan, version: number): Promise<Release> {
  await web.patch({ approvedPlan: digest });
  return web.inForce(version);
}

async function push(version: string, name = 'approved'): Promise<StoredChart> {
  return coxswain.push({
    name,
    version,
    values: 'value: none\n',
    templates: { 'c.yaml': CONFIG, 's.yaml': SECRET, 'h.yaml': HOOK },
  });
}

test('kubectl release shows the plan and approves it for those who may edit the Release, and wait ends with what to do', async () => {
  const web = await installed();
  await web.patch({ values: { value: 'two' } });
  const { digest } = await planned(web);
  const status = await plugin('status', 'web');
  expect(status.stdout).toContain(`plan ${digest}`);
  expect(status.stdout).toContain('0 to create, 2 to update, 0 to delete, 0 unchanged');
  const waited = await plugin('wait', 'web');
  expect(waited).toMatchObject({ code: 1, stderr: expect.stringContaining('kubectl release approve web') });
  const other = `sha256:${'0'.repeat(64)}`;
  expect(await plugin('approve', 'web', '--plan', other)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(digest),
  });
  const neighbour = await coxswain.tenant();
  await neighbour.kubectl('create', 'rolebinding', 'edit', '--clusterrole=edit', '--user=neighbour');
  await tenant.kubectl('create', 'rolebinding', 'view', '--clusterrole=view', '--user=viewer');
  for (const user of ['neighbour', 'viewer'])
    expect(await plugin('approve', 'web', '--as', user)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/forbidden|may not/i),
    });
  expect((await web.get()).spec).not.toHaveProperty('approvedPlan');
  await tenant.kubectl('create', 'rolebinding', 'edit', '--clusterrole=edit', '--user=editor');
  const approval = await plugin('approve', 'web', '--plan', digest, '--wait', '--as', 'editor');
  expect(approval).toMatchObject({ code: 0, stdout: expect.stringContaining('~ ConfigMap/web') });
  await web.inForce(2);
  expect(await plugin('approve', 'web')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('release "web" has no change that waits'),
  });
});

async function plugin(...args: readonly string[]): Promise<Outcome> {
  const { controlPlane } = coxswain;
  const path = pathWith(PLUGINS, controlPlane);
  const kubectl = kubectlFor(controlPlane, { PATH: path, COXSWAIN_NODE: process.execPath });
  return kubectl.attempt(['release', ...args, '-n', tenant.namespace]);
}
