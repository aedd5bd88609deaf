import { listVersions } from '../../registry-client/index.ts';
import { CHART_OPTIONS, chartReferenceOf } from '../chart-reference.ts';
import { positionalsOf, readArguments } from '../command.ts';
import type { Command } from '../command.ts';
import { REGISTRY_OPTIONS, REGISTRY_USAGE, connectionFor } from '../registry/connection.ts';
import { printable } from '../terminal.ts';

/** `kubectl release versions`. */
export const usage = `Usage: kubectl release versions CHART [options]

Lists the versions of a chart, newest first, one per line.

  kubectl release versions oci://HOST/SPACE/NAME
  kubectl release versions NAME --repo https://HOST/PATH

${REGISTRY_USAGE}`;

/** Its options, for `readArguments`. */
export const options = { repo: CHART_OPTIONS.repo, ...REGISTRY_OPTIONS } as const;

/** Prints the versions of a chart. */
export const run: Command = async (args, terminal) => {
  const { values: flags, positionals } = readArguments(args, options);
  const [named = ''] = positionalsOf(positionals, 1, ['CHART']);
  const { registry, name } = await chartReferenceOf(named, flags);
  const found = await listVersions({ registry, name, ...(await connectionFor(flags, registry, name)) });
  for (const version of found) terminal.out(printable(version));
  return 0;
};
