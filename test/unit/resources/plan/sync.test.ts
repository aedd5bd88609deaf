import { describe, expect, test } from '@jest/globals';
import { desiredOf, outOfSync } from '../../../../resources/index.ts';
import type { FieldSet, KubeObject, ManagedFieldsEntry } from '../../../../resources/index.ts';
import { compared } from '../../../support/compared.ts';
import { applied, OWNERSHIP, object, OWNER } from '../objects.ts';

const DIGEST_PATH = '/metadata/annotations/coxswain.dev~1applied';

/** Fields and owner as a kube-apiserver v1.36 gave them back for this pod template, abridged. */
const template = {
  spec: {
    containers: [
      {
        name: 'app',
        image: 'nginx:1.27',
        args: [],
        env: [{ name: 'MODE', value: 'x' }],
        ports: [
          { name: 'http', containerPort: 8080 },
          { name: 'dns', containerPort: 53, protocol: 'UDP' },
          { containerPort: 53 },
        ],
        resources: { requests: { cpu: '1000m' } },
        securityContext: {},
      },
    ],
    initContainers: [],
    imagePullSecrets: [{ name: 'pull' }],
    volumes: [{ name: 'data', emptyDir: {} }],
  },
};
const templateFields: FieldSet = {
  'f:spec': {
    'f:containers': {
      'k:{"name":"app"}': {
        '.': {},
        'f:name': {},
        'f:image': {},
        'f:args': {},
        'f:env': { 'k:{"name":"MODE"}': { '.': {}, 'f:name': {}, 'f:value': {} } },
        'f:ports': {
          'k:{"containerPort":53,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} },
          'k:{"containerPort":53,"protocol":"UDP"}': { '.': {}, 'f:containerPort': {}, 'f:name': {}, 'f:protocol': {} },
          'k:{"containerPort":8080,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {}, 'f:name': {} },
        },
        'f:resources': { 'f:requests': { 'f:cpu': {} } },
        'f:securityContext': {},
      },
    },
    'f:imagePullSecrets': { 'k:{"name":"pull"}': {} },
    'f:volumes': { 'k:{"name":"data"}': { '.': {}, 'f:name': {}, 'f:emptyDir': {} } },
  },
};
const metadataFields: FieldSet = {
  'f:annotations': { 'f:coxswain.dev/applied': {} },
  'f:labels': { 'f:coxswain.dev/release': {}, 'f:coxswain.dev/release-namespace': {} },
};

const desired = desiredOf(
  object('Deployment/web', { spec: { replicas: 2, selector: { matchLabels: { a: 'b' } }, template } }),
  OWNER,
  {
    namespaced: true,
  },
);

function ours(fields: FieldSet): ManagedFieldsEntry {
  return { manager: 'coxswain', operation: 'Apply', fieldsV1: fields };
}

const allFields: FieldSet = {
  'f:metadata': metadataFields,
  'f:spec': { 'f:replicas': {}, 'f:selector': {}, 'f:template': templateFields },
};

function liveWith(...managedFields: ManagedFieldsEntry[]): KubeObject {
  return { ...desired, metadata: { ...desired.metadata, uid: 'u', managedFields } };
}

/** A copy of our fields without the one that the elements lead to, nor parents that would be empty, as the server writes it. */
function lacking(...elements: string[]): FieldSet {
  return without(allFields, elements) ?? {};
}

function without(set: FieldSet, [element = '', ...rest]: string[]): FieldSet | undefined {
  const child = set[element];
  if (child === undefined) throw new Error(`no ${element} in the fields`);
  const { [element]: _, ...others } = set;
  const left = rest.length === 0 ? undefined : without(child, rest);
  const result = left === undefined ? others : { ...others, [element]: left };
  return Object.keys(result).length === 0 ? undefined : result;
}

const CONTAINER = ['f:spec', 'f:template', 'f:spec', 'f:containers', 'k:{"name":"app"}'];
const CONTAINER_PATH = '/spec/template/spec/containers/0';

test('others may run once the owners of the fields are known, and once the fields are', () => {
  expect([...outOfSync(desired, liveWith(ours(allFields)), OWNERSHIP)]).toHaveLength(2);
});

test.each([
  { count: 1_000, steps: 2 + 1 },
  { count: 10_000, steps: 2 + 2 + 10 },
])('others may run while $count items are compared', ({ count, steps }) => {
  const env = Array.from({ length: count }, (_, at) => ({ name: `a${at}`, value: 'b' }));
  const fields = Object.fromEntries(
    env.map(({ name }) => [`k:{"name":"${name}"}`, { '.': {}, 'f:name': {}, 'f:value': {} }]),
  );
  const many = { ...desired, spec: { env } };
  const live = liveWith(ours({ 'f:metadata': metadataFields, 'f:spec': { 'f:env': fields } }));
  const comparing = outOfSync(many, live, OWNERSHIP);
  let step = comparing.next();
  let yields = 0;
  for (; step.done !== true; step = comparing.next()) yields += 1;
  expect(step.value).toEqual([]);
  expect(yields).toBe(steps);
});

