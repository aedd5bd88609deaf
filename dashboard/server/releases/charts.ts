import type { Chart } from '../../../chart-renderer/index.ts';
import type { ChartView } from '../../api/index.ts';
import { HttpError } from '../http/answers.ts';
import { withoutUndefined } from '../../../resources/index.ts';

/** The registries that a dashboard can look into. */
export interface ChartShelf {
  readonly names: (registry: string) => Promise<readonly string[]>;
  /** Newest first. */
  readonly versions: (registry: string, chart: string) => Promise<readonly string[]>;
  /** Without a version, the newest stable one. */
  readonly chart: (registry: string, chart: string, version: string | undefined) => Promise<Chart>;
}

const MAX_LISTED = 5_000;

/** The charts of a registry. Throws HttpError BadRequest for what is no registry, and what the shelf throws. */
export async function chartNames(shelf: ChartShelf, query: URLSearchParams): Promise<{ charts: string[] }> {
  const names = await shelf.names(registryIn(query));
  return { charts: names.filter(isName).slice(0, MAX_LISTED) };
}

/** The versions of a chart. Throws as `chartNames`. */
export async function chartVersions(shelf: ChartShelf, query: URLSearchParams): Promise<{ versions: string[] }> {
  const versions = await shelf.versions(registryIn(query), chartIn(query));
  return { versions: versions.slice(0, MAX_LISTED) };
}

/** What is in a chart, as text. Throws as `chartNames`; ChartError. */
export async function chartView(shelf: ChartShelf, query: URLSearchParams): Promise<ChartView> {
  const { metadata, files, schema, valuesFile } = await shelf.chart(
    registryIn(query),
    chartIn(query),
    query.get('version') ?? undefined,
  );
  const readme = files.find(({ name }) => /^readme(\.md|\.txt)?$/i.test(name));
  return withoutUndefined({
    name: metadata.name,
    version: metadata.version,
    appVersion: metadata.appVersion || undefined,
    description: metadata.description || undefined,
    home: safeLink(metadata.home),
    readme: textOf(readme?.data),
    values: textOf(valuesFile),
    schema: schema === undefined ? undefined : parsed(textOf(schema)),
  });
}

function registryIn(query: URLSearchParams): string {
  const registry = query.get('registry') ?? '';
  if (/^(oci|https?):\/\/[^\s/@]+(\/[^\s@]*)?$/.test(registry) && URL.canParse(registry)) return registry;
  throw new HttpError(400, 'BadRequest', 'a registry is oci://HOST/SPACE or https://HOST/PATH');
}

function chartIn(query: URLSearchParams): string {
  const name = query.get('chart') ?? '';
  if (isName(name)) return name;
  throw new HttpError(400, 'BadRequest', 'this cannot be the name of a chart');
}

/** No other is put into a command line. */
function isName(name: string): boolean {
  return /^[a-zA-Z0-9][\w./-]{0,250}$/.test(name);
}

/** A chart may say that it lives at an address which a browser would run, or which others can read and change on the way. */
function safeLink(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  return new URL(text).protocol === 'https:' ? text : undefined;
}

const MAX_TEXT = 1024 * 1024;

function textOf(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? '' : Buffer.from(bytes.subarray(0, MAX_TEXT)).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
