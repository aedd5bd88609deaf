import { beforeEach, expect, test } from '@jest/globals';
import { countedWhenQuiet, describeRequest, markAudit } from '../../../support/cluster/audit.ts';
import { conditionOf, type ReleaseView } from '../../../support/cluster/installation.ts';
import { established } from '../../../support/cluster/kubectl.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { eventually } from '../../../support/eventually.ts';

// Charts that ask for an API which comes and goes.

const SETTINGS = { flags: ['--discovery-interval=500ms'] };
const coxswain = story(SETTINGS);
let tenant: Tenant;
/** Each test has an API of its own. */
let group: string;

beforeEach(async () => {
  tenant = await coxswain.tenant({ rights: 'cluster-admin' });
  group = `${tenant.namespace}.example.com`;
});

async function define(kind: string): Promise<string> {
  const plural = `${kind.toLowerCase()}s`;
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  const name = `${plural}.${group}`;
  await coxswain.define({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name },
    spec: {
      group,
      names: { kind, plural },
      scope: 'Namespaced',
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  });
  return name;
}

const config = (name: string, data: string): string =>
  `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {text: "${data}"}\n`;
const monitor = (): string => `---\napiVersion: ${group}/v1\nkind: Monitor\nmetadata: {name: web}\nspec: {x: 1}\n`;
const ifServed = (name: string, text: string): string =>
  `{{ if .Capabilities.APIVersions.Has "${group}/${name}" }}\n${text}{{ end }}\n`;

async function install(manifest: string, spec: Record<string, unknown> = {}): Promise<ReleaseView> {
  const chart = await coxswain.push({ name: `web-${tenant.namespace}`, templates: { 'all.yaml': manifest } });
  const web = await tenant.apply('web', { ...chart, version: '1.0.0' }, spec);
  await web.inForce(1);
  return web;
}

async function monitors(): Promise<string> {
  return tenant.kubectl('get', `monitors.${group}`, '--output=jsonpath={.items[*].metadata.name}');
}

/** Has a Release asked that is told of everything that changes from then on; resolves once it has been. */
async function witness(): Promise<{ toldOf: (kind: string) => Promise<void> }> {
  const text = `{{ if .Capabilities.APIVersions.Has "${group}/v1/KIND" }}yes{{ else }}no{{ end }}`;
  const kinds = ['Monitor', 'Other'];
  const manifest = kinds.map((kind) => config(kind.toLowerCase(), text.replace('KIND', kind))).join('');
  const chart = await coxswain.push({ name: `witness-${tenant.namespace}`, templates: { 'all.yaml': manifest } });
  const release = await tenant.apply('witness', { ...chart, version: '1.0.0' });
  await release.inForce(1);
  const toldOf = async (kind: string): Promise<void> => {
    await eventually(
      () => tenant.configMap(kind.toLowerCase()),
      (data) => data?.['text'] === 'yes',
    );
  };
  return { toldOf };
}

test('a chart that does not ask what is served costs no request when an API is added, and is not rendered again', async () => {
  const web = await install(config('web', 'hello'));
  const mark = await markAudit(coxswain.controlPlane);
  await define('Monitor');
  expect((await countedWhenQuiet('coxswain', mark)).map(describeRequest)).toEqual([]);
  expect(await web.histories()).toHaveLength(1);
  const [history] = await web.histories();
  expect(history?.spec.cluster).toBeUndefined();
});

test('an object of an added API is applied by a new version that says so, and a version without it follows when the API is removed', async () => {
  const web = await install(config('web', 'hello') + ifServed('v1', monitor()));
  const definition = await define('Monitor');
  await web.inForce(2);
  expect(await monitors()).toBe('web');
  const [, second] = await web.histories();
  expect(second?.spec).toMatchObject({
    cause: 'Cluster',
    cluster: { served: [`${group}/v1`] },
    description: expect.stringContaining(`${group}/v1 is served now`),
  });
  await eventually(
    () => tenant.kubectl('get', 'events', '--output=jsonpath={.items[*].reason}'),
    (events) => events.includes('ClusterChanged'),
  );

  await coxswain.kubectl('delete', 'crd', definition);
  const gone = await web.inForce(3);
  expect(gone.status?.resources).toHaveLength(1);
  await web.ready();
  const [, , third] = await web.histories();
  expect(third?.spec.cluster).toEqual({ absent: [`${group}/v1`] });
  expect(third?.spec.description).toContain('is not served any more');
});

test('changed answers that change nothing make no version, and are not examined again', async () => {
  const web = await install(config('web', 'hello') + `{{ $_ := .Capabilities.APIVersions.Has "${group}/v1" }}`);
  const { toldOf } = await witness();
  await define('Monitor');
  await web.until(({ status }) => status?.cluster !== undefined);
  await toldOf('Monitor');
  const mark = await markAudit(coxswain.controlPlane, tenant);
  await coxswain.restart(SETTINGS);
  await define('Other');
  await toldOf('Other');
  const sent = (await countedWhenQuiet('coxswain', mark)).filter(({ objectRef }) => objectRef?.name === 'web');
  expect(sent.filter(({ verb }) => verb !== 'get' && verb !== 'list').map(describeRequest)).toEqual([]);
  expect(await web.histories()).toHaveLength(1);
});

test('a change while no controller was running is noticed afterwards', async () => {
  const web = await install(ifServed('v1', monitor()) + config('web', 'hello'));
  await coxswain.controller.stop();
  await define('Monitor');
  await coxswain.restart(SETTINGS);
  await web.inForce(2);
  expect(await monitors()).toBe('web');
});

