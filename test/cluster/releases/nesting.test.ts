import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import {
  pushParts,
  releaseOf,
  startInstallation,
  viewRelease,
  type Installation,
  type ReleaseView,
} from '../../support/cluster/installation.ts';
import { createTenant } from '../../support/cluster/tenant.ts';
import { webChart } from '../../support/charts/web-chart.ts';

// API servers take JSON of 10,000 levels. What walks through it takes stack for each.

const LEVELS = 9_000;
/** A number that a double does not hold, which is read in another way. */
const LONG = '1234567890123456789';
const CRD = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: boats.nesting.example.com}
spec:
  group: nesting.example.com
  scope: Namespaced
  names: {kind: Boat, plural: boats}
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`;

let coxswain: Installation;
let namespace: string;
let web: ReleaseView;

beforeAll(async () => {
  coxswain = await startInstallation();
  await send(CRD);
  await coxswain.kubectl('wait', 'crd/boats.nesting.example.com', '--for=condition=Established', '--timeout=30s');
});

afterAll(async () => coxswain?.stop());

beforeEach(async () => {
  const { kubectl } = coxswain;
  namespace = await createTenant(kubectl, 'nesting', 'none');
  const subject = `--serviceaccount=${namespace}:default`;
  await kubectl('create', 'rolebinding', 'all', '--namespace', namespace, '--clusterrole=cluster-admin', subject);
  web = viewRelease(kubectl, namespace, 'web');
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
  return { apiVersion: 'nesting.example.com/v1', kind: 'Boat', metadata: { name, namespace, labels }, spec: {} };
}

test('values that are nested too deeply are told, and stop nobody else', async () => {
  const { kubectl } = coxswain;
  const chart = await pushParts(coxswain, webChart());
  await send(withDeep(releaseOf(namespace, 'web', chart, { values: {} }), 'values'));
  expect((await web.failed('LimitExceeded')).message).toContain('spec.values is nested more than 1000 levels deep');
  const other = await createTenant(kubectl, 'neighbour');
  await kubectl.apply(releaseOf(other, 'web', chart));
  await viewRelease(kubectl, other, 'web').ready();
  await kubectl('delete', 'release', 'web', '--namespace', namespace, '--timeout=20s');
});

test('an object beside the chart’s is left alone, whatever its labels say, and so is what somebody put into a child', async () => {
  const { kubectl } = coxswain;
  const labels = { 'coxswain.dev/release': 'web', 'coxswain.dev/release-namespace': namespace };
  await send(withDeep(boat('stranger', labels), 'spec'));
  const template =
    'apiVersion: nesting.example.com/v1\nkind: Boat\nmetadata: {name: own}\nspec: {oars: {{ .Values.oars }}}\n';
  const chart = await pushParts(coxswain, { name: 'boats', templates: { 'boat.yaml': template }, values: 'oars: 2\n' });
  await kubectl.apply(releaseOf(namespace, 'web', chart));
  await web.ready();
  const patch = `{"spec": {"deep": ${nested(LONG, LEVELS)}}}`;
  await kubectl('patch', 'boats', 'own', '--namespace', namespace, '--type=merge', `--patch=${patch}`);
  await web.patch({ values: { oars: 4 } });
  await web.until(({ status }) => status?.version === 2);
  await web.ready();
  const oars = await kubectl('get', 'boats', 'own', '--namespace', namespace, '--output=jsonpath={.spec.oars}');
  expect(oars).toBe('4');
  await kubectl('delete', 'release', 'web', '--namespace', namespace, '--timeout=20s');
  expect(await kubectl('get', 'boats', '--namespace', namespace, '--output=name')).toBe(
    'boat.nesting.example.com/stranger\n',
  );
});

test('an object that a template looks up is named', async () => {
  await send(withDeep(boat('deep'), 'spec'));
  const template = `{{ $boat := lookup "nesting.example.com/v1" "Boat" .Release.Namespace "deep" }}
apiVersion: v1
kind: ConfigMap
metadata: {name: found}
data: {found: {{ len $boat | quote }}}
`;
  const chart = await pushParts(coxswain, { name: 'looking', templates: { 'found.yaml': template } });
  await coxswain.kubectl.apply(releaseOf(namespace, 'web', chart));
  expect((await web.failed('LimitExceeded')).message).toBe('lookup: Boat/deep is nested more than 1000 levels deep');
});

test.each<[string, string, string, string]>([
  ['values of a ConfigMap', '{{ len .Values | quote }}', 'LimitExceeded', 'valuesFrom'],
  ['an object of a template', '1\nspec: {{ .Values.deep }}', 'ManifestInvalid', 'boat.yaml'],
])('%s are told', async (_title, text, reason, told) => {
  const { kubectl } = coxswain;
  const deep = nested('1');
  await kubectl(
    'create',
    'configmap',
    'deep',
    '--namespace',
    namespace,
    `--from-literal=values.yaml=${deep}`,
    `--from-literal=deep=${deep}`,
  );
  const template = `apiVersion: nesting.example.com/v1\nkind: Boat\nmetadata: {name: own}\ndata: ${text}\n`;
  const chart = await pushParts(coxswain, { name: 'told', templates: { 'boat.yaml': template } });
  const at = reason === 'LimitExceeded' ? {} : { key: 'deep', targetPath: 'deep' };
  const valuesFrom = [{ kind: 'ConfigMap', name: 'deep', ...at }];
  await kubectl.apply(releaseOf(namespace, 'web', chart, { valuesFrom }));
  const { message } = await web.failed(reason);
  expect(message).toContain(told);
  expect(message).not.toContain('call stack');
});
