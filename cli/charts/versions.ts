import { parseArgs } from 'node:util';

import { listCharts, listVersions } from '../../registry-client/index.ts';
import { CHART_OPTIONS, chartReferenceOf } from '../chart-reference.ts';
import { positionalsOf } from '../command.ts';
import type { Command } from '../command.ts';
import { REGISTRY_OPTIONS, REGISTRY_USAGE, connectionFor } from '../registry/connection.ts';
import { printable } from '../terminal.ts';

/** `kubectl release charts`. */
export const chartsUsage = `Usage: kubectl release charts REGISTRY [options]

Lists the charts of a classic repository, https://HOST/PATH, or of the space of an OCI registry, oci://HOST/SPACE, one a line. A space
may hold other things than charts, and some registries list nothing.

${REGISTRY_USAGE}`;

/** `kubectl release versions`. */
export const versionsUsage = `Usage: kubectl release versions CHART [options]

Lists the versions of a chart, newest first, one a line.

  kubectl release versions oci://HOST/SPACE/NAME
  kubectl release versions NAME --repo https://HOST/PATH

${REGISTRY_USAGE}`;

/** Prints the charts of a registry. */
export const charts: Command = async (args, terminal) => {
  const { values: flags, positionals } = parseArgs({
    args: [...args],
    options: REGISTRY_OPTIONS,
    allowPositionals: true,
  });
  const [registry = ''] = positionalsOf(positionals, 1, ['REGISTRY']);
  const names = await listCharts({ registry, ...(await connectionFor(flags, registry)) });
  for (const name of names) terminal.out(printable(name));
  return 0;
};

/** Prints the versions of a chart. */
export const versions: Command = async (args, terminal) => {
  const { repo } = CHART_OPTIONS;
  const { values: flags, positionals } = parseArgs({
    args: [...args],
    options: { repo, ...REGISTRY_OPTIONS },
    allowPositionals: true,
  });
  const [named = ''] = positionalsOf(positionals, 1, ['CHART']);
  const { registry, name } = chartReferenceOf(named, flags);
  const found = await listVersions({ registry, name, ...(await connectionFor(flags, registry, name)) });
  for (const version of found) terminal.out(printable(version));
  return 0;
};
