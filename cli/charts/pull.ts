import { CHART_OPTIONS, chartReferenceOf } from '../chart-reference.ts';
import { positionalsOf, readArguments } from '../command.ts';
import type { Command } from '../command.ts';
import { REGISTRY_OPTIONS, REGISTRY_USAGE } from '../registry/connection.ts';
import { VERIFICATION_OPTIONS, VERIFICATION_USAGE } from '../registry/verification.ts';
import { printable } from '../terminal.ts';
import { pulledChart, pulledProvenance } from './chart-source.ts';
import { archiveName, writeInto } from './package.ts';

/** `kubectl release pull`. */
export const usage = `Usage: kubectl release pull CHART [options]

Pulls a chart, verified against its digests, into NAME-VERSION.tgz and prints the path.

  kubectl release pull oci://HOST/SPACE/NAME[:VERSION][@DIGEST]
  kubectl release pull NAME --repo https://HOST/PATH

  --version VERSION       a version or a range; default: the newest stable one
  --prov                  pull its provenance file too, if there is one, as NAME-VERSION.tgz.prov
  -d, --destination DIR   where to put it; default: the current directory
${VERIFICATION_USAGE}
${REGISTRY_USAGE}`;

/** Its options, for `readArguments`. */
export const options = {
  ...CHART_OPTIONS,
  ...REGISTRY_OPTIONS,
  ...VERIFICATION_OPTIONS,
  prov: { type: 'boolean', default: false },
  destination: { type: 'string', short: 'd', default: '.' },
} as const;

/** Writes a chart's archive; the digest goes to `err`. */
export const run: Command = async (args, terminal) => {
  const { values: flags, positionals } = readArguments(args, options);
  const [named = ''] = positionalsOf(positionals, 1, ['CHART']);
  const found = await pulledChart(await chartReferenceOf(named, flags), flags);
  const { bytes, chart, digest, verified } = found;
  // Of all names that a registry gives, only those in Chart.yaml were checked for what a file may be called.
  const path = await writeInto(flags.destination, archiveName(chart.metadata), bytes);
  const provenance = flags.prov ? await pulledProvenance(found, flags) : undefined;
  if (provenance) await writeInto(flags.destination, `${archiveName(chart.metadata)}.prov`, provenance);
  terminal.err(`pulled ${chart.metadata.name} ${chart.metadata.version}: ${digest}`);
  if (verified !== undefined) {
    terminal.err(printable(`signed by ${verified.signer ?? verified.key} (${verified.fingerprint})`));
  }
  terminal.out(path);
  return 0;
};
