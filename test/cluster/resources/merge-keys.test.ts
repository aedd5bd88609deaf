import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mergeRulesFor, type JsonMap } from '../../../resources/index.ts';
import { startControlPlane, type ControlPlane } from '../../control-plane/index.ts';
import { kubectlFor, type Kubectl } from '../../support/cluster/kubectl.ts';

// The lists that a strategic merge merges, as the API server publishes them.

let controlPlane: ControlPlane;
let kubectl: Kubectl;

beforeAll(async () => {
  controlPlane = await startControlPlane();
  kubectl = kubectlFor(controlPlane);
}, 1_200_000);
afterAll(async () => controlPlane?.stop());

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly 'x-kubernetes-patch-strategy'?: string;
  readonly 'x-kubernetes-patch-merge-key'?: string;
  readonly 'x-kubernetes-group-version-kind'?: readonly { group: string; version: string; kind: string }[];
}
type Schemas = Readonly<Record<string, Schema>>;

const nameOf = ({ $ref, allOf }: Schema): string => ($ref ?? allOf?.[0]?.$ref ?? '').split('/').at(-1) ?? '';

/** The rules that the API server publishes for a type, but for schemas of custom resources, which hold themselves. */
function publishedRules(schemas: Schemas, type: string): JsonMap {
  if (type.endsWith('.JSONSchemaProps')) return {};
  const fields = Object.entries(schemas[type]?.properties ?? {}).flatMap(([name, schema]): [string, unknown][] => {
    const strategies = schema['x-kubernetes-patch-strategy']?.split(',') ?? [];
    const key = schema['x-kubernetes-patch-merge-key'];
    if (strategies.includes('replace')) return [[name, { rule: 'replace' }]];
    if (strategies.includes('merge') && key === undefined) return [[name, { rule: 'union' }]];
    const below = publishedRules(schemas, nameOf(schema.items ?? schema));
    if (strategies.includes('merge')) return [[name, { rule: 'by-key', key, fields: below }]];
    return schema.items || Object.keys(below).length === 0 ? [] : [[name, { rule: 'merge', fields: below }]];
  });
  return Object.fromEntries(fields);
}

test('lists are merged as the API server declares, in all stable versions of its own kinds', async () => {
  const { paths } = JSON.parse(await kubectl('get', '--raw', '/openapi/v3')) as { paths: Record<string, unknown> };
  const stable = Object.keys(paths).filter((path) => /^apis?\/(?:[^/]+\/)?v\d+$/.test(path));
  const seen: string[] = [];
  for (const path of stable) {
    const document = JSON.parse(await kubectl('get', '--raw', `/openapi/v3/${path}`)) as {
      components: { schemas: Schemas };
    };
    const { schemas } = document.components;
    for (const [type, schema] of Object.entries(schemas)) {
      const [first, ...others] = schema['x-kubernetes-group-version-kind'] ?? [];
      const isStored = nameOf(schema.properties?.['metadata'] ?? {}).endsWith('.ObjectMeta');
      if (!first || others.length > 0 || !isStored || first.kind === 'ComponentStatus') continue;
      const { group, version, kind } = first;
      const { status: _, ...published } = publishedRules(schemas, type);
      const apiVersion = group === '' ? version : `${group}/${version}`;
      expect({ apiVersion, kind, ...mergeRulesFor({ apiVersion, kind }) }).toEqual({ apiVersion, kind, ...published });
      seen.push(`${apiVersion} ${kind}`);
    }
  }
  expect(seen).toEqual(expect.arrayContaining(['v1 Pod', 'apps/v1 Deployment', 'networking.k8s.io/v1 Ingress']));
});
