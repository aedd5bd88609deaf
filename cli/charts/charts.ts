import { listCharts } from '../../registry-client/index.ts';
import { positionalsOf, readArguments } from '../command.ts';
import type { Command } from '../command.ts';
import { REGISTRY_OPTIONS, REGISTRY_USAGE, connectionFor } from '../registry/connection.ts';
import { printable } from '../terminal.ts';

/** `kubectl release charts`. */
export const usage = `Usage: kubectl release charts REGISTRY [options]

Lists the charts of a classic repository, https://HOST/PATH, or of a space in an OCI registry, oci://HOST/SPACE, one per line. A space
may hold things other than charts, and some registries list nothing.

${REGISTRY_USAGE}`;

/** Its options, for `readArguments`. */
export const options = REGISTRY_OPTIONS;

/** Prints the charts of a registry. */
export const run: Command = async (args, terminal) => {
  const { values: flags, positionals } = readArguments(args, options);
  const [registry = ''] = positionalsOf(positionals, 1, ['REGISTRY']);
  const names = await listCharts({ registry, ...(await connectionFor(flags, registry)) });
  for (const name of names) terminal.out(printable(name));
  return 0;
};
