import { isDeepStrictEqual } from 'node:util';
import { expect } from '@jest/globals';
import type { KubeObject } from '../../../resources/index.ts';
import { withoutRefusedItems } from '../../../resources/apply/refused-items.ts';
import { eventually } from '../eventually.ts';
import type { Tenant } from '../cluster/tenant.ts';

/** An object that real Helm makes as well as a Release: its name begins with `theirs` or `ours`. */
export interface ObjectPair {
  readonly title: string;
  readonly object: KubeObject;
}

/** What is compared of an object. */
export type Comparable = { metadata: { note?: string }; secrets?: unknown };

/** The live state of a tenant's objects, by their names and titles, as far as the chart decides it. */
export async function liveObjects(
  { kubectl }: Tenant,
  pairs: readonly ObjectPair[],
): Promise<Record<string, Comparable>> {
  const kinds = [...new Set(pairs.map(typeOf))].join();
  const { items } = await kubectl.json<{ items: KubeObject[] }>('get', kinds);
  const objects = new Map(items.map((object) => [`${object.kind} ${object.metadata.name}`, object]));
  const found = pairs.flatMap(({ title, object: { kind, metadata } }): [string, Comparable][] => {
    const object = objects.get(`${kind} ${metadata.name}`);
    return object ? [[`${withoutOwner(metadata.name)} ${title}`, comparable(object)]] : [];
  });
  return Object.fromEntries(found);
}

/** Waits until the objects of a tenant are as the others. */
export async function expectSameObjects(tenant: Tenant, pairs: readonly ObjectPair[], others: object): Promise<void> {
  let seen: object = {};
  const look = async (): Promise<object> => (seen = await liveObjects(tenant, pairs));
  await eventually(look, (now) => isDeepStrictEqual(now, others)).catch(() => undefined);
  expect(seen).toEqual(others);
}

/** As kubectl takes it: kind.version.group. */
function typeOf({ object: { apiVersion, kind } }: ObjectPair): string {
  const [group = '', version] = apiVersion.split('/');
  return version === undefined ? kind : `${kind}.${version}.${group}`;
}

const withoutOwner = (text: string): string => text.replaceAll(/ours|theirs/g, 'some');

/** What the chart decides: without status, marks, and what is random or assigned anew for each object. */
function comparable(object: KubeObject): Comparable {
  const { status: _, metadata, ...rest } = object;
  const { finalizers, ownerReferences, annotations } = metadata;
  const decided = { ...rest, metadata: { finalizers, ownerReferences, note: annotations?.['note'] } };
  const text = withoutOwner(JSON.stringify(withoutRefusedItems(decided as unknown as KubeObject)))
    .replaceAll(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, 'uid')
    .replaceAll(/"(kube-api-access)-\w+"/g, '"$1"')
    .replaceAll(/"(?:clusterIPs?|nodeName|nodePort|healthCheckNodePort)":(?:\d+|"[^"]*"|\[[^\]]*\]),?/g, '')
    .replaceAll(',}', '}');
  const found = JSON.parse(text) as Comparable;
  // A list of nothing but secrets without a name leaves no list behind, or an empty one.
  if (isDeepStrictEqual(found.secrets, [])) delete found.secrets;
  return found;
}
