import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import { releaseOf, type ReleaseView } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { webChart } from '../../../support/charts/web-chart.ts';

// API servers take JSON of 10,000 levels. What walks through it takes stack for each.

const LEVELS = 9_000;
/** Beyond what is read as well; of more, the API server itself takes half a minute to find out who owns which. */
const OWNED_LEVELS = 2_000;
/** A number that a double does not hold, which is read in another way. */
const LONG = '1234567890123456789';
const SCHEMA = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
const BOATS = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'boats.nesting.example.com' },
  spec: {
    group: 'nesting.example.com',
    scope: 'Namespaced',
    names: { kind: 'Boat', plural: 'boats' },
    versions: [{ name: 'v1', served: true, storage: true, schema: SCHEMA }],
  },
};

const coxswain = story();
let tenant: Tenant;
let web: ReleaseView;

beforeAll(async () => coxswain.define(BOATS));

beforeEach(async () => {
  tenant = await coxswain.tenant({ prefix: 'nesting', rights: 'cluster-admin' });
  web = tenant.release('web');
});

/** As text: JSON.stringify does not get that far down. */
async function send(text: string): Promise<void> {
  const { stderr, code } = await coxswain.kubectl.attempt(['create', '--validate=false', '--filename=-'], {
    input: text,
  });
  expect({ stderr, code }).toMatchObject({ code: 0 });
}

function nested(leaf: string, levels = LEVELS): string {
  return `${'{"a":'.repeat(levels)}${leaf}${'}'.repeat(levels)}`;
}

function withDeep(object: object, field: string, leaf = LONG): string {
  return JSON.stringify(object).replace(`"${field}":{}`, `"${field}":${nested(leaf)}`);
}

function boat(name: string, labels: object = {}): object {
  return {
    apiVersion: 'nesting.example.com/v1',
    kind: 'Boat',
    metadata: { name, namespace: tenant.namespace, labels },
    spec: {},
  };
}

test('values that are nested too deeply are reported, and hold up nobody else', async () => {
  const chart = await coxswain.push(webChart());
  await send(withDeep(releaseOf(tenant.namespace, 'web', chart, { values: {} }), 'values'));
  expect((await web.failed('LimitExceeded')).message).toContain('spec.values is nested more than 1000 levels deep');
  const other = await coxswain.tenant({ prefix: 'neighbour' });
  await other.apply('web', chart);
  await other.release('web').ready();
  await web.delete();
});

test('a foreign object is left alone whatever its labels say, and so are fields that somebody added to a child', async () => {
  const labels = { 'coxswain.dev/release': 'web', 'coxswain.dev/release-namespace': tenant.namespace };
  await send(withDeep(boat('stranger', labels), 'spec'));
  const template =
    'apiVersion: nesting.example.com/v1\nkind: Boat\nmetadata: {name: own}\nspec: {oars: {{ .Values.oars }}}\n';
  const chart = await coxswain.push({ name: 'boats', templates: { 'boat.yaml': template }, values: 'oars: 2\n' });
  await tenant.apply('web', chart);
  await web.ready();
  const patch = `{"spec": {"deep": ${nested(LONG, OWNED_LEVELS)}}}`;
  await tenant.kubectl('patch', 'boats', 'own', '--type=merge', `--patch=${patch}`);
  await web.patch({ values: { oars: 4 } });
  await web.until(({ status }) => status?.version === 2);
  await web.ready();
  const oars = await tenant.kubectl('get', 'boats', 'own', '--output=jsonpath={.spec.oars}');
  expect(oars).toBe('4');
  await web.delete();
  expect(await tenant.kubectl('get', 'boats', '--output=name')).toBe('boat.nesting.example.com/stranger\n');
});

test('a deeply nested object that a template looks up is named', async () => {
  await send(withDeep(boat('deep'), 'spec'));
  const template = `{{ $boat := lookup "nesting.example.com/v1" "Boat" .Release.Namespace "deep" }}
apiVersion: v1
kind: ConfigMap
metadata: {name: found}
data: {found: {{ len $boat | quote }}}
`;
  const chart = await coxswain.push({ name: 'looking', templates: { 'found.yaml': template } });
  await tenant.apply('web', chart);
  expect((await web.failed('LimitExceeded')).message).toBe('lookup: Boat/deep is nested more than 1000 levels deep');
});

test.each<[string, string, string, string]>([
  ['values of a ConfigMap', '{{ len .Values | quote }}', 'LimitExceeded', 'valuesFrom'],
  ['an object of a template', '1\nspec: {{ .Values.deep }}', 'ManifestInvalid', 'boat.yaml'],
])('%s are reported', async (_title, text, reason, told) => {
  const deep = nested('1');
  await tenant.kubectl(
    'create',
    'configmap',
    'deep',
    `--from-literal=values.yaml=${deep}`,
    `--from-literal=deep=${deep}`,
  );
  const template = `apiVersion: nesting.example.com/v1\nkind: Boat\nmetadata: {name: own}\ndata: ${text}\n`;
  const chart = await coxswain.push({ name: 'told', templates: { 'boat.yaml': template } });
  const at = reason === 'LimitExceeded' ? {} : { key: 'deep', targetPath: 'deep' };
  const valuesFrom = [{ kind: 'ConfigMap', name: 'deep', ...at }];
  await tenant.apply('web', chart, { valuesFrom });
  const { message } = await web.failed(reason);
  expect(message).toContain(told);
  expect(message).not.toContain('call stack');
});
