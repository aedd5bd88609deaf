import { describe, expect, test } from '@jest/globals';
import { withNullsRead, withoutRefusedNulls } from '../../../../resources/index.ts';
import type { KubeObject } from '../../../../resources/index.ts';
import { object } from '../objects.ts';

function read(title: string, fields: Record<string, unknown>, metadata = {}): Record<string, unknown> {
  const { apiVersion: _, kind: __, metadata: ___, ...rest } = withNullsRead(object(title, fields, metadata));
  return rest;
}

// As a kube-apiserver v1.36 creates the objects: test/cluster/releases/applying/as-helm.test.ts has it do so.
describe('nulls in kinds that are Go structs', () => {
  test.each([
    ['an entry of data', 'ConfigMap/c', { data: { a: null, b: 'x' } }, { data: { a: '', b: 'x' } }],
    ['an entry of stringData', 'Secret/s', { stringData: { a: null } }, { stringData: { a: '' } }],
    [
      'a label that is asked for',
      'Deployment/d',
      { spec: { selector: { matchLabels: { a: null }, matchExpressions: null } } },
      { spec: { selector: { matchLabels: { a: '' } } } },
    ],
    ['a selector', 'Service/s', { spec: { selector: { a: null } } }, { spec: { selector: { a: '' } } }],
    [
      'a quantity',
      'Pod/p',
      { spec: { containers: [{ resources: { limits: { cpu: null }, requests: null } }] } },
      { spec: { containers: [{ resources: { limits: { cpu: '0' } } }] } },
    ],
    ['a field', 'Deployment/d', { spec: { replicas: null, strategy: null } }, { spec: {} }],
    ['an item of texts', 'Pod/p', { spec: { args: ['a', null] } }, { spec: { args: ['a', null] } }],
    ['a pull secret', 'Pod/p', { spec: { imagePullSecrets: [null] } }, { spec: { imagePullSecrets: [{}] } }],
    [
      'a key of an item',
      'Service/s',
      { spec: { ports: [{ port: 80, protocol: null }] } },
      { spec: { ports: [{ port: 80 }] } },
    ],
  ])('%s', (_what, title, given, expected) => {
    expect(read(title, given)).toEqual(expected);
  });
});

test('custom resources keep their nulls, in all but metadata', () => {
  const spec = { limit: null, list: [null, { a: null }], data: { a: null } };
  const gadget: KubeObject = {
    apiVersion: 'example.com/v1',
    kind: 'Gadget',
    metadata: { name: 'g', labels: JSON.parse('{"a": null}'), annotations: JSON.parse('null') },
    spec,
  };
  expect(withNullsRead(gadget)).toEqual({ ...gadget, metadata: { name: 'g', labels: { a: '' } } });
});

describe('withoutRefusedNulls', () => {
  const boat: KubeObject = {
    apiVersion: 'example.com/v1',
    kind: 'Boat',
    metadata: { name: 'b' },
    spec: {
      limit: null,
      nullable: null,
      labels: { 'example.com/a': null },
      map: [{ name: 'x', proto: null }, { v: null }],
      other: [{ v: null }],
    },
  };

  // As a kube-apiserver v1.36 answers.
  test('drops the fields that may not be null', () => {
    const refusal =
      'Boat.example.com "b" is invalid: [spec.limit: Invalid value: "null": spec.limit in body must be of type integer: "null", ' +
      'spec.labels.example.com/a: Invalid value: "null": spec.labels.example.com/a in body must be of type string: "null", ' +
      'spec.map[1].v: Invalid value: "null": spec.map[1].v in body must be of type string: "null"]';
    expect(withoutRefusedNulls(boat, refusal)?.['spec']).toEqual({
      nullable: null,
      labels: {},
      map: [{ name: 'x', proto: null }, {}],
      other: [{ v: null }],
    });
  });

  test('drops keys of items that would otherwise be duplicates', () => {
    const refusal = 'Boat.example.com "b" is invalid: spec.map[1]: Duplicate value: {"name":"x","proto":"TCP"}';
    expect(withoutRefusedNulls(boat, refusal)?.['spec']).toMatchObject({
      map: [{ name: 'x' }, {}],
      other: [{ v: null }],
    });
  });

  test.each([
    'Boat.example.com "b" is invalid: spec.limit: Required value',
    'Boat.example.com "b" is invalid: spec.there[1]: Duplicate value: "x"',
  ])('leaves alone: %s', (refusal) => {
    expect(withoutRefusedNulls(boat, refusal)).toBeUndefined();
  });
});
