import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { KubeObject } from '../../../../resources/index.ts';
import { conditionOf, type ReleaseView } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { startRegistry } from '../../../conformance/registry-client/real-registry.ts';
import { buildChart } from '../../../support/charts/chart-builder.ts';
import { storeChart, type StoredChart } from '../../../support/charts/registry.ts';
import { eventually } from '../../../support/eventually.ts';

// The table of versions in docs/spec/release.md, each row on the real API server.

const CONFIG = `apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}}
data:
  value: {{ .Values.value | quote }}
  chart: {{ .Chart.Version | quote }}
`;

const coxswain = story();
let chart: StoredChart;
let tenant: Tenant;
let release: ReleaseView;

beforeAll(async () => {
  chart = await coxswain.push(config('1.0.0'));
});

beforeEach(async () => {
  tenant = await coxswain.tenant();
  release = tenant.release('app');
});

describe('going forward', () => {
  test('creating a Release records version 1 and writes it into the spec under the controller’s field manager', async () => {
    await apply({ values: { value: 'a' } });
    const made = await release.inForce(1);
    expect(made.spec.version).toBe(1);
    const fields = ['get', 'release', 'app', '--show-managed-fields'];
    const { metadata } = await tenant.kubectl.json<KubeObject>(...fields);
    const owners = metadata.managedFields?.filter(({ fieldsV1 }) => fieldsV1?.['f:spec']?.['f:version'] !== undefined);
    expect(owners).toMatchObject([{ manager: 'coxswain-version', operation: 'Apply' }]);
    expect(await recorded()).toEqual([1]);
  });

  test('changing content records the next version', async () => {
    await threeVersions();
    expect(await recorded()).toEqual([1, 2, 3]);
    expect((await release.get()).spec.version).toBe(3);
    expect(await value()).toBe('c');
  });

  test('applying a manifest without spec.version leaves the version alone', async () => {
    await threeVersions();
    await apply({ values: { value: 'c' } });
    await release.ready();
    await release.patch({ version: null });
    const restored = await release.until(({ spec }) => spec.version === 3);
    expect(restored.status?.version).toBe(3);
    expect(await recorded()).toEqual([1, 2, 3]);
  });
});

describe('rolling back', () => {
  test('restores the content and takes no new number, also after a restart; the next change is the highest plus one', async () => {
    await threeVersions();
    await release.patch({ version: 1 });
    const back = await release.inForce(1);
    expect(back.spec).toMatchObject({ version: 1, values: { value: 'a' } });
    expect(back.spec.chart).toEqual({ registry: chart.registry, name: chart.name, version: '1.0.0' });
    expect(await value()).toBe('a');
    expect(await recorded()).toEqual([1, 2, 3]);
    await release.patch({ values: { value: 'd' } });
    await release.inForce(4);
    expect(await recorded()).toEqual([1, 2, 3, 4]);
  });

  test('needs no registry and no rendering: a chart that is gone from the registry can be rolled back to', async () => {
    await threeVersions();
    const nowhere = 'oci://127.0.0.1:1/nowhere';
    await release.patch({ chart: { registry: nowhere } });
    await release.failed('RegistryUnavailable');
    expect(await value()).toBe('c');
    await release.patch({ chart: { registry: chart.registry }, version: 2 });
    await release.inForce(2);
    expect(await value()).toBe('b');
  });

  test('to a version that is not recorded applies nothing and names the versions there are', async () => {
    await threeVersions();
    await release.patch({ version: 9 });
    const failed = await release.failed('VersionNotFound');
    expect(failed.message).toContain('1, 2, 3');
    expect(conditionOf(await release.get(), 'Stalled')?.status).toBe('True');
    expect(await value()).toBe('c');
    await release.patch({ version: 3 });
    await release.inForce(3);
  });

  test('with other content at the same time applies nothing and says what to do', async () => {
    await threeVersions();
    await release.patch({ version: 1, values: { value: 'else' } });
    const failed = await release.failed('VersionConflict');
    expect(failed.message).toMatch(/spec\.version to another version in an edit of its own/);
    expect(await value()).toBe('c');
    await release.patch({ values: { value: 'a' } });
    await release.inForce(1);
    expect(await value()).toBe('a');
  });

  test('with exactly that version’s content at the same time is fine', async () => {
    await threeVersions();
    await release.patch({ version: 2, values: { value: 'b' } });
    await release.inForce(2);
    expect(await value()).toBe('b');
    expect(await recorded()).toEqual([1, 2, 3]);
  });
});

