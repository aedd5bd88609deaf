import { ChartError } from '../errors.ts';
import { isValidVersion } from '../../semver/index.ts';
import type { Json } from '../json.ts';
import type { ChartDependency, ChartMetadata, Maintainer } from './chart.ts';
import type { Fields, StructType } from './decode.ts';
import { decodeStruct, zeroOf } from './decode.ts';

const MAINTAINER: StructType = { of: 'Maintainer', fields: { name: 'string', email: 'string', url: 'string' } };

const DEPENDENCY_FIELDS: Fields = {
  name: 'string',
  version: 'string',
  repository: 'string',
  condition: 'string',
  tags: 'strings',
  enabled: 'bool',
  'import-values': 'any-list',
  alias: 'string',
};

const METADATA_FIELDS: Fields = {
  name: 'string',
  home: 'string',
  sources: 'strings',
  version: 'string',
  description: 'string',
  keywords: 'strings',
  maintainers: MAINTAINER,
  icon: 'string',
  apiVersion: 'string',
  condition: 'string',
  tags: 'string',
  appVersion: 'string',
  deprecated: 'bool',
  annotations: 'string-map',
  kubeVersion: 'string',
  dependencies: { of: 'Dependency', fields: DEPENDENCY_FIELDS },
  type: 'string',
  engine: 'string',
};

const METADATA: StructType = { of: 'Metadata', fields: METADATA_FIELDS };

/** Chart.yaml as it was decoded, before it is known to be valid. */
export type DecodedMetadata = Omit<ChartMetadata, 'maintainers' | 'dependencies'> & {
  readonly maintainers: readonly (Maintainer | null)[];
  readonly dependencies: readonly (ChartDependency | null)[];
};

/**
 * The metadata of a parsed Chart.yaml, with the fields of a parsed requirements.yaml laid over it as in Helm. Not yet validated:
 * see `validMetadata`. Throws `invalid-chart` where a field has the wrong type.
 */
export function decodeMetadata(chartYaml: Json, requirements: Json): DecodedMetadata {
  const metadata = { ...METADATA, base: zeroOf(METADATA) };
  const decoded = decodeStruct(chartYaml, metadata);
  const versioned = decoded['apiVersion'] === '' ? { ...decoded, apiVersion: 'v1' } : decoded;
  return decodeStruct(requirements, { ...METADATA, base: versioned }) as unknown as DecodedMetadata;
}

/** Checks decoded metadata by Helm's rules and cleans its texts of control characters; throws `invalid-chart` in Helm's words. */
export function validMetadata(decoded: DecodedMetadata): ChartMetadata {
  const texts = ['name', 'description', 'home', 'icon', 'condition', 'tags', 'appVersion', 'kubeVersion'] as const;
  const cleaned = {
    ...cleanTexts(decoded, texts),
    sources: decoded.sources.map(cleanText),
    keywords: decoded.keywords.map(cleanText),
  };
  checkNames(cleaned);
  const maintainers = cleaned.maintainers.map(validMaintainer);
  const dependencies = cleaned.dependencies.map(validDependency);
  checkDistinct(dependencies);
  return { ...cleaned, maintainers, dependencies };
}

function checkNames({ apiVersion, name, version, type }: DecodedMetadata): void {
  if (apiVersion === '') throw invalid('chart.metadata.apiVersion is required');
  if (name === '') throw invalid('chart.metadata.name is required');
  if (name === '.' || name === '..') throw invalid(`chart.metadata.name "${name}" is not allowed`);
  if (name.includes('/')) throw invalid(`chart.metadata.name ${JSON.stringify(name)} is invalid`);
  if (version === '') throw invalid('chart.metadata.version is required');
  if (!isValidVersion(version)) throw invalid(`chart.metadata.version ${JSON.stringify(version)} is invalid`);
  if (!['', 'application', 'library'].includes(type)) {
    throw invalid('chart.metadata.type must be application or library');
  }
}

function validMaintainer(decoded: Maintainer | null): Maintainer {
  if (decoded === null) throw invalid('maintainers must not contain empty or null nodes');
  return cleanTexts(decoded, ['name', 'email', 'url']);
}

function validDependency(decoded: ChartDependency | null): ChartDependency {
  if (decoded === null) throw invalid('dependencies must not contain empty or null nodes');
  const cleaned = cleanTexts(decoded, ['name', 'version', 'repository', 'condition']);
  if (cleaned.alias !== '' && !/^[a-zA-Z0-9_-]+$/.test(cleaned.alias)) {
    throw invalid(`dependency ${JSON.stringify(cleaned.name)} has disallowed characters in the alias`);
  }
  return { ...cleaned, tags: cleaned.tags.map(cleanText) };
}

function checkDistinct(dependencies: readonly ChartDependency[]): void {
  const seen = new Set<string>();
  for (const { name, alias } of dependencies) {
    const key = alias === '' ? name : alias;
    if (seen.has(key)) throw invalid(`more than one dependency with name or alias ${JSON.stringify(key)}`);
    seen.add(key);
  }
}

/** A copy of the record with the texts of those names cleaned. */
function cleanTexts<K extends string, T extends Readonly<Record<K, string>>>(record: T, names: readonly K[]): T {
  return { ...record, ...Object.fromEntries(names.map((name) => [name, cleanText(record[name])])) };
}

/** Any white space becomes a space; what Go's unicode.IsPrint does not count as printable is dropped. */
function cleanText(text: string): string {
  return text.replace(/\p{White_Space}/gu, ' ').replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, '');
}

function invalid(message: string): ChartError {
  return new ChartError('invalid-chart', `validation: ${message}`, { file: 'Chart.yaml' });
}
