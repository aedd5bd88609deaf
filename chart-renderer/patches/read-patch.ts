import { isJsonObject } from '../../golang/json/index.ts';
import { readExactYaml } from '../../golang/yaml/index.ts';
import { refOf, wholeNumber, type JsonMap, type KubeObject } from '../../resources/index.ts';
import { messageOf } from '../errors.ts';
import { splitStream } from '../manifest/split.ts';
import { targetMatcher, type ObjectTarget } from './target.ts';

/** A patch as its author has written it. */
export interface PatchRule {
  /** Without it, the patch names its object itself. */
  readonly target?: ObjectTarget | undefined;
  /** In YAML or JSON: a map that is merged into the objects, or the list of operations of a JSON patch. */
  readonly patch: string;
  /** Whether it may match no object. */
  readonly optional?: boolean | undefined;
}

/** A patch that was read: what it does, and to which objects. */
export type Patch = { readonly matches: (object: KubeObject) => boolean } & (
  | { readonly type: 'merge'; readonly change: JsonMap }
  | { readonly type: 'json'; readonly operations: readonly unknown[] }
);

/** Reads a patch. Throws Error, with why it cannot be read. */
export function readPatch({ target, patch }: PatchRule): Patch {
  const content = contentOf(patch);
  if (Array.isArray(content)) {
    if (!target) throw new Error('a list of operations does not say which object it is for: give it a target');
    return { type: 'json', operations: content, matches: targetMatcher(target) };
  }
  if (!isJsonObject(content)) throw new Error('it is neither a map nor a list of operations');
  const matches = target ? targetMatcher(target) : isNamedBy(content);
  return { type: 'merge', change: withoutIdentity(content), matches };
}

function contentOf(text: string): unknown {
  const documents = splitStream(text);
  const [first] = documents;
  if (first === undefined) throw new Error('it is empty');
  if (documents.length > 1) throw new Error('it has several documents: make each of them a patch of its own');
  try {
    return readExactYaml(first.text, wholeNumber);
  } catch (error) {
    throw new Error(`it is not YAML: ${messageOf(error)}`, { cause: error });
  }
}

/** Whether an object is the one that a patch names, in whatever version of its API. */
function isNamedBy(patch: JsonMap): Patch['matches'] {
  const { apiVersion, kind, metadata } = patch;
  const name = isJsonObject(metadata) ? metadata['name'] : undefined;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || typeof name !== 'string') {
    throw new Error('it has no target, and does not name its object by apiVersion, kind and metadata.name');
  }
  const { group } = refOf({ apiVersion, kind, metadata: { name } });
  return (object) => {
    const ref = refOf(object);
    return ref.kind === kind && ref.group === group && ref.name === name;
  };
}

/** A merge says what an object has, not which one it is: where it has a target, what stands there as a name means nothing. */
function withoutIdentity(patch: JsonMap): JsonMap {
  const { metadata } = patch;
  const rest = without(patch, ['apiVersion', 'kind']);
  return isJsonObject(metadata) ? { ...rest, metadata: without(metadata, ['name', 'namespace']) } : rest;
}

function without(map: JsonMap, keys: readonly string[]): JsonMap {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)));
}
