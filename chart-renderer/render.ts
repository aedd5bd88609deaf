import { posix } from 'node:path';
import { attached } from '../golang/memo/index.ts';
import type { KubeObject } from '../resources/index.ts';
import type { Chart } from './chart/chart.ts';
import type { Remembered } from './functions/index.ts';
import { LargeFiles, Memory } from './functions/index.ts';
import { prepareRender } from './prepare.ts';
import type { PreparedRender, RenderOptions } from './prepare.ts';
import type { AskedOfCluster } from './environment/asked.ts';
import { textOf } from './environment/files.ts';
import type { TemplateEngine, TemplateSource } from './environment/environment.ts';
import type { HookObject } from './manifest/hooks.ts';
import type { SourcedObject } from './manifest/objects.ts';
import { readDefinitions, readDocuments, readManifests } from './manifest/objects.ts';
import type { DocumentText } from './manifest/objects.ts';
import { renderGoTemplates } from './render-go.ts';
import { renderHandlebars } from './handlebars/render.ts';
import { RENDER_LIMITS } from './limits.ts';
import { withCommonMetadata } from './patches/common-metadata.ts';
import { withPatches } from './patches/patches.ts';
import { recoveredFrom } from './recover.ts';
import { type ChartOrder, chartOrderOf } from './values/chart-order.ts';
import type { ChartNode } from './values/node.ts';
import { fullPathOf } from './values/node.ts';

/** What a rendering gives. */
export interface Rendering {
  /** By Helm's names, such as `app/templates/service.yaml`; notes and empty files included. */
  readonly files: Readonly<Record<string, string>>;
  /** The rendered NOTES.txt of the chart itself. */
  readonly notes?: string;
  /** What the files hold apart from hooks, in the order in which Helm installs it; patched, as are the hooks. */
  readonly objects: readonly SourcedObject[];
  readonly hooks: readonly HookObject[];
  /** The objects of the `crds/` of the chart and of the dependencies that take part. */
  readonly crds: readonly SourcedObject[];
  /** The first file there that has no objects: both versions of Helm upgrade to such a chart, but do not install it. */
  readonly emptyDefinitions?: string;
  /** What Helm would print as warnings. */
  readonly warnings: readonly string[];
  /** What the next rendering is to be given, where this one had a memory; secret. */
  readonly remembered?: Remembered;
  /** For each certificate that was given back past two thirds of its life, its file and when it ends, such as `…/a.yaml: …`. */
  readonly renewalDue?: readonly string[];
  /** The order that the chart and its dependencies declare; absent if none. */
  readonly order?: ChartOrder;
  /** What it asked of the cluster; absent if nothing. */
  readonly asked?: AskedOfCluster;
}

/** The rendered files of a chart, and what was settled to render them. */
export interface RenderedFiles extends PreparedRender {
  /** By Helm's names, such as `app/templates/service.yaml`; notes and empty files included. */
  readonly files: Readonly<Record<string, string>>;
  readonly remembered?: Remembered;
  readonly renewalDue?: readonly string[];
}

const largeFilesOf = attached((chart: Chart) => new LargeFiles((minBytes) => textsOf(chart, minBytes)));

function* textsOf({ files, dependencies }: Chart, minBytes: number): Generator<string> {
  for (const { data } of files) if (data.length >= minBytes) yield textOf(data);
  for (const dependency of dependencies) yield* textsOf(dependency, minBytes);
}

/** The part of `renderChart` that runs templates: its files are not yet read as YAML. Throws as that does. */
export function renderFiles(chart: Chart, options: RenderOptions): RenderedFiles {
  const limits = { ...RENDER_LIMITS, ...options.limits };
  const prepared = prepareRender(chart, options);
  const memory = options.memory && new Memory(options.memory.remembered, options.memory.time === 'kept');
  const host = { lookup: options.lookup, memory, largeFiles: largeFilesOf(chart) };
  const files = {
    ...renderGoTemplates(ofEngine(prepared.templates, 'go'), limits, host),
    ...renderHandlebars(ofEngine(prepared.templates, 'handlebars'), limits),
  };
  return { ...prepared, files, ...(memory && { remembered: memory.remembered(), renewalDue: memory.renewalDue }) };
}

