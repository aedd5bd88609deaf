import { describe, expect, test } from '@jest/globals';
import { describeNeeds, manifestFor } from '../../../../../controller/plan/permissions/grant.ts';
import {
  needOf,
  needsOfKinds,
  needsOfSpec,
  withDenied,
  type Need,
} from '../../../../../controller/plan/permissions/needs.ts';
import { release } from '../../releases.ts';

const GRANTEE = { release: 'web', namespace: 'shop', serviceAccount: 'default' };

const kind = (group: string, plural: string, namespaced = true) => ({
  group,
  version: 'v1',
  kind: plural,
  plural,
  namespaced,
  verbs: [] as string[],
});

const NEEDS: Need[] = [
  ...needsOfKinds('shop', [kind('apps', 'deployments'), kind('apps', 'statefulsets'), kind('', 'services')]),
  ...needsOfKinds('shop', [kind('rbac.authorization.k8s.io', 'clusterroles', false)]),
  ...needsOfSpec(
    'shop',
    release({
      valuesFrom: [
        { kind: 'Secret', name: 'db', key: 'k' },
        { kind: 'Secret', name: '1e3', key: 'k' },
        { kind: 'ConfigMap', name: 'db', key: 'k' },
      ],
      chart: {
        inline: '',
        secretRef: { name: 'login' },
        verify: { provider: 'Cosign', configMapRef: { name: 'keys' } },
      },
    }).spec,
  ),
  needOf({ verb: 'list', resource: 'nodes', group: '' }),
  needOf({ verb: 'get', resource: 'secrets', group: '', namespace: 'vault' }),
];

test('what was refused is needed too, unless it is already: another verb or place is something else', () => {
  const denied = { verb: 'patch', group: 'apps', resource: 'deployments', namespace: 'shop' };
  expect(withDenied(NEEDS, denied)).toEqual(NEEDS);
  expect(withDenied(NEEDS, { verb: 'watch', group: '', resource: 'configmaps', namespace: 'shop' })).toEqual(NEEDS);
  for (const other of [
    { ...denied, verb: 'update' },
    { ...denied, namespace: 'far' },
    { ...denied, group: '' },
  ]) {
    expect(withDenied(NEEDS, other)).toEqual([...NEEDS, needOf(other)]);
  }
});

test('describeNeeds says verb, resource, name and place', () => {
  expect(describeNeeds(NEEDS).split('; ')).toEqual([
    'watch, create, patch, delete on deployments.apps in namespace "shop"',
    'watch, create, patch, delete on statefulsets.apps in namespace "shop"',
    'watch, create, patch, delete on services in namespace "shop"',
    'watch, create, patch, delete on clusterroles.rbac.authorization.k8s.io at cluster scope',
    'watch on secrets "db" in namespace "shop"',
    'watch on secrets "1e3" in namespace "shop"',
    'watch on configmaps "db" in namespace "shop"',
    'watch on configmaps "keys" in namespace "shop"',
    'get on secrets "login" in namespace "shop"',
    'list on nodes at cluster scope',
    'get on secrets in namespace "vault"',
  ]);
});

describe('manifestFor', () => {
  test('grants what is needed and nothing else', () => {
    const manifest = manifestFor(NEEDS, GRANTEE).replaceAll(/-[0-9a-f]{8}'/g, "-DIGEST'");
    expect(manifest).toBe(`apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: 'web-DIGEST', namespace: shop}
rules:
  - {apiGroups: [apps], resources: [deployments, statefulsets], verbs: [watch, create, patch, delete]}
  - {apiGroups: [''], resources: [services], verbs: [watch, create, patch, delete]}
  - {apiGroups: [''], resources: [secrets], resourceNames: [db, '1e3'], verbs: [watch]}
  - {apiGroups: [''], resources: [configmaps], resourceNames: [db, keys], verbs: [watch]}
  - {apiGroups: [''], resources: [secrets], resourceNames: [login], verbs: [get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: 'web-DIGEST', namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: 'web-DIGEST'}
subjects: [{kind: ServiceAccount, name: default, namespace: shop}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: 'shop-web-DIGEST'}
rules:
  - {apiGroups: ['rbac.authorization.k8s.io'], resources: [clusterroles], verbs: [watch, create, patch, delete]}
  - {apiGroups: [''], resources: [nodes], verbs: [list]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: 'shop-web-DIGEST'}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: 'shop-web-DIGEST'}
subjects: [{kind: ServiceAccount, name: default, namespace: shop}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: 'shop-web-DIGEST', namespace: vault}
rules:
  - {apiGroups: [''], resources: [secrets], verbs: [get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: 'shop-web-DIGEST', namespace: vault}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: 'shop-web-DIGEST'}
subjects: [{kind: ServiceAccount, name: default, namespace: shop}]
`);
  });

  test('has another name if it grants something else', () => {
    const names = [NEEDS.slice(0, 1), NEEDS.slice(1, 2)].map(
      (needs) => /name: '([^']+)'/.exec(manifestFor(needs, GRANTEE))?.[1],
    );
    expect(new Set(names).size).toBe(2);
  });
});
