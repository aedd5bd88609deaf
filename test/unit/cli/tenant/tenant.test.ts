import { describe, expect, test } from '@jest/globals';
import { tenantIn } from '../../../../cli/tenant/tenant-file.ts';
import { objectsOfTenant } from '../../../../cli/tenant/tenant-objects.ts';

const titlesOf = (document: object): string[] =>
  objectsOfTenant(tenantIn(document)).map(({ kind, metadata: { namespace, name } }) =>
    [kind, namespace, name].filter(Boolean).join(' '),
  );

describe('a tenant', () => {
  test('of a name alone has one namespace, whose default account may edit', () => {
    expect(titlesOf({ name: 'shop' })).toEqual([
      'Namespace shop',
      'ServiceAccount shop default',
      'RoleBinding shop coxswain',
    ]);
    expect(objectsOfTenant(tenantIn({ name: 'shop' })).at(-1)).toMatchObject({
      roleRef: { kind: 'ClusterRole', name: 'edit' },
      subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: 'shop' }],
    });
  });

  test('with stages has a namespace for each, with everything that the file asks for', () => {
    const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['*'] }];
    const document = {
      name: 'shop',
      stages: ['dev', 'prod'],
      rules,
      viewers: ['group:ops'],
      quota: { pods: 5 },
      releases: 2,
    };
    const titles = ['ServiceAccount', 'Role', 'RoleBinding', 'RoleBinding', 'ResourceQuota'];
    expect(
      titlesOf(document)
        .filter((title) => title.includes('prod'))
        .map((title) => title.split(' ')[0]),
    ).toEqual(['Namespace', ...titles]);
    const objects = objectsOfTenant(tenantIn(document));
    expect(objects).toContainEqual(expect.objectContaining({ kind: 'Role', rules }));
    expect(objects.find(({ kind }) => kind === 'ResourceQuota')).toMatchObject({
      spec: { hard: { pods: '5', 'count/releases.coxswain.dev': '2' } },
    });
    expect(objects.find(({ metadata }) => metadata.name === 'coxswain-viewers')).toMatchObject({
      roleRef: { name: 'view' },
      subjects: [{ kind: 'Group', name: 'ops' }],
    });
  });

  test('is held to the policies of the file', () => {
    const policy = { podSecurity: 'restricted', approval: 'required', network: 'isolated' };
    const objects = objectsOfTenant(tenantIn({ name: 'shop', policy }));
    expect(objects[0]?.metadata.labels).toEqual({
      'pod-security.kubernetes.io/enforce': 'restricted',
      'coxswain.dev/approval': 'required',
    });
    expect(objects.at(-1)).toMatchObject({
      kind: 'NetworkPolicy',
      metadata: { name: 'coxswain', namespace: 'shop' },
      spec: { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] },
    });
  });

  test.each([
    [{ name: 'a', policy: { network: 'open' } }, 'policy has to be a map of podSecurity: baseline or restricted'],
    [{ name: 'a', policy: { toString: 'x' } }, 'policy has to be'],
    [{ name: 'a', policy: { network: ['isolated'] } }, 'policy has to be'],
    [[], 'it is not a map'],
    [{}, 'name has to be'],
    [{ name: 'a', stages: 'dev' }, 'stages has to be a list'],
    [{ name: 'a', role: 'x', rules: [] }, 'exclude each other'],
    [{ name: 'a', editors: [1] }, 'editors has to be'],
    [{ name: 'a', quota: { cpu: 'much more' } }, 'quota has to be'],
    [{ name: 'a', releases: -1 }, 'releases has to be'],
    [{ name: 'a', namespace: 'b' }, 'namespace is not a field'],
  ])('%j is refused: %s', (document, problem) => {
    expect(() => tenantIn(document)).toThrow(problem);
  });
});
