import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Condition } from '../../../../crds/index.ts';
import { LOOPBACK, pushChart } from '../../../../registry-client/index.ts';
import { buildArchive, buildChart, type ArchiveEntry } from '../../../support/charts/chart-builder.ts';
import { eventually } from '../../../support/eventually.ts';
import { conditionOf, releaseOf, type ReleaseView } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import type { StoredChart } from '../../../support/charts/registry.ts';
import { webChart } from '../../../support/charts/web-chart.ts';

const coxswain = story();
let tenant: Tenant;
let good: StoredChart;
let bystander: ReleaseView;
let count = 0;

beforeAll(async () => {
  tenant = await coxswain.tenant();
  good = await coxswain.push(webChart());
  bystander = await tenant.apply('bystander', good);
  await bystander.ready();
});

describe('a chart reference', () => {
  test('of an unknown chart', async () => {
    const failed = await refusal({ registry: good.registry, name: 'nosuch', version: '1.0.0' }, 'ChartNotFound');
    expect(failed.message).toContain('nosuch');
  });

  test('of an unknown version', async () => {
    const failed = await refusal({ ...reference(good), version: '9.9.9' }, 'ChartVersionNotFound');
    expect(failed.message).toMatch(/9\.9\.9.*1\.0\.0/s);
  });

  test('of a range that nothing satisfies', async () => {
    const failed = await refusal({ ...reference(good), version: '>=7.0.0 <8' }, 'ChartVersionNotFound');
    expect(failed.message).toMatch(/>=7\.0\.0 <8.*1\.0\.0/s);
  });

  test('with a digest that does not match', async () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    const failed = await refusal({ ...reference(good), digest }, 'ChartDigestMismatch');
    expect(failed.message).toContain(good.digest);
  });

  test('that is inline, with the digest of another', async () => {
    const bytes = Buffer.from(buildChart(webChart('1.0.0')));
    const inline = bytes.toString('base64');
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    const failed = await refusal({ inline, digest: `sha256:${'0'.repeat(64)}` }, 'ChartDigestMismatch');
    expect(failed.message).toContain(digest);
    const right = tenant.release(`bad-${count}`);
    await right.patch({ chart: { digest } });
    expect((await right.ready()).status?.chart?.digest).toBe(digest);
    await tenant.kubectl('delete', 'release', `bad-${count}`);
  });

  test('to a registry that is down: retried, and running objects are untouched', async () => {
    const web = await tenant.apply('steady', good);
    await web.ready();
    await web.patch({ chart: { registry: 'oci://127.0.0.1:1/nowhere' } });
    await web.failed('RegistryUnavailable');
    const release = await web.get();
    expect(release.status).toMatchObject({ version: 1, health: 'Green' });
    expect(conditionOf(release, 'Reconciling')?.status).toBe('True');
    await tenant.kubectl('delete', 'configmap', 'steady');
    await eventually(
      () => tenant.kubectl('get', 'configmap', 'steady'),
      () => true,
    );
    await web.patch({ chart: { registry: good.registry } });
    await web.ready();
    expect((await web.get()).status?.version).toBe(1);
  });
});

describe('an archive', () => {
  const chartYaml = { path: 'bad/Chart.yaml', content: 'apiVersion: v2\nname: bad\nversion: 1.0.0\n' };

  test.each<[string, ArchiveEntry]>([
    ['../ in a path', { path: 'bad/../../etc/cron.d/x', content: 'x' }],
    ['an absolute path', { path: '/etc/passwd', content: 'x' }],
    ['a backslash path', { path: 'bad\\..\\..\\x', content: 'x' }],
  ])('with %s', async (_what, entry) => {
    const failed = await refusalOfArchive(buildArchive([chartYaml, entry]), 'ChartInvalid');
    expect(failed.message).toMatch(/parent|absolute|illegal|path/i);
  });

  test.each<[string, ArchiveEntry]>([
    [
      'a symbolic link out of it',
      { path: 'bad/templates/x.yaml', type: 'SymbolicLink', linkpath: '../../../etc/passwd' },
    ],
    ['a hard link out of it', { path: 'bad/templates/x.yaml', type: 'Link', linkpath: '/etc/passwd' }],
  ])('with %s: the link is never followed', async (_what, entry) => {
    const name = await applyArchive(buildArchive([chartYaml, entry]));
    const view = tenant.release(name);
    const settled = await view.until((release) => release.status?.conditions !== undefined);
    expect(JSON.stringify(await view.histories())).not.toContain('root:');
    expect(JSON.stringify(settled)).not.toContain('root:');
    expect(settled.status?.resources ?? []).toEqual([]);
  });

  test('with a bomb of a gibibyte of zeros', async () => {
    const failed = await refusalOfArchive(bomb(), 'LimitExceeded');
    expect(failed.message).toMatch(/maximum size 104857600/);
  });

  test('that is not an archive at all', async () => {
    await refusalOfArchive(Buffer.from('<html>404</html>'), 'ChartInvalid');
  });
});