/**
 * Renders a chart as `helm install` and `helm upgrade` do, without changing it. Throws `ChartError` where the chart, its values or
 * what it renders is at fault, `TemplateError` where a template is. All it returns is plain data.
 */
export async function renderChart(chart: Chart, options: RenderOptions): Promise<Rendering> {
  const { memory } = options;
  if (memory?.live === undefined) return renderOnce(chart, options);
  const { live, ...before } = memory;
  let known = before.remembered;
  for (let round = 1; ; round += 1) {
    const rendering = await renderOnce(chart, { ...options, memory: { ...before, remembered: known } });
    const recovered = recoveredFrom(objectsOf(rendering), live, without(rendering.remembered ?? {}, known));
    if (Object.keys(recovered).length === 0 || round === MAX_ROUNDS) return rendering;
    known = { ...known, ...recovered };
  }
}

/** What is drawn for a value that was found, such as the certificate of an authority, is found in the next round. */
const MAX_ROUNDS = 4;

function objectsOf({ objects, hooks }: Rendering): KubeObject[] {
  return [...objects, ...hooks].map(({ object }) => object);
}

function without(all: Remembered, known: Remembered): Remembered {
  return Object.fromEntries(Object.entries(all).filter(([call]) => !Object.hasOwn(known, call)));
}

async function renderOnce(chart: Chart, options: RenderOptions): Promise<Rendering> {
  const { files, root, warnings, remembered, renewalDue, asked } = renderFiles(chart, options);
  const notes = files[`${fullPathOf(root)}/templates/NOTES.txt`];
  const maxDocuments = options.limits?.documents ?? RENDER_LIMITS.documents;
  const manifests = readManifests(withoutNotes(files), chart.helmVersion, maxDocuments);
  const definitionFiles = [...definitionFilesOf(root)];
  const crds = readDefinitions(definitionFiles);
  const empty = definitionFiles.find(({ source }) => !crds.some((crd) => crd.source === source));
  return {
    files,
    ...(notes !== undefined && { notes }),
    ...withCommonMetadata(withPatches(manifests, options.patches ?? []), options.commonMetadata ?? {}),
    crds,
    ...(empty && { emptyDefinitions: empty.source }),
    warnings,
    ...(remembered && { remembered }),
    ...(renewalDue && { renewalDue }),
    ...declaredAndAsked(root, asked),
  };
}

function declaredAndAsked(root: ChartNode, questions: PreparedRender['asked']): Pick<Rendering, 'order' | 'asked'> {
  const [order, asked] = [chartOrderOf(root), questions.all()];
  return { ...(order && { order }), ...(asked && { asked }) };
}

/** What `renderTexts` gives. */
export interface RenderedTexts {
  /** The documents with objects and hooks, in the order in which Helm installs them. */
  readonly documents: readonly DocumentText[];
  /** The files of the `crds/` of the chart and of the dependencies that take part. */
  readonly definitions: readonly DocumentText[];
  readonly warnings: readonly string[];
}

/** As `renderChart`, but with the texts that were rendered, as `helm template` shows them. Throws as that does. */
export function renderTexts(chart: Chart, options: RenderOptions): RenderedTexts {
  const { files, root, warnings } = renderFiles(chart, options);
  const maxDocuments = options.limits?.documents ?? RENDER_LIMITS.documents;
  const documents = readDocuments(withoutNotes(files), chart.helmVersion, maxDocuments);
  return { documents, definitions: [...definitionFilesOf(root)], warnings };
}

function withoutNotes(files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).filter(([name]) => !name.endsWith('NOTES.txt')));
}

function ofEngine(templates: readonly TemplateSource[], engine: TemplateEngine): TemplateSource[] {
  return templates.filter((template) => template.engine === engine);
}

function* definitionFilesOf(node: ChartNode): Generator<{ source: string; text: string }> {
  for (const { name, data } of node.chart.files) {
    if (!name.startsWith('crds/') || !/\.(ya?ml|json)$/i.test(name)) continue;
    yield { source: posix.join(fullPathOf(node), name), text: Buffer.from(data).toString('utf8') };
  }
  for (const dependency of node.dependencies) yield* definitionFilesOf(dependency);
}
