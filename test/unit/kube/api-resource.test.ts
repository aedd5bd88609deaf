import { describe, expect, test } from '@jest/globals';

import { collectionPath, objectPath, resourceName } from '../../../kube/api-resource.ts';

const deployments = {
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  namespaced: true,
  verbs: [],
};
const nodes = { group: '', version: 'v1', kind: 'Node', plural: 'nodes', namespaced: false, verbs: [] };

describe('paths', () => {
  test.each([
    [objectPath(deployments, 'shop', 'web'), '/apis/apps/v1/namespaces/shop/deployments/web'],
    [objectPath(deployments, 'shop', 'web', 'status'), '/apis/apps/v1/namespaces/shop/deployments/web/status'],
    [objectPath(nodes, undefined, 'n'), '/api/v1/nodes/n'],
    [objectPath(nodes, 'ignored', 'system:n?x=1#'), '/api/v1/nodes/system%3An%3Fx%3D1%23'],
    [collectionPath(deployments, undefined), '/apis/apps/v1/deployments'],
    [collectionPath(deployments, 'shop'), '/apis/apps/v1/namespaces/shop/deployments'],
  ])('%s', (path, expected) => expect(path).toBe(expected));

  test.each(['', '.', '..', '../x', 'a/b', 'a%2Fb', 'a\\b'])('refuses the name %j', (name) => {
    expect(() => objectPath(nodes, undefined, name)).toThrow(expect.objectContaining({ code: 'BadRequest' }));
    expect(() => objectPath(deployments, name, 'web')).toThrow(expect.objectContaining({ code: 'BadRequest' }));
  });

  test('refuses a namespaced object without a namespace', () => {
    expect(() => objectPath(deployments, undefined, 'web')).toThrow(expect.objectContaining({ code: 'BadRequest' }));
  });

  test('names resources as RBAC does', () => {
    expect([resourceName(deployments), resourceName(nodes)]).toEqual(['deployments.apps', 'nodes']);
  });
});
