import { decodeRead, readExactYaml, type StructType, type TypedYaml, YamlError } from '../../golang/yaml/index.ts';
import type { KubeObject } from '../../resources/index.ts';
import { inInstallOrder, wholeNumber } from '../../resources/index.ts';
import { ChartError, messageOf } from '../errors.ts';
import type { HelmVersion } from '../helm-version.ts';
import type { Place } from './document-objects.ts';
import { objectsIn } from './document-objects.ts';
import type { HookFacts, HookObject } from './hooks.ts';
import { hookOf } from './hooks.ts';
import type { ManifestText } from './split.ts';
import { splitManifests, splitStream } from './split.ts';

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

/**
 * The objects and hooks of rendered files, read as Helm reads them: documents are put in install order by their own kinds, then lists
 * are replaced by their items. Throws `manifest` with the file and line for a document that is not YAML or not a Kubernetes object,
 * `limit` for too many documents.
 */
export function readManifests(
  files: Readonly<Record<string, string>>,
  helmVersion: HelmVersion,
  maxDocuments: number,
): Manifests {
  const objects: SourcedObject[] = [];
  const hooks: HookObject[] = [];
  for (const [index, manifest] of inOrder(files, helmVersion, maxDocuments).entries()) {
    const { document, source, line, kind, name, annotations } = manifest;
    const hook = hookOf(annotations);
    if (hook === 'unknown-event') continue;
    const found = objectsIn(document, { source, line }, hook === 'none' ? 'named' : 'named-or-generated');
    if (hook === 'none') objects.push(...found.map((object) => ({ object, source })));
    else hooks.push(...hooksOf(found, { source, kind, name, ...hook }, index));
    checkCount(objects.length + hooks.length, maxDocuments);
  }
  return { objects, hooks };
}

/** A document of a rendered file, as it was rendered. */
export interface DocumentText {
  /** The template that it comes from, such as `app/templates/service.yaml`. */
  readonly source: string;
  readonly text: string;
  /** When it runs, if it is a hook. */
  readonly hook?: HookFacts;
}

/** The documents that `readManifests` reads objects and hooks from, in the same order. Throws as that does. */
export function readDocuments(
  files: Readonly<Record<string, string>>,
  helmVersion: HelmVersion,
  maxDocuments: number,
): DocumentText[] {
  return inOrder(files, helmVersion, maxDocuments).flatMap(({ source, text, annotations }): DocumentText[] => {
    const hook = hookOf(annotations);
    if (hook === 'unknown-event') return [];
    return [hook === 'none' ? { source, text } : { source, text, hook }];
  });
}

function inOrder(
  files: Readonly<Record<string, string>>,
  helmVersion: HelmVersion,
  maxDocuments: number,
): readonly Manifest[] {
  const manifests: Manifest[] = [];
  for (const source of Object.keys(files).sort()) {
    for (const document of splitManifests(files[source] ?? '', helmVersion))
      manifests.push(parseManifest(source, document, helmVersion));
    checkCount(manifests.length, maxDocuments);
  }
  return inInstallOrder(manifests, helmVersion);
}

function hooksOf(
  objects: readonly KubeObject[],
  facts: Omit<HookObject, 'object' | 'list'>,
  list: number,
): HookObject[] {
  return objects.map((object) => ({ object, ...facts, ...(objects.length > 1 ? { list } : {}) }));
}

/** A document with what Helm reads of it: a list is a manifest like others, and is a hook by its own annotations. */
interface Manifest extends Place {
  /** As it was rendered. */
  readonly text: string;
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

const HEADS: Readonly<Record<HelmVersion, StructType>> = { v3: headStruct('releaseutil'), v4: headStruct('util') };

function headStruct(goPackage: string): StructType {
  const fields = { apiVersion: 'string', kind: 'string', metadata: METADATA } as const;
  return { goType: `${goPackage}.SimpleHead`, name: 'SimpleHead', fields };
}

function parseManifest(source: string, text: ManifestText, helmVersion: HelmVersion): Manifest {
  const place = { source, line: text.line };
  const type = HEADS[helmVersion];
  const document = parseDocument(source, text);
  const read = headOf(document, place, type);
  // Helm reads the head before the document gets its last line break, which shows where a block scalar ends it.
  const { kind, metadata } = endsInLineBreak(read) ? headOf(parse(source, text), place, type) : read;
  const annotations = new Map(Object.entries(metadata?.annotations ?? {}));
  // A hook gets none where it has one.
  const isWhole = text.text.endsWith('\n') && annotations.has('helm.sh/hook');
  return {
    document: isWhole ? parse(source, text) : document,
    text: text.text,
    ...place,
    kind,
    name: metadata?.name ?? '',
    annotations,
  };
}

interface Head {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations: Readonly<Record<string, string>> } | null;
}

function endsInLineBreak({ kind, metadata }: Head): boolean {
  const texts = [kind, metadata?.name, ...Object.values(metadata?.annotations ?? {})];
  return texts.some((text) => text?.endsWith('\n'));
}

function headOf(document: TypedYaml, { source, line }: Place, type: StructType): Head {
  try {
    return decodeRead(document, type) as unknown as Head;
  } catch (error) {
    const message = `YAML parse error on ${source}: ${messageOf(error)}`;
    throw new ChartError('Manifest', message, { cause: error, file: source, line });
  }
}

/** The objects in the files of a chart's `crds/`, in their order there. Throws `manifest`. */
export function readDefinitions(files: readonly { readonly source: string; readonly text: string }[]): SourcedObject[] {
  return files.flatMap(({ source, text }) =>
    splitStream(text).flatMap((document) =>
      objectsIn(parseDocument(source, document), { source, line: document.line }).map((object) => ({ object, source })),
    ),
  );
}

/** Helm's client ends every document with a line break, however it was written. */
function parseDocument(source: string, { text, line }: ManifestText): TypedYaml {
  try {
    return parse(source, { text: `${text}\n`, line });
  } catch (error) {
    // Helm has read it without, and where that fails too, says so in those words.
    parse(source, { text, line });
    throw error;
  }
}

function parse(source: string, { text, line }: ManifestText): TypedYaml {
  try {
    return readExactYaml(text, wholeNumber);
  } catch (error) {
    const at = error instanceof YamlError && error.line !== undefined ? line + error.line - 1 : line;
    const why = `error converting YAML to JSON: ${messageOf(error)}`;
    const message = `YAML parse error on ${source}: ${why} (line ${at} of the rendered file)`;
    throw new ChartError('Manifest', message, { cause: error, file: source, line: at });
  }
}

function checkCount(count: number, max: number): void {
  if (count <= max) return;
  throw new ChartError('Limit', `the chart renders more than ${max} objects`, {
    limit: { name: 'documents', value: max },
  });
}
