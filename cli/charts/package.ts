import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { positionalsOf, readArguments } from '../command.ts';
import type { Command } from '../command.ts';
import { CliError, reasonOf } from '../errors.ts';
import { digestOfBytes } from '../../registry-client/index.ts';
import { packDirectory } from './source-date.ts';

/** `kubectl release package`. */
export const usage = `Usage: kubectl release package DIRECTORY [options]

Packs the chart in a directory into NAME-VERSION.tgz, as helm package does, and prints its path. The same files give the same bytes on any
day and machine; they are dated 1980, or $SOURCE_DATE_EPOCH. .helmignore is honoured; links are refused; dependencies must already be in
charts/.

  -d, --destination DIR   where to put it; default: the current directory
  --version VERSION       the chart's version, instead of what Chart.yaml says
  --app-version VERSION   the same for appVersion`;

/** Its options, for `readArguments`. */
export const options = {
  destination: { type: 'string', short: 'd', default: '.' },
  version: { type: 'string' },
  'app-version': { type: 'string' },
} as const;

/** Writes a chart's archive; the digest goes to `err`. */
export const run: Command = async (args, terminal) => {
  const { values, positionals } = readArguments(args, options);
  const [directory = ''] = positionalsOf(positionals, 1, ['DIRECTORY']);
  const { version, 'app-version': appVersion } = values;
  const { chart, bytes } = await packDirectory(directory, { version, appVersion });
  const path = await writeInto(values.destination, archiveName(chart.metadata), bytes);
  terminal.err(`packaged ${directory}: ${digestOfBytes(bytes)}`);
  terminal.out(path);
  return 0;
};

/** The name that Helm gives a chart's archive. */
export function archiveName({ name, version }: { readonly name: string; readonly version: string }): string {
  return `${name}-${version}.tgz`;
}

/** Writes a file into a folder, with the folders it needs, and returns its path; throws CliError Unwritable. */
export async function writeInto(folder: string, name: string, content: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  try {
    await makeFolder(dirname(path));
    await writeFile(path, content);
    return path;
  } catch (cause) {
    throw new CliError('Unwritable', `${path} cannot be written: ${reasonOf(cause)}`, { cause });
  }
}

/** Makes a folder with those above it. Where the system makes none, as in /proc, Node's own `recursive` never ends. */
async function makeFolder(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  await makeFolder(dirname(folder));
  await mkdir(folder).catch((cause: unknown) => {
    // Another process may have made it meanwhile.
    if (!existsSync(folder)) throw cause;
  });
}
