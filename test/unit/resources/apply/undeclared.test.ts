import { describe, expect, test } from '@jest/globals';
import { withoutUndeclared } from '../../../../resources/index.ts';
import { object } from '../objects.ts';

const deployment = object('Deployment/u', {
  spec: {
    foo: 1,
    containers: [
      { name: 'a', baz: [1], image: 'b', ports: [{ containerPort: 80, qux: 1 }] },
      { name: 'a"]b', qux: 1 },
    ],
    tolerations: [{ foo: 'bar', key: 'k' }],
  },
});

describe('withoutUndeclared', () => {
  test('one field', () => {
    const refusal =
      'failed to create typed patch object (default/u; apps/v1, Kind=Deployment): .spec.foo: field not declared in schema';
    expect(withoutUndeclared(deployment, refusal)?.['spec']).not.toHaveProperty('foo');
  });

  // As a kube-apiserver v1.36 answers.
  test('several, in items by name and by position', () => {
    const refusal = `failed to create typed patch object (default/u; apps/v1, Kind=Deployment): errors:
  .spec.containers[name="a"].baz: field not declared in schema
  .spec.containers[name="a"].ports[containerPort=80,protocol="TCP"].qux: field not declared in schema
  .spec.containers[name="a\\"]b"].qux: field not declared in schema
  .spec.tolerations[0].foo: field not declared in schema`;
    expect(withoutUndeclared(deployment, refusal)?.['spec']).toEqual({
      foo: 1,
      containers: [{ name: 'a', image: 'b', ports: [{ containerPort: 80 }] }, { name: 'a"]b' }],
      tolerations: [{ key: 'k' }],
    });
  });

  test.each([
    ['another refusal', 'Deployment.apps "u" is invalid: spec.selector: Required value'],
    ['a path that leads nowhere', '.spec.containers[name="\\x"].baz: field not declared in schema'],
    ['a path that it cannot read', '.spec.containers["].baz: field not declared in schema'],
    ['nothing', ''],
  ])('undefined for %s', (_name, refusal) => {
    expect(withoutUndeclared(deployment, refusal)).toBeUndefined();
  });
});
