import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';

type Rule = { apiGroups: string[]; resources: string[]; verbs: string[] };
type Manifest = { kind: string; rules?: Rule[] };

const rulesOf = (name: string, kind: string): Rule[] => {
  const text = readFileSync(join(import.meta.dirname, '..', '..', '..', 'deploy', name), 'utf8');
  return (loadAll(text) as Manifest[]).find((manifest) => manifest.kind === kind)?.rules ?? [];
};

const CLUSTER_SCOPED = ['namespaces', 'servicecidrs', 'customresourcedefinitions'];

test('the rights in some namespaces are those in all, plus reading the namespace itself', () => {
  const everywhere = rulesOf('access.yaml', 'ClusterRole');
  const inAll = everywhere.filter(({ resources }) => !CLUSTER_SCOPED.some((name) => resources.includes(name)));
  expect(inAll.length).toBe(everywhere.length - CLUSTER_SCOPED.length);
  const own = { apiGroups: [''], resources: ['namespaces'], verbs: ['get'] };
  expect(rulesOf('namespaced/namespaced-access.yaml', 'Role')).toEqual([...inAll, own]);
});
