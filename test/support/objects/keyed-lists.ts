import { isMap } from '../../../resources/json/json.ts';
import type { Kubectl } from '../cluster/kubectl.ts';

/** A list of a built-in kind that may not have a key twice: a list of items with keys, or a set, whose items have none. */
export type KeyedList = {
  readonly apiVersion: string;
  readonly kind: string;
  /** Such as `.spec.ports`, `[]` for an item. */
  readonly path: string;
  readonly keys: readonly string[];
};

type Schema = {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: unknown;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
};
type GroupVersionKind = { group: string; version: string; kind: string };
type Post = {
  readonly 'x-kubernetes-action'?: string;
  readonly 'x-kubernetes-group-version-kind'?: GroupVersionKind;
  readonly requestBody: { readonly content: Readonly<Record<string, { schema: Schema }>> };
};
type Document = {
  readonly paths: Readonly<Record<string, { post?: Post }>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};

const GROUP_VERSION = /^(?:api\/v1|apis\/[^/]+\/[^/]+)$/;

/** The keyed lists and sets of all built-in kinds that can be created, except those in their status. */
export async function keyedLists(kubectl: Kubectl): Promise<KeyedList[]> {
  const get = async <T>(path: string): Promise<T> => JSON.parse(await kubectl('get', '--raw', path)) as T;
  const { paths } = await get<{ paths: Record<string, unknown> }>('/openapi/v3');
  const names = Object.keys(paths).filter((name) => GROUP_VERSION.test(name) && !name.includes('coxswain'));
  const documents = await Promise.all(names.map(async (name) => get<Document>(`/openapi/v3/${name}`)));
  const lists = documents.flatMap(listsOfKinds);
  return [...new Map(lists.map((list) => [`${list.apiVersion} ${list.kind} ${list.path}`, list])).values()];
}

function listsOfKinds({ paths, components: { schemas } }: Document): KeyedList[] {
  return Object.entries(paths).flatMap(([path, { post }]) => {
    const made = post?.['x-kubernetes-group-version-kind'];
    // What is posted to an object is a subresource, or a review that is not stored.
    if (!post || !made || post['x-kubernetes-action'] !== 'post' || path.includes('{name}')) return [];
    const apiVersion = made.group === '' ? made.version : `${made.group}/${made.version}`;
    const schema = Object.values(post.requestBody.content)[0]?.schema ?? {};
    return keyedPaths(schema, schemas).map((found) => ({ apiVersion, kind: made.kind, ...found }));
  });
}

function keyedPaths(root: Schema, schemas: Readonly<Record<string, Schema>>): Pick<KeyedList, 'path' | 'keys'>[] {
  const found: Pick<KeyedList, 'path' | 'keys'>[] = [];
  const visit = (given: Schema, path: string, around: readonly string[]): void => {
    const { $ref, ...own } = { ...given.allOf?.[0], ...given };
    const name = $ref?.split('/').at(-1) ?? '';
    if (around.includes(name)) return;
    const schema: Schema = { ...schemas[name], ...own };
    const inside = name === '' ? around : [...around, name];
    for (const [field, child] of Object.entries(schema.properties ?? {})) {
      if (path !== '' || field !== 'status') visit(child, `${path}.${field}`, inside);
    }
    if (schema.items) {
      if (['map', 'set'].includes(schema['x-kubernetes-list-type'] ?? '')) {
        found.push({ path, keys: schema['x-kubernetes-list-map-keys'] ?? [] });
      }
      visit(schema.items, `${path}[]`, inside);
    }
    if (isMap(schema.additionalProperties)) visit(schema.additionalProperties, `${path}{}`, inside);
  };
  visit(root, '', []);
  return found;
}
