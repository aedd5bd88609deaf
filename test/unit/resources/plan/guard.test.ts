import { describe, expect, test } from '@jest/globals';
import { kindsDefinedBy, refusalsOf } from '../../../../resources/index.ts';
import type { Candidate, KubeObject, OwnershipLimits } from '../../../../resources/index.ts';
import { object } from '../objects.ts';

const LIMITS: OwnershipLimits = {
  namespace: 'shop',
  clusterScope: 'refused',
  howToAllow: 'an administrator can label the namespace',
  reservedKinds: ['coxswain.dev/ReleaseHistory'],
  reservedSecretTypes: ['coxswain.dev/chunk'],
};

const namespaced = (given: KubeObject): Candidate => ({ object: given, resource: { namespaced: true } });
const clusterScoped = (given: KubeObject): Candidate => ({ object: given, resource: { namespaced: false } });

function codes(candidates: Candidate[], limits = LIMITS): string[] {
  return refusalsOf(candidates, limits).map(({ code }) => code);
}

describe('refusalsOf', () => {
  test.each<[string, Candidate, string[]]>([
    ['an object without a namespace', namespaced(object('ConfigMap/a')), []],
    ['one of the own namespace', namespaced(object('ConfigMap/a', {}, { namespace: 'shop' })), []],
    [
      'one of another namespace',
      namespaced(object('ConfigMap/a', {}, { namespace: 'kube-system' })),
      ['OtherNamespace'],
    ],
    ['one without a namespaced kind', clusterScoped(object('ClusterRole/a')), ['ClusterScoped']],
    ['one of an unknown kind', { object: object('Gadget/a'), resource: undefined }, ['UnknownKind']],
    ['one without a name', namespaced(object('ConfigMap/')), ['NoName']],
    ['one with generateName', namespaced(object('Job/', {}, { generateName: 'a-' })), ['NoName']],
    ['one whose name leads elsewhere', namespaced(object('ConfigMap/', {}, { name: '../../secrets/a' })), ['NoName']],
    ['a dot', namespaced(object('ConfigMap/', {}, { name: '..' })), ['NoName']],
    ['a number as its name', namespaced(object('ConfigMap/', {}, { name: 7 })), ['NoName']],
    ['a name that only RBAC allows', namespaced(object('Role/system:a')), []],
    ['no kind', namespaced({ ...object('ConfigMap/a'), kind: '' }), ['Malformed']],
    ['nothing at all', namespaced({} as KubeObject), ['Malformed']],
    [
      'a record of ours',
      namespaced({ ...object('ReleaseHistory/web-v9'), apiVersion: 'coxswain.dev/v1alpha1' }),
      ['ReservedKind'],
    ],
    ['a chunk of ours', namespaced(object('Secret/a', { type: 'coxswain.dev/chunk' })), ['ReservedKind']],
    ['another Secret', namespaced(object('Secret/a', { type: 'Opaque' })), []],
    ['a Secret of base64', namespaced(object('Secret/a', { data: { p: 'YWI=', q: '', r: 'YW\nJj', s: null } })), []],
    ['a Secret that is plain', namespaced(object('Secret/a', { data: { p: 'plain text' } })), ['Malformed']],
    ['a ConfigMap that is plain', namespaced(object('ConfigMap/a', { binaryData: { p: 'YWI' } })), ['Malformed']],
    ['a Release', namespaced({ ...object('Release/a'), apiVersion: 'coxswain.dev/v1alpha1' }), []],
  ])('%s', (_name, candidate, expected) => {
    expect(codes([candidate])).toEqual(expected);
  });

  test('says which fields are not base64, and not their content', () => {
    const secret = object('Secret/a', { data: { p: 'pa$$', q: 'YWI=', r: 'Y===' }, stringData: { s: 'pa$$' } });
    expect(refusalsOf([namespaced(secret)], LIMITS)[0]?.message).toBe('Secret/a: data.p, data.r are not base64');
  });

  test('nothing for cluster-scoped objects where they are allowed', () => {
    expect(codes([clusterScoped(object('ClusterRole/a'))], { ...LIMITS, clusterScope: 'allowed' })).toEqual([]);
  });

  test('a duplicate object, once with its namespace and in another version', () => {
    const again = { ...object('Ingress/a', {}, { namespace: 'shop' }), apiVersion: 'networking.k8s.io/v1beta1' };
    expect(codes([namespaced(object('Ingress/a')), namespaced(again), namespaced(object('Ingress/b'))])).toEqual([
      'Duplicate',
    ]);
  });

  test('all of them at once, each with the object and what to do', () => {
    const refusals = refusalsOf(
      [clusterScoped(object('ClusterRole/a')), namespaced(object('ConfigMap/b', {}, { namespace: 'other' }))],
      LIMITS,
    );
    expect(refusals.map(({ ref }) => ref.name)).toEqual(['a', 'b']);
    expect(refusals[0]?.message).toContain(LIMITS.howToAllow);
    expect(refusals[1]?.message).toContain('other');
  });
});

describe('kindsDefinedBy', () => {
  test.each<[string, Record<string, boolean>, string[]]>([
    ['the versions that are served', { v1: true, v1beta1: false }, ['v1']],
    ['all of a definition that serves none', { v1: false }, ['v1']],
  ])('gives %s', (_title, versions, expected) => {
    const crd = object('CustomResourceDefinition/gadgets.example.dev', {
      spec: {
        group: 'example.dev',
        names: { kind: 'Gadget', plural: 'gadgets' },
        versions: Object.entries(versions).map(([name, served]) => ({ name, served })),
      },
    });
    expect(kindsDefinedBy([crd]).map(({ version }) => version)).toEqual(expected);
  });

  test('gives every version of a CustomResourceDefinition', () => {
    const names = { kind: 'Gadget', plural: 'gadgets' };
    const crd = object('CustomResourceDefinition/gadgets.example.dev', {
      spec: { group: 'example.dev', names, scope: 'Namespaced', versions: [{ name: 'v1' }, { name: 'v2' }] },
    });
    const expected = { group: 'example.dev', kind: 'Gadget', plural: 'gadgets', namespaced: true };
    expect(kindsDefinedBy([object('ConfigMap/a'), crd])).toEqual([
      { ...expected, version: 'v1' },
      { ...expected, version: 'v2' },
    ]);
  });

  test('and nothing for a broken one', () => {
    expect(kindsDefinedBy([object('CustomResourceDefinition/a', { spec: { versions: 'v1' } })])).toEqual([]);
  });
});
