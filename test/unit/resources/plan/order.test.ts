import { describe, expect, test } from '@jest/globals';
import { inInstallOrder, inUninstallOrder, keyOf, keyOfObject, refOf, titleOf } from '../../../../resources/index.ts';
import { object } from '../objects.ts';

const kinds = (items: readonly { kind: string }[]): string[] => items.map(({ kind }) => kind);

describe('order', () => {
  test('installs by kind as Helm does, unknown kinds last and by their names', () => {
    const objects = ['Zebra', 'Ingress', 'Deployment', 'Service', 'ConfigMap', 'Aardvark', 'Namespace', 'Secret'].map(
      (kind) => ({ kind }),
    );
    expect(kinds(inInstallOrder(objects))).toEqual([
      'Namespace',
      'Secret',
      'ConfigMap',
      'Service',
      'Deployment',
      'Ingress',
      'Aardvark',
      'Zebra',
    ]);
  });

  test('uninstalls in reverse order, but Services right after Ingresses', () => {
    const objects = ['Namespace', 'Service', 'Deployment', 'Ingress', 'Aardvark', 'Secret'].map((kind) => ({ kind }));
    expect(kinds(inUninstallOrder(objects))).toEqual([
      'Ingress',
      'Service',
      'Deployment',
      'Secret',
      'Namespace',
      'Aardvark',
    ]);
  });

  test('keeps the order of equal kinds', () => {
    const objects = ['b', 'a', 'c'].map((name) => ({ kind: 'ConfigMap', name }));
    expect(inInstallOrder(objects)).toEqual(objects);
    expect(inUninstallOrder(objects)).toEqual(objects);
  });
});

describe('reference', () => {
  test('names an object, and is the same object in every version of its group', () => {
    const budget = { ...object('PodDisruptionBudget/web', {}, { namespace: 'shop' }), apiVersion: 'policy/v1beta1' };
    const ref = refOf(budget);
    expect(ref).toEqual({
      group: 'policy',
      version: 'v1beta1',
      kind: 'PodDisruptionBudget',
      namespace: 'shop',
      name: 'web',
    });
    expect(keyOf(ref)).toBe(keyOfObject({ ...budget, apiVersion: 'policy/v1' }));
    expect(keyOf(ref)).not.toBe(keyOf({ ...ref, namespace: 'other' }));
    expect(titleOf(ref)).toBe('PodDisruptionBudget/web');
  });

  test('has an empty group for the core group, and no namespace where there is none', () => {
    expect(refOf(object('Node/n'))).toEqual({ group: '', version: 'v1', kind: 'Node', name: 'n' });
  });
});
