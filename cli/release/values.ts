import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

import type { HelmVersion, JsonObject } from '../../chart-renderer/index.ts';
import { CliError, reasonOf } from '../errors.ts';

/** The options by which values are given, for `readArguments`. */
export const VALUES_OPTIONS = {
  values: { type: 'string', short: 'f', multiple: true, default: [] as string[] },
  set: { type: 'string', multiple: true, default: [] as string[] },
  'set-string': { type: 'string', multiple: true, default: [] as string[] },
  'set-json': { type: 'string', multiple: true, default: [] as string[] },
  'set-file': { type: 'string', multiple: true, default: [] as string[] },
  'set-literal': { type: 'string', multiple: true, default: [] as string[] },
} as const;

/** The part of a command's usage about them. */
export const VALUES_USAGE = `  -f, --values FILE        values in YAML, "-" for standard input; may be repeated, later files win
  --set PATH=VALUE         one value, as with Helm's --set; may be repeated, wins over files
  --set-string PATH=VALUE  the same, always as a string
  --set-json PATH=JSON     one value in JSON; --set-file PATH=FILE: the text of a file; --set-literal PATH=VALUE: as it stands`;

/** What the user gave by them, in the order given. */
export interface ValuesFlags {
  readonly values: readonly string[];
  readonly set: readonly string[];
  readonly 'set-string': readonly string[];
  readonly 'set-json': readonly string[];
  readonly 'set-file': readonly string[];
  readonly 'set-literal': readonly string[];
}

/** Whether any values are given. */
export function areValuesGiven(flags: ValuesFlags): boolean {
  const names = Object.keys(VALUES_OPTIONS) as (keyof ValuesFlags)[];
  return names.some((name) => flags[name].length > 0);
}

/**
 * The values that the flags stand for, as `helm install` of that version reads them: files over each other, then `--set-json`, `--set`,
 * `--set-string`, `--set-file` and `--set-literal`, of which the last two take one path each. Throws CliError Unreadable naming the file,
 * CliError Usage for a path without a value, ChartError for an assignment that does not parse.
 */
export async function givenValues(flags: ValuesFlags, helmVersion?: HelmVersion): Promise<JsonObject> {
  const { mergeValues, setPath, setValues } = await import('../../chart-renderer/index.ts');
  let values: JsonObject = {};
  for (const path of flags.values) values = mergeValues(values, await fileValues(path, helmVersion));
  for (const assignments of flags['set-json']) values = setValues(values, assignments, 'json');
  for (const assignments of flags.set) values = setValues(values, assignments);
  for (const assignments of flags['set-string']) values = setValues(values, assignments, 'text');
  for (const assignment of flags['set-file']) {
    const { path, value } = pathAndValue('set-file', assignment);
    values = setPath(values, path, await textOfFile(value));
  }
  for (const assignment of flags['set-literal']) {
    const { path, value } = pathAndValue('set-literal', assignment);
    values = setPath(values, path, value);
  }
  return values;
}

/** The two sides of the first equals sign of what an option was given; throws CliError Usage. */
export function pathAndValue(flag: string, assignment: string): { path: string; value: string } {
  const equals = assignment.indexOf('=');
  if (equals < 1) throw new CliError('Usage', `--${flag} ${assignment}: it takes PATH=VALUE`);
  return { path: assignment.slice(0, equals), value: assignment.slice(equals + 1) };
}

/** The text of a file, `-` for standard input; throws CliError Unreadable. */
export async function textOfFile(path: string): Promise<string> {
  try {
    return path === '-' ? await text(process.stdin) : await readFile(path, 'utf8');
  } catch (cause) {
    throw new CliError('Unreadable', `${path} cannot be read: ${reasonOf(cause)}`, { cause });
  }
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
