import { isValidVersion } from '../../golang/semver/index.ts';
import { type DecodedObject, decodeYaml, type FieldKind, type StructType, zeroOf } from '../../golang/yaml/index.ts';
import { ChartError } from '../errors.ts';
import type { HelmVersion } from '../helm-version.ts';
import type { Chart, ChartDependency, ChartMetadata, Maintainer } from './chart.ts';

/** Helm's Go packages of charts, which its errors name. */
const PACKAGES: Readonly<Record<HelmVersion, string>> = { v3: 'chart', v4: 'v2' };

/** A struct of the package of charts. */
export function chartStruct(
  helmVersion: HelmVersion,
  name: string,
  fields: Readonly<Record<string, FieldKind>>,
): StructType {
  return { goType: `${PACKAGES[helmVersion]}.${name}`, name, fields };
}

/** A dependency as Chart.yaml, requirements.yaml and the lock files list it. */
export function dependencyStruct(helmVersion: HelmVersion): StructType {
  return chartStruct(helmVersion, 'Dependency', {
    name: 'string',
    version: 'string',
    repository: 'string',
    condition: 'string',
    tags: 'strings',
    enabled: 'bool',
    'import-values': 'any-list',
    alias: 'string',
  });
}

const METADATA: Readonly<Record<HelmVersion, StructType>> = { v3: metadataStruct('v3'), v4: metadataStruct('v4') };

function metadataStruct(helmVersion: HelmVersion): StructType {
  return chartStruct(helmVersion, 'Metadata', {
    name: 'string',
    home: 'string',
    sources: 'strings',
    version: 'string',
    description: 'string',
    keywords: 'strings',
    maintainers: { list: chartStruct(helmVersion, 'Maintainer', { name: 'string', email: 'string', url: 'string' }) },
    icon: 'string',
    apiVersion: 'string',
    condition: 'string',
    tags: 'string',
    appVersion: 'string',
    deprecated: 'bool',
    annotations: 'string-map',
    kubeVersion: 'string',
    dependencies: { list: dependencyStruct(helmVersion) },
    type: 'string',
    engine: 'string',
  });
}

/** Chart.yaml as it was decoded, before it is known to be valid. */
export interface DecodedMetadata extends Omit<ChartMetadata, 'maintainers' | 'dependencies'> {
  readonly maintainers: readonly (Maintainer | null)[];
  readonly dependencies: readonly (ChartDependency | null)[];
}

/** The metadata of a Chart.yaml, not yet validated: see `validMetadata`. Throws `YamlError` where it does not decode. */
export function decodeMetadata(chartYaml: Uint8Array, helmVersion: HelmVersion): DecodedMetadata {
  const zero = zeroOf(METADATA[helmVersion]);
  const decoded = decodeYaml(chartYaml, METADATA[helmVersion], zero);
  const apiVersion = decoded['apiVersion'] || 'v1';
  return asMetadata({ ...decoded, apiVersion, declaresDependencies: decoded['dependencies'] !== zero['dependencies'] });
}

/** The metadata with the fields of a requirements.yaml laid over it, as in Helm. Throws `YamlError` where that does not decode. */
export function withRequirements(
  metadata: DecodedMetadata,
  requirementsYaml: Uint8Array,
  helmVersion: HelmVersion,
): DecodedMetadata {
  const base = { ...metadata } as unknown as DecodedObject;
  const decoded = asMetadata(decodeYaml(requirementsYaml, METADATA[helmVersion], base));
  const declares = metadata.declaresDependencies || decoded.dependencies !== metadata.dependencies;
  return { ...decoded, declaresDependencies: declares };
}

function asMetadata(decoded: DecodedObject): DecodedMetadata {
  return decoded as unknown as DecodedMetadata;
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

/** The longest name that `helm create` gives a chart; a longer one would only fill logs and file names. */
const MAX_NAME_LENGTH = 250;

function checkNames({ apiVersion, name, version, type }: DecodedMetadata): void {
  if (apiVersion === '') throw invalid('chart.metadata.apiVersion is required');
  if (name === '') throw invalid('chart.metadata.name is required');
  if (name === '.' || name === '..') throw invalid(`chart.metadata.name "${name}" is not allowed`);
  if (name.includes('/')) throw invalid(`chart.metadata.name ${JSON.stringify(name)} is invalid`);
  if (name.length > MAX_NAME_LENGTH) {
    throw invalid(`chart.metadata.name has ${name.length} characters, more than ${MAX_NAME_LENGTH}`);
  }
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

/**
 * Checks that the version of Helm renders charts of the API version, as Helm 4 does of the chart itself but not of those in its charts/.
 * Throws `invalid-chart`.
 */
export function checkApiVersion({ helmVersion, metadata: { apiVersion } }: Chart): void {
  if (helmVersion === 'v3' || apiVersion === 'v1' || apiVersion === 'v2') return;
  const why =
    apiVersion === 'v3'
      ? 'invalid chart apiVersion: v3 is an experiment in Helm 4, which installs no such chart'
      : `unsupported chart version: apiVersion is ${JSON.stringify(apiVersion)}, not v1 or v2`;
  throw new ChartError('InvalidChart', why, { file: 'Chart.yaml' });
}

/** A copy of the record with the texts under those names cleaned. */
function cleanTexts<K extends string, T extends Readonly<Record<K, string>>>(record: T, names: readonly K[]): T {
  return { ...record, ...Object.fromEntries(names.map((name) => [name, cleanText(record[name])])) };
}

/** Any white space becomes a space; what Go's unicode.IsPrint does not count as printable is dropped. */
function cleanText(text: string): string {
  return text.replace(/\p{White_Space}/gu, ' ').replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, '');
}

function invalid(message: string): ChartError {
  return new ChartError('InvalidChart', `validation: ${message}`, { file: 'Chart.yaml' });
}