test('no version is made for a Release that ignores such changes, is suspended or was rolled back; after suspension it is', async () => {
  const manifest = config('web', '{{ .Values.text }}') + ifServed('v1', monitor());
  const web = await install(manifest, { values: { text: 'one' }, clusterChanges: 'Ignore' });
  const { toldOf } = await witness();
  const definition = await define('Monitor');
  await toldOf('Monitor');
  expect(await web.histories()).toHaveLength(1);

  await web.patch({ suspend: true, clusterChanges: null });
  await web.until((release) => conditionOf(release, 'Ready')?.reason === 'Suspended');
  expect(await web.histories()).toHaveLength(1);
  await web.patch({ suspend: false });
  await web.inForce(2);

  await web.patch({ version: 1 });
  await web.inForce(1);
  await coxswain.kubectl('delete', 'crd', definition);
  await define('Monitor');
  await define('Other');
  await toldOf('Other');
  expect(await web.histories()).toHaveLength(2);
  expect((await web.get()).status?.version).toBe(1);
});

test('no version is made after an automatic rollback, even once the failure is no longer news', async () => {
  const fixed = config('fixed', '{{ .Values.text }}') + 'immutable: true\n';
  const failing = { onFailure: { strategy: 'Rollback' }, recreate: 'Never' };
  const web = await install(fixed + ifServed('v1', monitor()), { values: { text: 'one' }, ...failing });
  const { toldOf } = await witness();
  await web.until(({ status }) => status?.lastGreen === 1);
  await web.patch({ values: { text: 'two' } });
  await web.until((release) => conditionOf(release, 'Stalled')?.reason === 'RolledBack');
  await web.patch({ timeout: '6m' });
  await web.ready();
  expect((await web.get()).status?.rolledBack).toBeUndefined();
  await define('Monitor');
  await define('Other');
  await toldOf('Other');
  expect(await web.histories()).toHaveLength(2);
  expect(await monitors()).toBe('');
});

test('with approval: Manual the version waits, and if the cluster changes again it is planned again and says so', async () => {
  const more = ifServed('v1/Other', config('more', 'hello'));
  const web = await install(config('web', 'hello') + ifServed('v1', monitor()) + more);
  await web.patch({ approval: 'Manual' });
  await define('Monitor');
  const { plan } = (await web.until(({ status }) => status?.plan !== undefined)).status ?? {};
  expect(plan).toMatchObject({ version: 2, cluster: { served: [`${group}/v1`], absent: [`${group}/v1/Other`] } });
  await define('Other');
  const waiting = await web.until(({ status }) => status?.plan?.version === 3);
  const moved = `the cluster (${group}/v1/Other is served now)`;
  expect(waiting.status?.plan).toMatchObject({ moved: [moved], replaces: plan?.digest });
  expect(waiting.status?.message).toContain(moved);
  expect(await monitors()).toBe('');
  await web.patch({ approvedPlan: waiting.status?.plan?.digest });
  await web.inForce(3);
  expect(await monitors()).toBe('web');
  expect(await tenant.configMap('more')).toBeDefined();
});

test('no object of a served kind is deleted without being asked for: the Release stays Ready and says so', async () => {
  const unless = `{{ if not (.Capabilities.APIVersions.Has "${group}/v1") }}\n${config('fallback', 'x')}{{ end }}\n`;
  const web = await install(config('web', '{{ .Values.text }}') + unless, { values: { text: 'one' } });
  await define('Monitor');
  const stays = await web.until(({ status }) => status?.message?.includes('ConfigMap/fallback') === true);
  expect(conditionOf(stays, 'Ready')?.status).toBe('True');
  expect(await tenant.configMap('fallback')).toBeDefined();
  await web.patch({ values: { text: 'two' } });
  await web.inForce(2);
  expect(await tenant.configMap('fallback')).toBeUndefined();
});

test('a chart that no longer renders leaves the Release Ready, with the error', async () => {
  const broken = `{{ if .Capabilities.APIVersions.Has "${group}/v1" }}{{ fail "cannot do that" }}{{ end }}\n`;
  const web = await install(broken + config('web', 'hello'));
  await define('Monitor');
  const stays = await web.until(({ status }) => status?.message?.includes('cannot do that') === true);
  expect(conditionOf(stays, 'Ready')?.status).toBe('True');
  expect(stays.status?.message).toContain(`${group}/v1 is served now`);
});

test('a kind that the chart itself defines is used by the next version', async () => {
  const names = 'names: {kind: Monitor, plural: monitors}, scope: Namespaced';
  const schema = '{openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}';
  const versions = `versions: [{name: v1, served: true, storage: true, schema: ${schema}}]`;
  const metadata = `metadata: {name: monitors.${group}}\nspec: {group: ${group}, ${names}, ${versions}}`;
  const definition = `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n${metadata}\n---\n`;
  await coxswain.kubectl('label', 'namespace', tenant.namespace, 'coxswain.dev/cluster-scope=allowed');
  const subject = `--serviceaccount=${tenant.namespace}:default`;
  await coxswain.kubectl('create', 'clusterrolebinding', tenant.namespace, '--clusterrole=cluster-admin', subject);
  const web = await install(definition + ifServed('v1', monitor()));
  await established(coxswain.kubectl, `monitors.${group}`);
  await web.inForce(2);
  expect(await monitors()).toBe('web');
});
