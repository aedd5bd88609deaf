import { beforeEach, expect, test } from '@jest/globals';
import type { KubeObject } from '../../../../resources/index.ts';
import { countedWhenQuiet, describeRequest, markAudit } from '../../../support/cluster/audit.ts';
import { eventually } from '../../../support/eventually.ts';
import { conditionOf } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import type { StoredChart } from '../../../support/charts/registry.ts';

// The definitions in a chart's crds/: created, upgraded as far as is safe, or left out.

const coxswain = story();
let tenant: Tenant;
let group: string;

beforeEach(async () => {
  tenant = await coxswain.tenant({ rights: 'trusted' });
  group = `${tenant.namespace}.example.com`;
});

type Json = Record<string, unknown>;

/** A definition of Cats with these text fields in their spec. */
function catsWith(fields: readonly string[], more: Json = {}, versions: readonly Json[] = []): KubeObject {
  const spec = { type: 'object', properties: Object.fromEntries(fields.map((field) => [field, { type: 'string' }])) };
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec } } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `cats.${group}` },
    spec: {
      group,
      names: { kind: 'Cat', plural: 'cats' },
      scope: 'Namespaced',
      versions: [{ name: 'v1', served: true, storage: true, schema, ...more }, ...versions],
    },
  };
}

/** A chart with a definition in crds/, and a Cat. */
async function chartOf(
  version: string,
  definition: KubeObject,
  cat?: Json,
): Promise<StoredChart & { version: string }> {
  const manifest = { apiVersion: `${group}/v1`, kind: 'Cat', metadata: { name: 'tom' }, ...cat };
  const chart = await coxswain.push({
    name: group.replaceAll('.', '-'),
    version,
    templates: { 'cat.yaml': JSON.stringify(manifest) },
    files: { 'crds/cats.yaml': JSON.stringify(definition) },
  });
  return { ...chart, version };
}

async function fieldsOf(): Promise<string[]> {
  const path = '--output=jsonpath={.spec.versions[0].schema.openAPIV3Schema.properties.spec.properties}';
  const found = await coxswain.kubectl('get', 'crd', `cats.${group}`, '--ignore-not-found', path);
  return found === '' ? [] : Object.keys(JSON.parse(found) as object).toSorted();
}

async function keptEvents(): Promise<string> {
  const path = '--output=jsonpath={.items[*].message}';
  return tenant.kubectl('get', 'events', '--field-selector=reason=DefinitionKept', path);
}

async function upgradeTo(chart: StoredChart & { version: string }, inForce: number): Promise<void> {
  const web = await tenant.apply('web', chart, { crds: 'Upgrade' });
  await web.until(({ status }) => status?.version === inForce && status.operation?.phase === 'Done');
}

test('a custom resource of a kind that the chart defines is created at the first try', async () => {
  const chart = await chartOf('1.0.0', catsWith(['name']), { spec: { name: 'Tom' } });
  const web = await tenant.apply('web', chart);
  const release = await web.until(({ status }) => status?.version === 1);
  expect(release.status?.operation).toMatchObject({ type: 'Install', version: 1 });
  expect(await tenant.kubectl('get', `cats.${group}`, 'tom', '--output=jsonpath={.spec.name}')).toBe('Tom');
});

test('by default an existing definition stays as it is, and costs no request', async () => {
  const web = await tenant.apply('web', await chartOf('1.0.0', catsWith(['name'])));
  await web.until(({ status }) => status?.operation?.phase === 'Done');
  const mark = await markAudit(coxswain.controlPlane, tenant);
  await tenant.apply('web', await chartOf('1.1.0', catsWith(['name', 'age'])));
  await web.until(({ status }) => status?.version === 2 && status.operation?.phase === 'Done');
  expect(await fieldsOf()).toEqual(['name']);
  const requests = (await countedWhenQuiet('coxswain', mark)).map(describeRequest);
  expect(requests.filter((request) => request.includes('customresourcedefinitions'))).toEqual([]);
});

test('with Upgrade, a definition that accepts more is upgraded, and the chart may use its new version at once', async () => {
  await upgradeTo(await chartOf('1.0.0', catsWith(['name'])), 1);
  const v2 = {
    name: 'v2',
    served: true,
    storage: false,
    schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
  };
  const definition = catsWith(['name', 'age'], {}, [v2]);
  await upgradeTo(await chartOf('1.1.0', definition, { apiVersion: `${group}/v2`, spec: { age: '9' } }), 2);
  expect(await fieldsOf()).toEqual(['age', 'name']);
  expect(await tenant.kubectl('get', `cats.v2.${group}`, 'tom', '--output=jsonpath={.spec.age}')).toBe('9');
  expect(await keptEvents()).toBe('');
});

