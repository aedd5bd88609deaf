import { describe, expect, test } from '@jest/globals';
import type { HookObject, PatchRule, SourcedObject } from '../../../../chart-renderer/index.ts';
import { withCommonMetadata } from '../../../../chart-renderer/patches/common-metadata.ts';
import { withPatches } from '../../../../chart-renderer/patches/patches.ts';
import type { KubeObject } from '../../../../resources/index.ts';

const WEB = item(
  'apps/v1',
  'Deployment',
  'web',
  { spec: { replicas: 1, template: { metadata: { labels: { a: 'b' } } } } },
  { app: 'web' },
);
const DB = item('apps/v1', 'StatefulSet', 'db', { spec: { replicas: 1 } }, { app: 'db' });
const CONFIG = item('v1', 'ConfigMap', 'web', { data: { a: '1' } });
const MIGRATE: HookObject = {
  ...item('batch/v1', 'Job', 'migrate', {
    metadata: { name: 'migrate', annotations: { 'helm.sh/hook': 'pre-upgrade' } },
  }),
  kind: 'Job',
  name: 'migrate',
  events: ['pre-upgrade'],
  weight: 0,
  deletePolicies: [],
};
const CHART = { objects: [CONFIG, WEB, DB], hooks: [MIGRATE] };

function item(apiVersion: string, kind: string, name: string, more: object, labels?: object): SourcedObject {
  const object = { apiVersion, kind, metadata: { name, ...(labels && { labels }) }, ...more } as unknown as KubeObject;
  return { object, source: `app/templates/${name}.yaml` };
}

function touched(rules: readonly PatchRule[]): string[] {
  const { objects, hooks } = withPatches(CHART, rules);
  const marked = [...objects, ...hooks].filter(({ object }) => object.metadata.annotations?.['touched'] !== undefined);
  return marked.map(({ object }) => `${object.kind}/${object.metadata.name}`);
}

const TOUCH = 'metadata: {annotations: {touched: "yes"}}';

describe('a target', () => {
  test.each<[PatchRule['target'], string[]]>([
    [{ kind: 'Deployment' }, ['Deployment/web']],
    [{ kind: 'Deployment|StatefulSet' }, ['Deployment/web', 'StatefulSet/db']],
    [{ kind: 'Deploy' }, []],
    [{ name: 'web' }, ['ConfigMap/web', 'Deployment/web']],
    [{ name: 'w.*', kind: 'ConfigMap' }, ['ConfigMap/web']],
    [{ group: 'apps' }, ['Deployment/web', 'StatefulSet/db']],
    [{ group: '' }, ['ConfigMap/web']],
    [{ group: 'apps', version: 'v2' }, []],
    [{ labelSelector: 'app in (web, db)' }, ['Deployment/web', 'StatefulSet/db']],
    [{ labelSelector: '!app' }, ['ConfigMap/web', 'Job/migrate']],
    [{ annotationSelector: 'helm.sh/hook' }, ['Job/migrate']],
  ])('%j', (target, expected) => {
    expect(touched([{ target, patch: TOUCH, optional: true }])).toEqual(expected);
  });

  test('may be omitted where the patch names its object', () => {
    const patch = `{apiVersion: apps/v1beta1, kind: Deployment, metadata: {name: web, annotations: {touched: "yes"}}}`;
    expect(touched([{ patch }])).toEqual(['Deployment/web']);
  });
});

