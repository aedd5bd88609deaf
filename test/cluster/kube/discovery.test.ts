import { beforeAll, describe, expect, test } from '@jest/globals';

import { discover, rulesFor } from '../../../kube/index.ts';
import type { RequestRecord } from '../../../kube/index.ts';
import { eventually } from '../../support/eventually.ts';
import { configMaps, createNamespace, useCluster } from './cluster.ts';

const seen: RequestRecord[] = [];
const cluster = useCluster({ onRequest: (record) => seen.push(record) });
let namespace: string;

beforeAll(async () => {
  namespace = await createNamespace(cluster);
});

describe('discovery', () => {
  test('finds resources as Helm names them, in three requests', async () => {
    seen.length = 0;
    const discovery = discover(cluster.client);
    expect(await discovery.resourceFor('apps/v1', 'Deployment')).toMatchObject({
      group: 'apps',
      version: 'v1',
      kind: 'Deployment',
      plural: 'deployments',
      namespaced: true,
    });
    expect(await discovery.resourceFor('v1', 'Namespace')).toMatchObject({ plural: 'namespaces', namespaced: false });
    expect(await discovery.resourceFor('v1', 'Deployment')).toBeUndefined();
    const { gitVersion, major, minor } = await discovery.serverVersion();
    expect(gitVersion).toMatch(new RegExp(`^v${major}\\.${minor}\\.\\d+$`));
    const versions = await discovery.apiVersions();
    expect(versions).toEqual(
      expect.arrayContaining(['v1', 'v1/Pod', 'apps/v1', 'apps/v1/Deployment', 'apps/v1/Scale']),
    );
    expect(seen.map(({ resource }) => resource).sort()).toEqual(['/api', '/apis', '/version']);
  });

  test('notices a new kind on a miss', async () => {
    const { client } = cluster;
    const discovery = discover(client, { refreshIntervalMs: 0 });
    expect(await discovery.resourceFor('test.coxswain.dev/v1', 'Boat')).toBeUndefined();
    const definitions = (await discovery.resourceFor('apiextensions.k8s.io/v1', 'CustomResourceDefinition'))!;
    await client.create(definitions, {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'boats.test.coxswain.dev' },
      spec: {
        group: 'test.coxswain.dev',
        scope: 'Namespaced',
        names: { plural: 'boats', singular: 'boat', kind: 'Boat' },
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
      },
    });
    await eventually(
      () => discovery.resourceFor('test.coxswain.dev/v1', 'Boat'),
      (found) => found?.plural === 'boats',
    );
  });

  test('copes with an aggregated API whose server does not answer', async () => {
    const { client } = cluster;
    const services = { ...configMaps, group: 'apiregistration.k8s.io', plural: 'apiservices', namespaced: false };
    await client.create(services, {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1.broken.coxswain.dev' },
      spec: {
        group: 'broken.coxswain.dev',
        version: 'v1',
        groupPriorityMinimum: 1000,
        versionPriority: 1,
        insecureSkipTLSVerify: true,
        service: { name: 'absent', namespace },
      },
    });
    const discovery = discover(client);
    await eventually(
      async () => (await discovery.refresh(), discovery.apiVersions()),
      (versions) => versions.includes('broken.coxswain.dev/v1'),
    );
    expect(await discovery.resourceFor('broken.coxswain.dev/v1', 'Thing')).toBeUndefined();
    expect(await discovery.resourceFor('apps/v1', 'Deployment')).toBeDefined();
    await client.remove(services, undefined, 'v1.broken.coxswain.dev');
  });
});

describe('rules', () => {
  test('say what a service account may do', async () => {
    const { client } = cluster;
    const roles = { ...configMaps, group: 'rbac.authorization.k8s.io', plural: 'roles', kind: 'Role' };
    const bindings = { ...roles, plural: 'rolebindings', kind: 'RoleBinding' };
    const apiVersion = 'rbac.authorization.k8s.io/v1';
    const metadata = { name: 'tenant', namespace };
    const rules = [
      { apiGroups: ['apps'], resources: ['deployments'], verbs: ['create', 'get'] },
      { apiGroups: [''], resources: ['secrets'], resourceNames: ['one'], verbs: ['get'] },
    ];
    await client.create(roles, { apiVersion, kind: 'Role', metadata, rules });
    await client.create(bindings, {
      apiVersion,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'tenant' },
      subjects: [{ kind: 'ServiceAccount', name: 'default', namespace }],
    });
    const tenant = client.as(`system:serviceaccount:${namespace}:default`);
    const found = await eventually(
      () => rulesFor(tenant, namespace),
      (answer) => answer.allows('create', 'apps', 'deployments'),
    );
    expect(found.complete).toBe(true);
    expect(found.allows('delete', 'apps', 'deployments')).toBe(false);
    expect(found.allows('get', '', 'secrets')).toBe(false);
    expect(found.allows('get', '', 'secrets', 'one')).toBe(true);
    const elsewhere = await rulesFor(tenant, 'kube-system');
    expect(elsewhere.allows('create', 'apps', 'deployments')).toBe(false);
  });
});
