import { describe, expect, test } from '@jest/globals';
import { API_GROUP, API_VERSION } from '../../../crds/index.ts';
import type * as api from '../../../crds/index.ts';
import type * as objects from '../../../resources/index.ts';
import { declaredFields } from './declared-types.ts';
import { definitionOf, ownFieldsOf, type Schema } from './definitions.ts';

const DECLARED = {
  Release: ['spec', 'status'],
  ReleaseHistory: ['spec'],
  ReleasePreview: ['spec', 'status'],
} as const;

describe.each([
  ['releases', 'Release'],
  ['releasehistories', 'ReleaseHistory'],
  ['releasepreviews', 'ReleasePreview'],
] as const)('the schema of %s', (plural, kind) => {
  const declared = DECLARED[kind].flatMap((property) => declaredFields(kind, property));

  test('has the names that the code uses', () => {
    const { metadata, spec } = definitionOf(plural);
    expect(metadata.name).toBe(`${plural}.${API_GROUP}`);
    expect(spec).toMatchObject({ group: API_GROUP, names: { kind, plural }, versions: [{ name: API_VERSION }] });
  });

  test('has the fields that the types have, and no others', () => {
    const fields = ownFieldsOf(definitionOf(plural)).filter(([, { items }]) => items === undefined);
    const defined = fields.map(([path, { type }]) => `${path} ${type}`);
    expect(defined.length).toBeGreaterThan(20);
    expect(defined.toSorted()).toEqual(declared.map(({ path, type }) => `${path} ${type}`).toSorted());
  });

  test('allows the values that the types allow, and no others', () => {
    const enums = ownFieldsOf(definitionOf(plural)).flatMap(([path, { type, enum: values }]) =>
      type === 'string' && values !== undefined ? [{ path, values: values.toSorted() }] : [],
    );
    expect(enums.length).toBeGreaterThan(3);
    // The status is the controller's own: some of its texts are left open to later versions.
    const isLeftOpen = (path: string): boolean => path.startsWith('status.') && !enums.some((one) => one.path === path);
    const listed = declared.flatMap(({ path, values }) =>
      values === undefined || isLeftOpen(path) ? [] : [{ path, values: values.toSorted() }],
    );
    expect(enums.toSorted(byPath)).toEqual(listed.toSorted(byPath));
  });

  test('explains every field', () => {
    const fields = ownFieldsOf(definitionOf(plural)).filter(([path]) => !path.endsWith('[]'));
    expect(fields.filter(([, { description = '' }]) => description === '').map(([path]) => path)).toEqual([]);
  });
});

test('a preview has the same spec as a Release: `make definitions` copies its schema', () => {
  const specOf = (plural: string): Schema | undefined =>
    definitionOf(plural).spec.versions[0]?.schema.openAPIV3Schema.properties?.['spec'];
  const template = specOf('releasepreviews')?.properties?.['template'];
  expect(template?.properties?.['spec']).toEqual(specOf('releases'));
});

type Same<A, B> = [Required<A>, Required<B>] extends [Required<B>, Required<A>] ? 'same' : 'other';

test('types of objects that the API and the layer below both declare, without importing each other, are the same', () => {
  // The compiler compares them.
  const compared: {
    adoption: Same<api.Adoption, objects.Adoption>;
    change: Same<api.FieldChange, objects.FieldChange>;
    colour: Same<api.HealthColour, objects.HealthColour>;
    hook: Same<api.HookResult, objects.HookResult>;
    ref: Same<api.InventoryEntry, objects.ObjectRef>;
  } = { adoption: 'same', change: 'same', colour: 'same', hook: 'same', ref: 'same' };
  expect(new Set(Object.values(compared))).toEqual(new Set(['same']));
});

function byPath(a: { path: string }, b: { path: string }): number {
  return a.path < b.path ? -1 : 1;
}
