import { describe, expect, test } from '@jest/globals';
import { clearingPatch } from '../../../resources/index.ts';
import { object } from './objects.ts';

const recreate = object('Deployment/web', { spec: { replicas: 1, strategy: { type: 'Recreate' } } });

describe('clearingPatch', () => {
  test('clears a default that is in the way, and says what is wanted beside it', () => {
    const refusal =
      'Deployment.apps "web" is invalid: spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is \'Recreate\'';
    expect(clearingPatch(recreate, refusal)).toEqual({ spec: { strategy: { type: 'Recreate', rollingUpdate: null } } });
  });

  test('several fields', () => {
    const refusal =
      'x: [spec.strategy.a: Forbidden: no, spec.strategy.b: Invalid value: {"c":1}: no, spec.d: Forbidden: no]';
    expect(clearingPatch(recreate, refusal)).toEqual({
      spec: { replicas: 1, strategy: { type: 'Recreate', a: null, b: null }, d: null },
    });
  });

  test.each([
    ['a field that is desired', 'spec.strategy.type: Invalid value: "x": no'],
    ['a field in a list', 'spec.template.spec.volumes[0].hostPath: Forbidden: no'],
    ['a field of something else', 'spec.other.field: Forbidden: no'],
    ['another refusal', 'deployments.apps "web" is forbidden: exceeded quota'],
  ])('undefined for %s', (_name, refusal) => {
    expect(clearingPatch(recreate, refusal)).toBeUndefined();
  });
});
