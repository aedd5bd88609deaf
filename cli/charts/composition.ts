import { readFile } from 'node:fs/promises';

import { isJsonObject, readYaml } from '../../chart-renderer/index.ts';
import type { Json, JsonObject } from '../../chart-renderer/index.ts';
import { CliError, reasonOf } from '../errors.ts';

/** A chart that is to be made of others, as docs/compose.md has it. */
export interface Composition {
  readonly name: string;
  readonly version: string;
  readonly appVersion?: string;
  readonly description?: string;
  readonly charts: readonly CompositionPart[];
  readonly values: JsonObject;
}

/** One of the charts. */
export interface CompositionPart {
  /** `oci://…`, a name in `repository`, or the path of a directory or archive. */
  readonly chart: string;
  readonly repository?: string;
  readonly version?: string;
  readonly alias?: string;
  readonly values: JsonObject;
}

/** What a file may have in one place: the kind of each field, and which are required. */
interface Shape {
  readonly fields: Readonly<Record<string, 'text' | 'map' | 'list'>>;
  readonly required: readonly string[];
}

const API_VERSION = 'coxswain.dev/v1alpha1';
const KIND = 'Composition';
const COMPOSITION: Shape = {
  fields: {
    apiVersion: 'text',
    kind: 'text',
    name: 'text',
    version: 'text',
    appVersion: 'text',
    description: 'text',
    charts: 'list',
    values: 'map',
  },
  required: ['apiVersion', 'kind', 'name', 'version', 'charts'],
};
const PART: Shape = {
  fields: { chart: 'text', repository: 'text', version: 'text', alias: 'text', values: 'map' },
  required: ['chart'],
};

/** Reads a composition from a file in YAML or JSON; throws CliError Unreadable naming the file and all that is wrong in it. */
export async function readComposition(path: string): Promise<Composition> {
  let document: unknown;
  try {
    document = readYaml(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new CliError('Unreadable', `the composition ${path} cannot be read: ${reasonOf(cause)}`, { cause });
  }
  const problems = [...problemsOf(document as Json)];
  if (problems.length > 0) {
    throw new CliError('Unreadable', `the composition ${path} cannot be used:\n  ${problems.join('\n  ')}`);
  }
  const composition = document as Omit<Composition, 'values' | 'charts'> & Partial<Composition>;
  const charts = (composition.charts ?? []).map((part) => ({ ...part, values: part.values ?? {} }));
  return { ...composition, charts, values: composition.values ?? {} };
}

function* problemsOf(document: Json): Generator<string> {
  if (!isJsonObject(document)) return yield 'it is not a map';
  yield* shapeProblems(document, COMPOSITION, '');
  const { apiVersion, kind, charts } = document;
  if (apiVersion !== API_VERSION || kind !== KIND) yield `it must say apiVersion: ${API_VERSION} and kind: ${KIND}`;
  if (!Array.isArray(charts)) return;
  if (charts.length === 0) yield 'charts: there must be at least one';
  for (const [index, part] of charts.entries()) yield* partProblems(part, `charts[${index}]`);
}

function* partProblems(part: Json, at: string): Generator<string> {
  if (!isJsonObject(part)) return yield `${at}: must be a map`;
  yield* shapeProblems(part, PART, `${at}.`);
  const { chart, repository, version, alias } = part;
  if (typeof alias === 'string' && !/^[a-zA-Z0-9_-]+$/.test(alias)) {
    yield `${at}.alias: Helm takes letters, digits, - and _ only`;
  }
  const isLocal = typeof chart === 'string' && !chart.startsWith('oci://') && repository === undefined;
  if (isLocal && version !== undefined) yield `${at}.version: a directory or archive has its own version`;
  if (isLocal && !/[./\\]/.test(chart)) {
    yield `${at}.chart: ${chart} needs a repository, or is a path, which then begins with ./`;
  }
}

function* shapeProblems(object: JsonObject, { fields, required }: Shape, at: string): Generator<string> {
  for (const name of required) if (object[name] === undefined) yield `${at}${name}: is missing`;
  for (const [name, value] of Object.entries(object)) {
    const kind = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (kind === undefined) yield `${at}${name}: is not a field; the fields are ${Object.keys(fields).join(', ')}`;
    else if (!isOfKind(value, kind)) yield `${at}${name}: must be ${WORDS[kind]}`;
  }
}

const WORDS = { text: 'a text; numbers need quotes', map: 'a map', list: 'a list' } as const;

function isOfKind(value: Json, kind: keyof typeof WORDS): boolean {
  if (kind === 'text') return typeof value === 'string' && value !== '';
  return kind === 'map' ? isJsonObject(value) : Array.isArray(value);
}
