import type { KubeObject } from '../../resources/index.ts';
import { inInstallOrder } from '../../resources/index.ts';
import { ChartError, messageOf } from '../errors.ts';
import type { Json, JsonObject } from '../json.ts';
import { isJsonObject } from '../json.ts';
import { readYaml, YamlError } from '../yaml/index.ts';
import type { HookObject } from './hooks.ts';
import { hookOf } from './hooks.ts';
import type { ManifestText } from './split.ts';
import { splitManifests } from './split.ts';

/** An object that a chart asks for, with the template that it comes from. */
export interface SourcedObject {
  readonly object: KubeObject;
  /** Such as `app/templates/service.yaml`. */
  readonly source: string;
}

/** What the rendered files of a chart hold. */
export interface Manifests {
  /** In the order in which Helm installs them. */
  readonly objects: SourcedObject[];
  /** In the same order; `inHookOrder` of resources/ sorts those of one event. */
  readonly hooks: HookObject[];
}

const MAX_LIST_DEPTH = 16;

/**
 * The objects and hooks of rendered files, read as Helm reads them; lists are replaced by their items. Throws `manifest` with the
 * file and line for a document that is not YAML or not a Kubernetes object, `limit` for too many documents.
 */
export function readManifests(files: Readonly<Record<string, string>>, maxDocuments: number): Manifests {
  const found: (SourcedObject & { readonly kind: string })[] = [];
  for (const source of Object.keys(files).sort()) {
    for (const document of splitManifests(files[source] ?? '')) {
      for (const object of objectsOf(parseDocument(source, document), { source, line: document.line })) {
        found.push({ object, source, kind: object.kind });
      }
      checkCount(found.length, maxDocuments);
    }
  }
  const objects: SourcedObject[] = [];
  const hooks: HookObject[] = [];
  for (const { object, source } of inInstallOrder(found)) {
    const hook = hookOf(object, source);
    if (hook === 'none') objects.push({ object, source });
    else if (hook !== 'unknown-event') hooks.push(hook);
  }
  return { objects, hooks };
}

/** The objects in the files of a chart's `crds/`, in their order there. */
export function readDefinitions(files: readonly { readonly source: string; readonly text: string }[]): SourcedObject[] {
  return files.flatMap(({ source, text }) =>
    splitManifests(text).flatMap((document) =>
      objectsOf(parseDocument(source, document), { source, line: document.line }).map((object) => ({ object, source })),
    ),
  );
}

function parseDocument(source: string, { text, line }: ManifestText): Json {
  try {
    return readYaml(text) as Json;
  } catch (error) {
    const at = error instanceof YamlError && error.line !== undefined ? line + error.line - 1 : line;
    const why = `error converting YAML to JSON: ${messageOf(error)}`;
    const message = `YAML parse error on ${source}: ${why} (line ${at} of the rendered file)`;
    throw new ChartError('manifest', message, { cause: error, file: source, line: at });
  }
}

interface Place {
  readonly source: string;
  readonly line: number;
}

/** The objects a document holds: none where it is empty, the items of a list. */
function objectsOf(document: Json, place: Place, depth = 0): KubeObject[] {
  if (document === null) return [];
  if (!isJsonObject(document)) {
    throw refused(place, 'the document is not an object with apiVersion, kind and metadata');
  }
  const kind = textOf(document['kind']);
  if (kind === undefined) throw refused(place, "Object 'Kind' is missing");
  if (textOf(document['apiVersion']) === undefined) throw refused(place, `${kind}: 'apiVersion' is missing`);
  const { items } = document;
  if (!kind.endsWith('List') || !Array.isArray(items)) return [namedObject(document, kind, place)];
  if (depth >= MAX_LIST_DEPTH) throw refused(place, `lists are nested deeper than ${MAX_LIST_DEPTH} levels`);
  return items.flatMap((item) => objectsOf(item, place, depth + 1));
}

function namedObject(document: JsonObject, kind: string, place: Place): KubeObject {
  const { metadata } = document;
  const name = isJsonObject(metadata) ? textOf(metadata['name']) : undefined;
  if (name === undefined) throw refused(place, `${kind}: 'metadata.name' is missing`);
  if (name.includes('/')) throw refused(place, `${kind} ${JSON.stringify(name)}: no name may have a slash`);
  return document as unknown as KubeObject;
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function refused({ source, line }: Place, why: string): ChartError {
  return new ChartError('manifest', `${source}, line ${line}: ${why}`, { file: source, line });
}

function checkCount(count: number, max: number): void {
  if (count <= max) return;
  throw new ChartError('limit', `the chart renders more than ${max} objects`, {
    limit: { name: 'documents', value: max },
  });
}
