import { describe, expect, test } from '@jest/globals';
import {
  affecting,
  definitionChangesOf,
  definitionToApply,
  isSameDefinition,
  type KubeObject,
} from '../../../../resources/index.ts';
import type { JsonMap } from '../../../../resources/json/json.ts';

const schemaOf = (...fields: string[]): JsonMap => ({
  openAPIV3Schema: {
    type: 'object',
    properties: Object.fromEntries(fields.map((field) => [field, { type: 'string' }])),
  },
});
const version = (name: string, more: JsonMap = {}): JsonMap => ({
  name,
  served: true,
  storage: false,
  schema: schemaOf('a'),
  ...more,
});
const stored = (name: string, more: JsonMap = {}): JsonMap => version(name, { storage: true, ...more });

function definition(versions: JsonMap[], spec: JsonMap = {}, storedVersions: string[] = ['v1']): KubeObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'cats.example.com' },
    spec: { group: 'example.com', scope: 'Namespaced', names: { kind: 'Cat', plural: 'cats' }, versions, ...spec },
    status: { storedVersions },
  };
}

const WEBHOOK = { conversion: { strategy: 'Webhook', webhook: { clientConfig: { caBundle: 'Cg==' } } } };
const live = definition([stored('v1')]);

describe('whatever the objects are, it is unsafe if', () => {
  test.each<[string, KubeObject, KubeObject, RegExp]>([
    [
      'a served version is gone',
      definition([stored('v2')]),
      definition([version('v1'), stored('v2')], {}, ['v2']),
      /v1 is not served/,
    ],
    [
      'a version is no longer served',
      definition([stored('v1', { served: false }), version('v2')]),
      live,
      /v1 is not served/,
    ],
    [
      'a stored version is gone',
      definition([stored('v2')]),
      definition([version('v1', { served: false }), stored('v2')], {}, ['v1', 'v2']),
      /v1, in which objects are stored/,
    ],
    [
      'the scope differs',
      definition([stored('v1')], { scope: 'Cluster' }),
      live,
      /scope is Cluster instead of Namespaced/,
    ],
    [
      'a name differs',
      definition([stored('v1')], { names: { kind: 'Dog', plural: 'cats' } }),
      live,
      /names.kind is Dog/,
    ],
    [
      'a subresource is gone',
      live,
      definition([stored('v1', { subresources: { status: {} } })]),
      /no subresource status/,
    ],
    ['conversion ends', live, definition([stored('v1')], WEBHOOK), /not converted/],
    [
      'unknown fields are no longer kept',
      live,
      definition([stored('v1')], { preserveUnknownFields: true }),
      /no schema names are not kept/,
    ],
  ])('%s', (_title, desired, present, expected) => {
    expect(definitionChangesOf(desired, present).unsafe.join('\n')).toMatch(expected);
  });
});

test('a new version and a new field are safe', () => {
  const desired = definition([
    version('v1', { schema: schemaOf('a', 'b') }),
    stored('v2', { schema: schemaOf('a', 'b') }),
  ]);
  expect(definitionChangesOf(desired, live)).toEqual({ unsafe: [], narrowings: [] });
});

test('a schema is narrower for the objects that use a removed field', () => {
  const { narrowings } = definitionChangesOf(definition([stored('v1', { schema: schemaOf() })]), live);
  const objects = [{ ...live, a: 'x' }];
  expect(affectedBy(narrowings, objects)).toEqual(['v1: .a is gone']);
  expect(affectedBy(narrowings, [live])).toEqual([]);
  expect(affectedBy(narrowings, [])).toEqual([]);
});

test('a new version that lacks a field of the stored one is narrower, unless there is a conversion', () => {
  const versions = [version('v1'), stored('v2', { schema: schemaOf() })];
  const messages = (desired: KubeObject): string[] =>
    definitionChangesOf(desired, live).narrowings.map(({ message }) => message);
  expect(messages(definition(versions))).toEqual(['v2: .a is gone']);
  expect(messages(definition(versions, WEBHOOK))).toEqual([]);
});

test('a version that becomes the stored one is compared with the previous one, unless there is a conversion', () => {
  const present = definition([stored('v1', { schema: schemaOf('a', 'b') }), version('v2')]);
  const desired = (spec?: JsonMap): KubeObject =>
    definition([version('v1', { schema: schemaOf('a', 'b') }), stored('v2')], spec);
  const messages = definitionChangesOf(desired(), present).narrowings.map(({ message }) => message);
  expect(messages).toEqual(['v2: .b is gone']);
  expect(definitionChangesOf(desired(WEBHOOK), present).narrowings).toEqual([]);
});

test('for a version that objects are converted to, any object counts as affected', () => {
  const present = definition([stored('v1'), version('v2')], WEBHOOK);
  const desired = definition([stored('v1'), version('v2', { schema: schemaOf() })], WEBHOOK);
  const { narrowings } = definitionChangesOf(desired, present);
  expect(affectedBy(narrowings, [live])).toEqual(['v2: .a is gone']);
  expect(affectedBy(narrowings, [])).toEqual([]);
});

test('fields that the server fills in are no difference, nor is an injected certificate', () => {
  const names = { kind: 'Cat', plural: 'cats', singular: 'cat', listKind: 'CatList' };
  expect(isSameDefinition(live, definition([stored('v1')], { names, conversion: { strategy: 'None' } }))).toBe(true);
  const injected = { conversion: { strategy: 'Webhook', webhook: { clientConfig: { caBundle: 'injected' } } } };
  const [desired, present] = [definition([stored('v1')], WEBHOOK), definition([stored('v1')], injected)];
  expect(isSameDefinition(desired, present)).toBe(true);
  expect(isSameDefinition(definition([stored('v1')], { scope: 'Cluster' }), live)).toBe(false);
  expect(JSON.stringify(definitionToApply(desired, present))).not.toContain('caBundle');
  expect(JSON.stringify(definitionToApply(desired, live))).toContain('caBundle');
});

function affectedBy(...given: Parameters<typeof affecting>): string[] {
  const steps = affecting(...given);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
