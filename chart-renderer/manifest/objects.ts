import { isJsonObject } from '../../golang/json/index.ts';
import { decodeRead, readExactYaml, type StructType, type TypedYaml, YamlError } from '../../golang/yaml/index.ts';
import type { KubeObject } from '../../resources/index.ts';
import { inInstallOrder, wholeNumber } from '../../resources/index.ts';
import { ChartError, messageOf } from '../errors.ts';
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
 * The objects and hooks of rendered files, read as Helm reads them: documents are put in install order by their own kinds, then lists
 * are replaced by their items. Throws `manifest` with the file and line for a document that is not YAML or not a Kubernetes object,
 * `limit` for too many documents.
 */
export function readManifests(files: Readonly<Record<string, string>>, maxDocuments: number): Manifests {
  const manifests: Manifest[] = [];
  for (const source of Object.keys(files).sort()) {
    for (const document of splitManifests(files[source] ?? '')) manifests.push(parseManifest(source, document));
    checkCount(manifests.length, maxDocuments);
  }
  const objects: SourcedObject[] = [];
  const hooks: HookObject[] = [];
  for (const { document, source, line, kind, name, annotations } of inInstallOrder(manifests)) {
    const hook = hookOf(annotations);
    if (hook === 'unknown-event') continue;
    for (const object of objectsOf(document, { source, line })) {
      if (hook === 'none') objects.push({ object, source });
      else hooks.push({ object, source, kind, name, ...hook });
    }
    checkCount(objects.length + hooks.length, maxDocuments);
  }
  return { objects, hooks };
}

/** A document with what Helm reads of it: a list is a manifest like others, and is a hook by its own annotations. */
interface Manifest extends Place {
  readonly document: TypedYaml;
  readonly kind: string;
  readonly name: string;
  readonly annotations: ReadonlyMap<string, string>;
}

const METADATA: StructType = {
  goType: String.raw`struct { Name string "json:\"name\""; Annotations map[string]string "json:\"annotations\"" }`,
  name: '',
  fields: { name: 'string', annotations: 'string-map' },
};

const HEAD: StructType = {
  goType: 'releaseutil.SimpleHead',
  name: 'SimpleHead',
  fields: { apiVersion: 'string', kind: 'string', metadata: METADATA },
};

function parseManifest(source: string, text: ManifestText): Manifest {
  const document = parseDocument(source, text);
  const { kind, metadata } = headOf(document, { source, line: text.line });
  return {
    document,
    source,
    line: text.line,
    kind,
    name: metadata?.name ?? '',
    annotations: new Map(Object.entries(metadata?.annotations ?? {})),
  };
}

interface Head {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations: Readonly<Record<string, string>> } | null;
}

function headOf(document: TypedYaml, { source, line }: Place): Head {
  try {
    return decodeRead(document, HEAD) as unknown as Head;
  } catch (error) {
    const message = `YAML parse error on ${source}: ${messageOf(error)}`;
    throw new ChartError('manifest', message, { cause: error, file: source, line });
  }
}

/** The objects in the files of a chart's `crds/`, in their order there. */
export function readDefinitions(files: readonly { readonly source: string; readonly text: string }[]): SourcedObject[] {
  return files.flatMap(({ source, text }) =>
    splitManifests(text).flatMap((document) =>
      objectsOf(parseDocument(source, document), { source, line: document.line }).map((object) => ({ object, source })),
    ),
  );
}

function parseDocument(source: string, { text, line }: ManifestText): TypedYaml {
  try {
    return readExactYaml(text, wholeNumber);
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
function objectsOf(document: TypedYaml, place: Place, depth = 0): KubeObject[] {
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

function namedObject(document: { [key: string]: TypedYaml }, kind: string, place: Place): KubeObject {
  const { metadata } = document;
  const name = isJsonObject(metadata) ? textOf(metadata['name']) : undefined;
  if (name === undefined) throw refused(place, `${kind}: 'metadata.name' is missing`);
  if (name.includes('/')) throw refused(place, `${kind} ${JSON.stringify(name)}: no name may have a slash`);
  return document as unknown as KubeObject;
}

function textOf(value: TypedYaml | undefined): string | undefined {
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
