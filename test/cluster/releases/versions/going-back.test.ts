import { beforeEach, describe, expect, test } from '@jest/globals';
import type { KubeObject } from '../../../../resources/index.ts';
import { conditionOf, type ReleaseView } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import type { StoredChart } from '../../../support/charts/registry.ts';

// Going back where it is needed most, and what people do afterwards; suspension; who made a version.

const CONFIG = `{{- if eq .Values.value "bad" }}{{ fail "a bad value" }}{{ end -}}
apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}}
data:
  value: {{ .Values.value | quote }}
  chart: {{ .Chart.Version | quote }}
  secret: {{ randAlphaNum 12 | quote }}
`;

const coxswain = story();
let tenant: Tenant;
let release: ReleaseView;
let chart: StoredChart;

beforeEach(async () => {
  tenant = await coxswain.tenant();
  release = tenant.release('app');
  chart = await push('1.0.0');
});

describe('after an edit that failed', () => {
  test.each([
    ['whose template fails', { values: { value: 'bad' } }, 'TemplateFailed'],
    ['to a chart version that does not exist', { chart: { version: '9.9.9' } }, 'ChartVersionNotFound'],
  ])('%s, an edit of spec.version alone rolls back', async (_what, edit, reason) => {
    await twoVersions();
    await release.patch(edit);
    await release.failed(reason);
    await release.patch({ version: 1 });
    const back = await release.inForce(1);
    expect(back.spec.values).toEqual({ value: 'a' });
    expect(await data('value')).toBe('a');
  });

  test('both in one edit stay a conflict, until spec.version alone is edited', async () => {
    await twoVersions();
    await release.patch({ version: 1, values: { value: 'else' } });
    await release.failed('VersionConflict');
    await release.patch({ interval: '11m' });
    await release.failed('VersionConflict');
    await release.patch({ version: 9 });
    await release.failed('VersionNotFound');
    await release.patch({ version: 1 });
    await release.inForce(1);
  });
});

describe('a range that was rolled back from', () => {
  beforeEach(async () => {
    await apply({ chart: moving('^1.0.0'), interval: '5s', values: { value: 'a' } });
    await release.inForce(1);
    await push('1.1.0');
    await release.inForce(2);
    await release.patch({ version: 1 });
    await release.inForce(1);
  });

  test('stays in the spec as written, and so does the rollback when the manifest is applied again', async () => {
    expect((await release.get()).spec.chart).toEqual(moving('^1.0.0'));
    await apply({ chart: moving('^1.0.0'), interval: '6s', values: { value: 'a' } });
    const held = await release.inForce(1);
    expect(held.status?.followed?.range).toBe('^1.0.0');
    expect(await data('chart')).toBe('1.0.0');
    // A change of values is one of values, not one of the chart.
    await release.patch({ values: { value: 'b' } });
    await release.inForce(3);
    expect([await data('value'), await data('chart')]).toEqual(['b', '1.0.0']);
    await push('1.2.0');
    await release.inForce(4);
    expect(await data('chart')).toBe('1.2.0');
  });

  test('gives way to an exact version', async () => {
    await release.patch({ chart: { version: '1.1.0' } });
    await release.inForce(3);
    expect(await data('chart')).toBe('1.1.0');
  });
});

test('the range that is followed is reported, also when it is the newest version', async () => {
  await apply({ chart: moving(undefined) });
  const installed = await release.inForce(1);
  expect(conditionOf(installed, 'Ready')?.message).toMatch(/; follows the newest version$/);
  expect(installed.status?.followed).toEqual({ range: '*', digest: chart.digest });
  const wide = await tenant.kubectl('get', 'release', 'app', '--output=wide');
  expect(wide.split('\n')[0]).toContain('FOLLOWS');
});

test('while suspended, a Release with a pending edit is not Ready', async () => {
  await twoVersions();
  await release.patch({ suspend: true });
  await release.until((seen) => conditionOf(seen, 'Ready')?.reason === 'Suspended');
  expect(conditionOf(await release.get(), 'Ready')?.status).toBe('True');
  await release.patch({ values: { value: 'c' } });
  const waiting = await release.until((seen) => conditionOf(seen, 'Ready')?.status === 'False');
  expect(conditionOf(waiting, 'Stalled')).toMatchObject({ reason: 'Suspended', status: 'True' });
  expect(await data('value')).toBe('b');
  await release.patch({ suspend: false });
  await release.inForce(3);
});

test('a new Release with spec.version set is installed as that version', async () => {
  await apply({ version: 3, values: { value: 'a' } });
  await release.inForce(3);
  await release.patch({ values: { value: 'b' } });
  await release.inForce(4);
  expect((await release.histories()).map(({ spec }) => spec.version)).toEqual([3, 4]);
});

test('a version names who edited what it consists of, and nobody where nobody did', async () => {
  await apply({ chart: moving('^1.0.0'), interval: '5s', values: { value: 'a', other: 1 } });
  await release.inForce(1);
  const patch = (manager: string, spec: object) =>
    tenant.kubectl('patch', 'rel', 'app', `--field-manager=${manager}`, '--type=merge', `-p=${text(spec)}`);
  await Promise.all([patch('pager', { values: { value: 'b' } }), patch('clock', { interval: '6s' })]);
  await release.inForce(2);
  await push('1.3.0');
  await release.inForce(3);
  await patch('remover', { values: { other: null } });
  await release.inForce(4);
  const told = (await release.histories()).map(({ spec }) => [spec.cause, spec.changedBy]);
  expect(told).toEqual([
    ['Edit', 'test'],
    ['Edit', 'pager'],
    ['Chart', undefined],
    // A merge patch that takes a field out leaves no trace of who sent it.
    ['Edit', undefined],
  ]);
});

test('a chunk that lost its owner gets one again with the next version of the same content', async () => {
  const steady = {
    ...PARTS,
    name: `${PARTS.name}-steady`,
    templates: { 'c.yaml': CONFIG.replace(/\n.*randAlpha.*/, '') },
  };
  chart = await coxswain.push(steady);
  await twoVersions();
  const [first] = await release.histories();
  await tenant.kubectl('delete', 'relhist', 'app-v1', '--cascade=orphan');
  await release.patch({ values: { value: 'a' } });
  await release.inForce(3);
  const name = first?.spec.chunks[0]?.name ?? '';
  const { metadata } = await tenant.kubectl.json<KubeObject>('get', 'secret', name);
  expect(metadata.ownerReferences).toMatchObject([{ name: 'app-v3' }]);
});

const PARTS = { name: 'config', values: 'value: default\n', templates: { 'config.yaml': CONFIG } };

/** Pushes a version of a chart of this test's own. */
async function push(version: string): Promise<StoredChart> {
  return coxswain.push({ ...PARTS, version, name: `config-${tenant.namespace}` });
}

function moving(version: string | undefined): object {
  const { registry, name } = chart;
  return { registry, name, ...(version === undefined ? {} : { version }) };
}

async function apply(spec: Record<string, unknown>): Promise<void> {
  await tenant.apply('app', { ...chart, version: '1.0.0' }, spec);
}

async function twoVersions(): Promise<void> {
  await apply({ values: { value: 'a' } });
  await release.inForce(1);
  await release.patch({ values: { value: 'b' } });
  await release.inForce(2);
}

async function data(key: string): Promise<string | undefined> {
  return (await tenant.configMap('app'))?.[key];
}

function text(spec: object): string {
  return JSON.stringify({ spec });
}
