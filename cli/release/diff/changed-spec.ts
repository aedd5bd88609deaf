import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { API_GROUP } from '../../../crds/index.ts';
import type { Release, ReleaseSpec } from '../../../crds/index.ts';
import { CliError, reasonOf } from '../../errors.ts';
import { areValuesGiven, givenValues, type ValuesFlags } from '../values.ts';

/** What a user may change of a Release on a command line. */
export interface ChangeFlags extends ValuesFlags {
  /** The version of the chart, or a range. */
  readonly version?: string | undefined;
}

/** Whether the flags change anything. */
export function isChange(flags: ChangeFlags): boolean {
  return flags.version !== undefined || areValuesGiven(flags);
}

/** The spec of a Release after the change: the values given are merged over its own. Throws what `givenValues` throws. */
export async function changedSpec({ spec }: Release, flags: ChangeFlags): Promise<ReleaseSpec> {
  const { mergeValues } = await import('../../../chart-renderer/index.ts');
  const given = await givenValues(flags, spec.helmVersion);
  const { version } = flags;
  const chart = version === undefined ? spec.chart : { ...spec.chart, version };
  const own = (spec.values ?? {}) as Parameters<typeof mergeValues>[0];
  return Object.keys(given).length === 0 ? { ...spec, chart } : { ...spec, chart, values: mergeValues(own, given) };
}

/** A Release as somebody wrote it into a file. */
export interface WrittenRelease {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly spec: Partial<ReleaseSpec>;
}

/** Reads a Release from a file in YAML or JSON, `-` for standard input; throws CliError Unreadable naming the file. */
export async function readWrittenRelease(path: string): Promise<WrittenRelease> {
  try {
    const { readYaml } = await import('../../../chart-renderer/index.ts');
    return await releaseIn(readYaml(path === '-' ? await text(process.stdin) : await readFile(path, 'utf8')));
  } catch (cause) {
    throw new CliError('Unreadable', `the Release in ${path} cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

async function releaseIn(document: unknown): Promise<WrittenRelease> {
  const { isJsonObject } = await import('../../../chart-renderer/index.ts');
  const { apiVersion, kind, metadata, spec } = isJsonObject(document) ? document : {};
  const isOurs = typeof apiVersion === 'string' && apiVersion.startsWith(`${API_GROUP}/`);
  if (kind !== 'Release' || !isOurs)
    throw new Error('it is not one; for a file of values, name the release: diff NAME -f FILE');
  const { name, namespace } = isJsonObject(metadata) ? metadata : {};
  if (typeof name !== 'string' || !isJsonObject(spec)) throw new Error('it has no metadata.name or no spec');
  return { name, namespace: typeof namespace === 'string' ? namespace : undefined, spec: spec as Partial<ReleaseSpec> };
}