describe('a chart', () => {
  test('whose template does not parse: file, line and column', async () => {
    const failed = await refusalOfTemplate('a: 1\nb: {{ if }}\n', 'TemplateFailed');
    expect(failed.message).toMatch(/templates\/bad\.yaml:2/);
  });

  test('whose template fails: file, line and column', async () => {
    const failed = await refusalOfTemplate('a: 1\nb: {{ required "set me" .Values.nothing }}\n', 'TemplateFailed');
    expect(failed.message).toMatch(/templates\/bad\.yaml:2:\d+.*set me/s);
    expect(failed.message).toMatch(/\n {2}2 \| b: \{\{ required .*\n {4}\| +\^$/);
  });

  test('that renders to what is not YAML: file and line', async () => {
    const failed = await refusalOfTemplate('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x\n', 'ManifestInvalid');
    expect(failed.message).toMatch(/templates\/bad\.yaml.*line \d/s);
  });

  test('whose values break its schema: the path of the value', async () => {
    const schema = { type: 'object', properties: { replicas: { type: 'integer', maximum: 3 } } };
    const chart = await coxswain.push(webChart('2.0.0', { schema }));
    const failed = await refusal(reference(chart), 'SchemaViolation', { values: { replicas: 100 } });
    expect(failed.message).toMatch(/replicas/);
  });

  test('with a Secret whose data is not base64: names the key, not the value', async () => {
    const secret = 'apiVersion: v1\nkind: Secret\nmetadata: {name: plain}\ndata: {p: "hunter2 plain"}\n';
    const failed = await refusalOfTemplate(secret, 'Refused');
    expect(failed.message).toBe('Secret/plain: data.p is not base64');
  });

  test('with an object that a quota does not allow: not reported as a missing right', async () => {
    const spec = { hard: { 'count/cronjobs.batch': '0' } };
    await coxswain.kubectl.apply({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'q', namespace: tenant.namespace },
      spec,
    });
    const used = '--output=jsonpath={.status.used}';
    await eventually(
      () => tenant.kubectl('get', 'resourcequota', 'q', used),
      (text) => text !== '',
    );
    const job = 'spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: x}]}}}';
    const failed = await refusalOfTemplate(
      `apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: j}\nspec: {schedule: "0 0 * * *", jobTemplate: {${job}}}\n`,
      'ApplyFailed',
    );
    expect(failed.message).toMatch(/exceeded quota: q/);
  });

  test('with values nested too deeply: the stack is not mentioned', async () => {
    const values = { deep: nested(3_000) };
    const failed = await refusal(reference(good), 'LimitExceeded', { values });
    expect(failed.message).toMatch(/nested/);
    expect(failed.message).not.toMatch(/stack/);
  });

  test('with an object nested too deeply: the stack is not mentioned', async () => {
    const failed = await refusalOfTemplate(
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: deep}\ndata: {{ repeat 3000 "[" }}{{ repeat 3000 "]" }}\n',
      'ManifestInvalid',
    );
    expect(failed.message).toMatch(/nested/);
    expect(failed.message).not.toMatch(/stack/);
  });

  test('with a kind that the cluster does not have', async () => {
    const failed = await refusalOfTemplate(
      'apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\n',
      'KindNotFound',
    );
    expect(failed.message).toMatch(/Widget.*example\.com\/v1/s);
  });
});

test('an invalid service account name is refused by the API server', async () => {
  const release = releaseOf(tenant.namespace, 'escape', good, { serviceAccountName: '../../kube-system:admin' });
  await expect(coxswain.kubectl.apply(release)).rejects.toThrow(/serviceAccountName/);
});

test('meanwhile nothing happened to another Release', async () => {
  expect((await bystander.get()).status).toMatchObject({ version: 1, health: 'Green' });
});

function reference({ registry, name, version }: StoredChart): Record<string, unknown> {
  return { registry, name, version };
}

/** Applies a Release of the chart, and returns its Ready condition once it fails for this reason and an event tells of it. */
async function refusal(chart: object, reason: string, spec: object = {}): Promise<Condition> {
  count += 1;
  const name = `bad-${count}`;
  const { kubectl } = coxswain;
  const release = {
    apiVersion: 'coxswain.dev/v1alpha1',
    kind: 'Release',
    metadata: { name, namespace: tenant.namespace },
  };
  await kubectl.apply({ ...release, spec: { chart, ...spec } });
  return toldRefusal(name, reason);
}

async function toldRefusal(name: string, reason: string): Promise<Condition> {
  const failed = await tenant.release(name).failed(reason);
  const selector = `--field-selector=involvedObject.name=${name},type=Warning`;
  const events = () => tenant.kubectl('get', 'events', selector, '--output=jsonpath={.items[*].reason}');
  await eventually(events, (reasons) => reasons.includes(reason));
  return failed;
}

async function refusalOfTemplate(template: string, reason: string): Promise<Condition> {
  const name = `templates-${count}`;
  return refusal(reference(await coxswain.push({ name, templates: { 'bad.yaml': template } })), reason);
}

async function refusalOfArchive(bytes: Uint8Array, reason: string): Promise<Condition> {
  return toldRefusal(await applyArchive(bytes), reason);
}

function nested(depth: number): unknown {
  return JSON.parse('['.repeat(depth) + ']'.repeat(depth));
}

/** Pushes bytes that need be no chart, as a careless or hostile CI would, and applies a Release of them. */
async function applyArchive(bytes: Uint8Array): Promise<string> {
  count += 1;
  const name = `bad-${count}`;
  const registry = `oci://${coxswain.controlPlane.registry}/charts`;
  await pushChart(bytes, { registry, metadata: { name, version: '1.0.0' }, network: { allow: LOOPBACK } });
  await tenant.apply(name, { registry, name, version: '1.0.0' });
  return name;
}

/** A chart with a file of 1 GiB of zeros, about a MiB on the wire. */
function bomb(): Uint8Array {
  const [head, ...rest] = [
    buildArchive([{ path: 'bad/Chart.yaml', content: 'apiVersion: v2\nname: bad\nversion: 1.0.0\n' }]),
  ];
  const size = 1024 ** 3;
  const header = Buffer.alloc(512);
  header.write('bad/zeros');
  header.write('0000644\0', 100);
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\u000000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const mebibyte = gzipSync(Buffer.alloc(2 ** 20));
  const members = Array.from({ length: size / 2 ** 20 }, () => mebibyte);
  return Buffer.concat([gzipSync(header), ...members, ...(head ? [head] : []), ...rest]);
}