describe('a patch', () => {
  test('may be written as for kustomize: with a target, the identity in the patch is ignored', () => {
    const patch = 'apiVersion: v1\nkind: Ignored\nmetadata: {name: ignored, namespace: ignored}\nspec: {replicas: 3}\n';
    const { objects } = withPatches(CHART, [{ target: { kind: 'Deployment' }, patch }]);
    expect(objects[1]?.object).toMatchObject({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } });
    expect(objects[1]?.object).toHaveProperty('spec.replicas', 3);
    expect(objects[1]?.object.metadata.namespace).toBeUndefined();
  });

  test('applies after those before it, and sees their changes', () => {
    const rules = [
      { target: { kind: 'ConfigMap' }, patch: '[{op: replace, path: /metadata/name, value: other}]' },
      { target: { name: 'other' }, patch: TOUCH },
    ];
    expect(touched(rules)).toEqual(['ConfigMap/other']);
  });

  test('can delete an object, replace it as a whole, and say so as in kustomize', () => {
    const rules = [
      { target: { kind: 'StatefulSet' }, patch: '$patch: delete' },
      { target: { kind: 'ConfigMap' }, patch: '$patch: replace\ndata: {b: "2"}' },
    ];
    const { objects } = withPatches(CHART, rules);
    expect(objects.map(({ object }) => object)).toEqual([
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' }, data: { b: '2' } },
      WEB.object,
    ]);
  });

  test('gives several objects the same values without linking them', () => {
    const rules = [
      { target: { group: 'apps' }, patch: '[{op: add, path: /spec/list, value: [1]}]' },
      { target: { kind: 'Deployment' }, patch: '[{op: add, path: /spec/list/-, value: 2}]' },
    ];
    const [, web, db] = withPatches(CHART, rules).objects;
    expect(web?.object).toHaveProperty('spec.list', [1, 2]);
    expect(db?.object).toHaveProperty('spec.list', [1]);
  });

  test('turns objects into hooks and back, and changes when a hook runs, as with the post-renderers of Helm 4', () => {
    const annotations = (value: string): string => `metadata: {annotations: {helm.sh/hook: ${value}}}`;
    const rules = [
      { target: { kind: 'Job' }, patch: annotations('null') },
      { target: { kind: 'ConfigMap' }, patch: annotations('pre-install') },
      { target: { kind: 'StatefulSet' }, patch: annotations('crd-install') },
    ];
    const { objects, hooks } = withPatches(CHART, rules);
    expect(objects.map(({ object }) => object.kind)).toEqual(['Deployment', 'Job']);
    expect(hooks).toEqual([expect.objectContaining({ kind: 'ConfigMap', name: 'web', events: ['pre-install'] })]);
    const weight = 'metadata: {annotations: {helm.sh/hook-weight: "5", helm.sh/hook-delete-policy: hook-succeeded}}';
    expect(withPatches(CHART, [{ target: { kind: 'Job' }, patch: weight }]).hooks).toEqual([
      expect.objectContaining({
        name: 'migrate',
        weight: 5,
        events: ['pre-upgrade'],
        deletePolicies: ['hook-succeeded'],
      }),
    ]);
  });

  test('keeps an item of a list a hook, since only the annotations of its list make it one', () => {
    const hook = { ...MIGRATE, object: CONFIG.object, list: 1, name: 'all' };
    const { hooks } = withPatches({ objects: [], hooks: [hook] }, [{ target: { kind: 'ConfigMap' }, patch: TOUCH }]);
    expect(hooks).toEqual([expect.objectContaining({ name: 'all', list: 1, events: ['pre-upgrade'] })]);
  });

  test.each([
    [
      'matches nothing',
      { target: { name: 'wep' }, patch: TOUCH },
      /^patches\[1\] matches no object: the chart renders ConfigMap\/web, .*optional/,
    ],
    [
      'is empty',
      { target: { name: 'web' }, patch: '# nothing' },
      /^patches\[1\]: it is neither|^patches\[1\]: it is empty/,
    ],
    ['is not YAML', { target: { name: 'web' }, patch: 'a: [' }, /^patches\[1\]: it is not YAML/],
    ['is a text', { target: { name: 'web' }, patch: 'text' }, /neither a map nor a list/],
    ['has two documents', { target: { name: 'web' }, patch: 'a: 1\n---\nb: 2' }, /several documents/],
    ['names nothing', { patch: 'spec: {}' }, /no target/],
    ['is a list without a target', { patch: '[]' }, /give it a target/],
    [
      'has an invalid pattern as target',
      { target: { name: '(' }, patch: TOUCH },
      /^patches\[1\]: name "\(" cannot be read/,
    ],
    ['has an invalid selector', { target: { labelSelector: '(' }, patch: TOUCH }, /labelSelector "\(" cannot be read/],
    [
      'fails',
      { target: { kind: 'Deployment' }, patch: '[{op: test, path: /spec/replicas, value: 2}]' },
      /^patches\[1\], applied to Deployment\/web of app\/templates\/web.yaml: operation 1 of 1/,
    ],
    [
      'removes a name',
      { target: { kind: 'ConfigMap' }, patch: '[{op: remove, path: /metadata/name}]' },
      /makes it invalid: ConfigMap: 'metadata.name' is missing/,
    ],
    ['removes everything', { target: { kind: 'ConfigMap' }, patch: '[{op: remove, path: ""}]' }, /makes it invalid/],
    [
      'makes a label a number',
      { target: { kind: 'ConfigMap' }, patch: 'metadata: {labels: {a: 1}}' },
      /makes it invalid: ConfigMap "web": metadata.labels\["a"\] is a number/,
    ],
  ])('that %s is refused, and the message says which, where and why', (_what, rule, message) => {
    const before = { target: { kind: 'Deployment' }, patch: TOUCH };
    expect(() => withPatches(CHART, [before, rule])).toThrow(expect.objectContaining({ code: 'Patch' }));
    expect(() => withPatches(CHART, [before, rule])).toThrow(message);
  });
});

test('common metadata is added to objects and hooks, but not to selectors or the templates of pods', () => {
  const { objects, hooks } = withCommonMetadata(CHART, {
    labels: { app: 'all', team: 'a' },
    annotations: { by: 'us' },
  });
  const [config, web] = objects;
  expect(config?.object.metadata).toEqual({
    name: 'web',
    labels: { app: 'all', team: 'a' },
    annotations: { by: 'us' },
  });
  expect(web?.object).toEqual({ ...WEB.object, metadata: config?.object.metadata });
  expect(hooks[0]?.object.metadata.annotations).toEqual({ 'helm.sh/hook': 'pre-upgrade', by: 'us' });
  expect(withCommonMetadata(CHART, {})).toEqual(CHART);
});
