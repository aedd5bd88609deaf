import { createHash } from 'node:crypto';
import { fieldsOf, type JsonObject, setKey, writeJson } from '../../golang/json/index.ts';
import { compareVersions, parseVersion } from '../../golang/semver/index.ts';
import { writeYaml } from '../../golang/yaml/index.ts';
import type { ChartFile } from '../archive/file.ts';
import { ChartError } from '../errors.ts';
import type { ChartMetadata } from './chart.ts';
import { loadChart } from './load.ts';
import { packFiles } from './package.ts';
import type { PackedChart } from './package.ts';

/** What a composed chart says of itself, and its values in addition to those of its parts. */
export interface ComposedFacts {
  readonly name: string;
  readonly version: string;
  readonly appVersion?: string | undefined;
  readonly description?: string | undefined;
  readonly values: JsonObject;
}

/** A chart to be part of another. */
export interface ComposedPart {
  readonly archive: Uint8Array;
  /** The name to have in the chart, where that is not its own. */
  readonly alias?: string | undefined;
  /** Where Helm would find it: `oci://host/space`, `https://host/path`, or nothing. */
  readonly repository: string;
  /** Values over the chart's own. */
  readonly values: JsonObject;
}

interface Dependency {
  name: string;
  version: string;
  repository: string;
  alias?: string;
}
interface LoadedPart extends ComposedPart {
  readonly metadata: ChartMetadata;
}

/** When a lock was made: always the same time, so that the same input gives the same bytes. */
const GENERATED = '1980-01-01T00:00:00Z';

/**
 * Makes an ordinary chart whose dependencies are the parts, each as the archive that it came as, with their values under the name
 * that each has in the chart. The same parts give the same bytes. Throws `ChartError`, `invalid-chart` where the parts cannot be
 * together in one chart.
 */
export async function composeChart(facts: ComposedFacts, parts: readonly ComposedPart[]): Promise<PackedChart> {
  const loaded = await Promise.all(
    parts.map(async (part): Promise<LoadedPart> => ({ ...part, metadata: (await loadChart(part.archive)).metadata })),
  );
  checkVersions(loaded);
  const dependencies = loaded.map(dependencyOf);
  return packFiles([
    textFile('Chart.yaml', writeYaml({ ...chartYamlOf(facts), dependencies })),
    textFile('Chart.lock', writeYaml(lockOf(dependencies))),
    textFile('values.yaml', writeYaml(valuesOf(facts.values, loaded))),
    ...archivesOf(loaded),
  ]);
}

function chartYamlOf({ name, version, appVersion, description }: ComposedFacts): JsonObject {
  const optional = { ...(appVersion && { appVersion }), ...(description && { description }) };
  return { apiVersion: 'v2', name, version, ...optional, type: 'application' };
}

/** Helm finds a dependency by name and version, in which build metadata does not count. */
function checkVersions(parts: readonly LoadedPart[]): void {
  for (const [index, { metadata, archive }] of parts.entries()) {
    const twin = parts.slice(0, index).find((other) => isSameChart(other.metadata, metadata));
    if (twin === undefined || Buffer.compare(twin.archive, archive) === 0) continue;
    const { name, version } = metadata;
    throw new ChartError('InvalidChart', `two different charts are ${name} ${version}, which Helm cannot tell apart`);
  }
}

function isSameChart(a: ChartMetadata, b: ChartMetadata): boolean {
  return a.name === b.name && compareVersions(parseVersion(a.version), parseVersion(b.version)) === 0;
}

function dependencyOf({ metadata: { name, version }, repository, alias }: LoadedPart): Dependency {
  return { name, version, repository, ...(alias === undefined || alias === name ? {} : { alias }) };
}

function valuesOf(own: JsonObject, parts: readonly LoadedPart[]): JsonObject {
  const values: JsonObject = { ...own };
  for (const { values: given, alias, metadata } of parts) {
    const name = alias ?? metadata.name;
    if (Object.keys(given).length === 0) continue;
    if (Object.hasOwn(values, name)) {
      throw new ChartError(
        'InvalidValues',
        `values for ${name} are given twice: with the chart, and beside the charts`,
      );
    }
    setKey(values, name, given);
  }
  return values;
}

function archivesOf(parts: readonly LoadedPart[]): ChartFile[] {
  const named = parts.map(({ metadata, archive }): [string, Uint8Array] => [
    `charts/${metadata.name}-${metadata.version}.tgz`,
    archive,
  ]);
  return [...new Map(named)].map(([name, data]) => ({ name, data }));
}

/** Helm's Chart.lock, whose digest says which dependencies it was made for (HashReq of its resolver). */
function lockOf(dependencies: readonly Dependency[]): JsonObject {
  const locked = dependencies.map(({ name, version, repository }) => ({ name, version, repository }));
  const hash = createHash('sha256').update(writeJson([dependencies.map(fieldsOf), locked.map(fieldsOf)]));
  return { dependencies: locked, digest: `sha256:${hash.digest('hex')}`, generated: GENERATED };
}

function textFile(name: string, text: string): ChartFile {
  return { name, data: Buffer.from(text) };
}