describe('changes outside the spec', () => {
  test('data of valuesFrom is content: a change makes a version, and after a rollback only a later change does', async () => {
    await source('one');
    await apply({ valuesFrom: [{ kind: 'ConfigMap', name: 'source' }] });
    await release.inForce(1);
    expect(await value()).toBe('one');
    await source('two');
    await release.inForce(2);
    expect(await value()).toBe('two');
    await release.patch({ version: 1 });
    await release.inForce(1);
    expect(await value()).toBe('one');
    await release.patch({ timeout: '6m' });
    expect((await release.ready()).status?.version).toBe(1);
    await source('three');
    await release.inForce(3);
    expect(await value()).toBe('three');
  });

  test('a range that resolves to a newer chart makes a version; after a rollback the older chart stays', async () => {
    const registry = await startRegistry();
    const name = 'moving';
    const push = async (version: string): Promise<StoredChart> =>
      storeChart({ registry: registry.host }, buildChart({ ...config(version), name }));
    const asked = (): number => registry.log().split(`"GET /v2/charts/${name}/tags/list`).length;
    const moving = await push('1.0.0');
    const spec = { interval: '5s', chart: { registry: moving.registry, name, version: '^1.0.0' } };
    await apply(spec);
    await release.inForce(1);
    await push('1.1.0');
    await release.inForce(2);
    expect((await tenant.configMap('app'))?.['chart']).toBe('1.1.0');
    await release.patch({ version: 1 });
    const back = await release.inForce(1);
    expect(back.spec.chart).toEqual(spec.chart);
    expect(back.status?.chart).toMatchObject({ version: '1.0.0', digest: moving.digest });
    const before = asked();
    await eventually(asked, (times) => times >= before + 2);
    expect((await release.get()).status?.version).toBe(1);
    await registry.stop();
  });
});

test('the history limit prunes the oldest versions, never the one in force', async () => {
  await apply({ values: { value: 'a' }, historyLimit: 2 });
  await release.inForce(1);
  for (const [index, next] of ['b', 'c'].entries()) {
    await release.patch({ values: { value: next } });
    await release.inForce(index + 2);
  }
  expect(await recorded()).toEqual([2, 3]);
  await release.patch({ version: 2 });
  await release.inForce(2);
  await release.patch({ values: { value: 'd' } });
  await release.inForce(4);
  expect(await recorded()).toEqual([3, 4]);
});

test('a ReleaseHistory cannot be changed', async () => {
  await apply({ values: { value: 'a' } });
  await release.inForce(1);
  const patch = ['--type=merge', '--patch={"spec":{"version":7}}'];
  const outcome = await tenant.kubectl.attempt(['patch', 'relhist', 'app-v1', ...patch]);
  expect(outcome.code).not.toBe(0);
  expect(outcome.stderr).toMatch(/cannot be changed/);
});

/** More objects than a version records changes, each with a label and a value of its own, and one with an image. */
const MANY = `{{- range $i := until 120 }}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: many-{{ $i }}, labels: {release: {{ $.Values.value | quote }}, own: "{{ $.Values.value }}-{{ $i }}"}}
data: {value: "{{ $.Values.value }}-{{ $i }}"}
{{- end }}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {release: {{ .Values.value | quote }}}}
spec:
  replicas: 0
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: "example.com/web:{{ .Values.value }}"}]}}
`;

test('of many changes the image comes first, equal ones are one change, and omitted ones are counted', async () => {
  const many = await coxswain.push({ ...config('1.0.0'), name: 'many', templates: { 'many.yaml': MANY } });
  await tenant.apply('app', many, { values: { value: 'a' } });
  await release.inForce(1);
  await release.patch({ values: { value: 'b' } });
  await release.inForce(2);
  const [, second] = await release.histories();
  const { changes = [], changesTotal } = second?.spec ?? {};
  expect(changes).toHaveLength(100);
  expect(changes[0]).toMatchObject({ object: 'Deployment/web', from: 'example.com/web:a', to: 'example.com/web:b' });
  // The label that all have in common counts once for each object.
  expect(changesTotal).toBe(120 * 3 + 2);
  await release.patch({ commonMetadata: { labels: { team: 'shop' } } });
  await release.inForce(3);
  const third = (await release.histories()).at(-1)?.spec;
  expect(third).toMatchObject({ changes: [{ path: '/metadata/labels/team', to: 'shop' }], changesTotal: 121 });
  expect(third?.changes?.[0]?.alsoIn).toHaveLength(100);
});

function config(version: string) {
  return { name: 'config', version, values: 'value: default\n', templates: { 'config.yaml': CONFIG } };
}

async function apply(spec: Record<string, unknown>): Promise<void> {
  await tenant.apply('app', chart, spec);
}

async function threeVersions(): Promise<void> {
  await apply({ values: { value: 'a' } });
  await release.inForce(1);
  await release.patch({ values: { value: 'b' } });
  await release.inForce(2);
  await release.patch({ values: { value: 'c' } });
  await release.inForce(3);
}

async function source(text: string): Promise<void> {
  const data = { 'values.yaml': `value: ${text}\n` };
  await tenant.kubectl.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'source' }, data });
}

async function recorded(): Promise<number[]> {
  return (await release.histories()).map((history) => history.spec.version);
}

async function value(): Promise<string | undefined> {
  return (await tenant.configMap('app'))?.['value'];
}