describe('outOfSync', () => {
  test('is empty while every field is ours: atomic, granular, by key, empty, with keys that the server completed', () => {
    expect(compared(desired, liveWith(ours(allFields)), OWNERSHIP)).toEqual([]);
  });

  test.each<[string, string[], string]>([
    ['a number', ['f:spec', 'f:replicas'], '/spec/replicas'],
    ['an atomic map', ['f:spec', 'f:selector'], '/spec/selector'],
    ['a label', ['f:metadata', 'f:labels', 'f:coxswain.dev/release'], '/metadata/labels/coxswain.dev~1release'],
    ['a field of a container', [...CONTAINER, 'f:image'], `${CONTAINER_PATH}/image`],
    ['the only container', CONTAINER, '/spec/template/spec/containers'],
    [
      'the value of a variable',
      [...CONTAINER, 'f:env', 'k:{"name":"MODE"}', 'f:value'],
      `${CONTAINER_PATH}/env/0/value`,
    ],
    [
      'one port of a number',
      [...CONTAINER, 'f:ports', 'k:{"containerPort":53,"protocol":"UDP"}'],
      `${CONTAINER_PATH}/ports/1`,
    ],
    ['a quantity', [...CONTAINER, 'f:resources', 'f:requests', 'f:cpu'], `${CONTAINER_PATH}/resources`],
    ['an empty map', [...CONTAINER, 'f:securityContext'], `${CONTAINER_PATH}/securityContext`],
    [
      'the kind of a volume',
      ['f:spec', 'f:template', 'f:spec', 'f:volumes', 'k:{"name":"data"}', 'f:emptyDir'],
      '/spec/template/spec/volumes/0/emptyDir',
    ],
    ['the only annotation', ['f:metadata', 'f:annotations', 'f:coxswain.dev/applied'], '/metadata/annotations'],
  ])('names %s that is no longer ours', (_name, elements, path) => {
    expect(compared(desired, liveWith(ours(lacking(...elements))), OWNERSHIP)).toEqual([path]);
  });

  test('a null that the server dropped belongs to nobody; if somebody else sets the field it is lost', () => {
    const gadget = { ...object('ConfigMap/g'), apiVersion: 'example.com/v1', kind: 'Gadget', spec: { limit: null } };
    const wanted = desiredOf(gadget, OWNER, { namespaced: true });
    const metadata: FieldSet = { 'f:metadata': metadataFields, 'f:spec': {} };
    const editor: ManagedFieldsEntry = {
      manager: 'kubectl-edit',
      operation: 'Update',
      fieldsV1: { 'f:spec': { 'f:limit': {} } },
    };
    const liveOf = (...managedFields: ManagedFieldsEntry[]): KubeObject => ({
      ...wanted,
      metadata: { ...wanted.metadata, managedFields },
    });
    const other: FieldSet = { 'f:metadata': metadataFields, 'f:spec': { 'f:keep': {} } };
    expect(compared(wanted, liveOf(ours(metadata)), OWNERSHIP)).toEqual([]);
    expect(compared(wanted, liveOf(ours(other)), OWNERSHIP)).toEqual([]);
    expect(compared(wanted, liveOf(ours(other), editor), OWNERSHIP)).toEqual(['/spec/limit']);
  });

  test('shared ownership counts as ownership', () => {
    const other: ManagedFieldsEntry = {
      manager: 'kubectl',
      operation: 'Apply',
      fieldsV1: { 'f:spec': { 'f:replicas': {} } },
    };
    expect(compared(desired, liveWith(ours(allFields), other), OWNERSHIP)).toEqual([]);
  });

  test('fields of other owners do not count, nor do subresources and updates under our name', () => {
    const without = ours(lacking('f:spec', 'f:replicas'));
    const fieldsV1: FieldSet = { 'f:spec': { 'f:replicas': {} } };
    for (const entry of [
      { manager: 'kubectl', operation: 'Apply', fieldsV1 },
      { manager: 'coxswain', operation: 'Update', fieldsV1 },
      { manager: 'coxswain', operation: 'Apply', subresource: 'scale', fieldsV1 },
    ]) {
      expect(compared(desired, liveWith(without, entry), OWNERSHIP)).toEqual(['/spec/replicas']);
    }
  });

  test('an empty map that somebody else filled in is no drift', () => {
    const empty = desiredOf(object('ConfigMap/c', { data: {} }), OWNER, { namespaced: true });
    const filled = { manager: 'filler', operation: 'Update', fieldsV1: { 'f:data': { '.': {}, 'f:a': {} } } };
    const live = {
      ...empty,
      metadata: { ...empty.metadata, managedFields: [ours({ 'f:metadata': metadataFields }), filled] },
    };
    expect(compared(empty, live, OWNERSHIP)).toEqual([]);
  });

  test('set items', () => {
    const given = desiredOf(object('ConfigMap/c', {}, { finalizers: ['a/b', 'c/d'] }), OWNER, { namespaced: true });
    const fields: FieldSet = { 'f:metadata': { ...metadataFields, 'f:finalizers': { 'v:"c/d"': {} } } };
    const live = { ...given, metadata: { ...given.metadata, managedFields: [ours(fields)] } };
    expect(compared(given, live, OWNERSHIP)).toEqual(['/metadata/finalizers/0']);
  });

  test('another desired state is out of sync by its digest', () => {
    const next = desiredOf(object('ConfigMap/c', { data: { a: '2' } }), OWNER, { namespaced: true });
    const live = applied(desiredOf(object('ConfigMap/c', { data: { a: '1' } }), OWNER, { namespaced: true }));
    expect(compared(next, live, OWNERSHIP)).toEqual([DIGEST_PATH]);
  });

  test('an object without managedFields is out of sync altogether', () => {
    expect(compared(desired, liveWith(), OWNERSHIP)).toEqual(['/metadata', '/spec']);
  });

  test('unownable paths are left out', () => {
    expect(compared(desired, liveWith(ours(lacking('f:spec', 'f:replicas'))), OWNERSHIP, ['/spec/replicas'])).toEqual(
      [],
    );
  });
});