test('with Upgrade, fields that objects use are kept and named in the event; unused ones are removed', async () => {
  await upgradeTo(await chartOf('1.0.0', catsWith(['name', 'age', 'tail']), { spec: { name: 'Tom', age: '9' } }), 1);
  await upgradeTo(await chartOf('1.1.0', catsWith(['name']), { spec: { name: 'Tom' } }), 2);
  // The definition is looked at before the Cat is changed.
  expect(await fieldsOf()).toEqual(['age', 'name', 'tail']);
  await eventually(keptEvents, (message) => message.includes('v1: .spec.age is gone'));
  expect(await keptEvents()).not.toContain('tail');
  const web = tenant.release('web');
  expect(conditionOf(await web.get(), 'Stalled')).toBeUndefined();
  await upgradeTo(await chartOf('1.2.0', catsWith(['name']), { spec: { name: 'Tom' } }), 3);
  expect(await fieldsOf()).toEqual(['name']);
  // The way back leaves it alone.
  await web.patch({ version: 1 });
  await web.until(({ status }) => status?.version === 1 && status.operation?.phase === 'Done');
  expect(await fieldsOf()).toEqual(['name']);
});

test('with Upgrade, a served version is never removed, whether or not there are objects', async () => {
  const old = { name: 'v0', served: true, storage: false, schema: { openAPIV3Schema: { type: 'object' } } };
  await upgradeTo(await chartOf('1.0.0', catsWith(['name'], {}, [old])), 1);
  await upgradeTo(await chartOf('1.1.0', catsWith(['name', 'age'])), 2);
  expect(await fieldsOf()).toEqual(['name']);
  await eventually(keptEvents, (message) => message.includes('version v0 is not served any more'));
});

test('a definition that nobody owns is upgraded, one that belongs to another Release is not', async () => {
  await coxswain.define(catsWith(['name']) as KubeObject & Json);
  await upgradeTo(await chartOf('1.0.0', catsWith(['name', 'age'])), 1);
  expect(await fieldsOf()).toEqual(['age', 'name']);
  const other = await coxswain.tenant({ rights: 'trusted' });
  const chart = await chartOf('1.1.0', catsWith(['name', 'age', 'tail']));
  const second = await other.apply('second', chart, { crds: 'Upgrade' });
  await second.until(({ status }) => status?.version === 1 && status.operation?.phase === 'Done');
  expect(await fieldsOf()).toEqual(['age', 'name']);
  const events = async (): Promise<string> =>
    other.kubectl('get', 'events', '--field-selector=reason=DefinitionKept', '--output=jsonpath={.items[*].message}');
  await eventually(events, (message) => message.includes(`it belongs to the Release ${tenant.namespace}/web`));
  // Nothing of it goes with either Release.
  await tenant.release('web').delete();
  await second.delete();
  expect(await fieldsOf()).toEqual(['age', 'name']);
});

test('with Skip, no definition is created, and the kind of its objects is not found', async () => {
  const web = await tenant.apply('web', await chartOf('1.0.0', catsWith(['name'])), { crds: 'Skip' });
  await web.failed('KindNotFound');
  expect(await fieldsOf()).toEqual([]);
  await coxswain.define(catsWith(['name']) as KubeObject & Json);
  await web.patch({ interval: '11m' });
  await web.until(({ status }) => status?.version === 1 && status.operation?.phase === 'Done');
});

test('a tenant without cluster scope may not upgrade a definition, but by default may install a chart that uses it', async () => {
  await coxswain.define(catsWith(['name']) as KubeObject & Json);
  const chart = await chartOf('1.0.0', catsWith(['name', 'age']));
  const admin = await coxswain.tenant({ rights: 'admin' });
  await admin.grant('*', `cats.${group}`);
  const web = await admin.apply('web', chart, { crds: 'Upgrade' });
  const { message } = await web.failed('Refused');
  expect(message).toContain(`CustomResourceDefinition/cats.${group} is cluster-scoped`);
  await web.patch({ crds: 'Create' });
  await web.until(({ status }) => status?.version === 1 && status.operation?.phase === 'Done');
  expect(await fieldsOf()).toEqual(['name']);
});
