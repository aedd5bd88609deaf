import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

import type { HelmVersion, JsonObject } from '../../chart-renderer/index.ts';
import { CliError, reasonOf } from '../errors.ts';

/** The options by which values are given, for `readArguments`. */
export const VALUES_OPTIONS = {
  values: { type: 'string', short: 'f', multiple: true, default: [] as string[] },
  set: { type: 'string', multiple: true, default: [] as string[] },
  'set-string': { type: 'string', multiple: true, default: [] as string[] },
} as const;

/** What the user gave by them, in the order given. */
export interface ValuesFlags {
  readonly values: readonly string[];
  readonly set: readonly string[];
  readonly 'set-string': readonly string[];
}

/**
 * The values that the flags stand for, as `helm install` of that version reads them: files over each other, then `--set`, then
 * `--set-string`.
 * Throws CliError Unreadable naming the file, ChartError for an assignment that does not parse.
 */
export async function givenValues(flags: ValuesFlags, helmVersion?: HelmVersion): Promise<JsonObject> {
  const { mergeValues, setValues } = await import('../../chart-renderer/index.ts');
  let values: JsonObject = {};
  for (const path of flags.values) values = mergeValues(values, await fileValues(path, helmVersion));
  for (const assignments of flags.set) values = setValues(values, assignments);
  for (const assignments of flags['set-string']) values = setValues(values, assignments, 'text');
  return values;
}

async function fileValues(path: string, helmVersion: HelmVersion | undefined): Promise<JsonObject> {
  const { readValues } = await import('../../chart-renderer/index.ts');
  try {
    const values = path === '-' ? await text(process.stdin) : await readFile(path, 'utf8');
    return readValues(values, { helmVersion });
  } catch (cause) {
    throw new CliError('Unreadable', `the values in ${path} cannot be read: ${reasonOf(cause)}`, { cause });
  }
}
