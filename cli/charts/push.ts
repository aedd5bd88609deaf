import { publishedMetadata } from '../../chart-renderer/index.ts';
import { formatReference, pushChart } from '../../registry-client/index.ts';
import { CHART_OPTIONS } from '../chart-reference.ts';
import { positionalsOf, readArguments } from '../command.ts';
import type { Command } from '../command.ts';
import { CliError } from '../errors.ts';
import { REGISTRY_OPTIONS, REGISTRY_USAGE, connectionFor } from '../registry/connection.ts';
import { findChart } from './chart-source.ts';
import { sourceDate } from './source-date.ts';

/** `kubectl release push`. */
export const usage = `Usage: kubectl release push CHART oci://HOST/SPACE [options]

Pushes a chart as helm push does, to HOST/SPACE/NAME:VERSION, and prints where it is, with its digest. Pushing the same content again
changes nothing; different content under the same version is refused.

  kubectl release push web-1.2.0.tgz oci://HOST/SPACE      with web-1.2.0.tgz.prov, if there is one
  kubectl release push ./web oci://HOST/SPACE              packed first, as kubectl release package does
  kubectl release push oci://HOST/DEV/web:1.2.0 oci://HOST/PROD   copied; within one registry, nothing is uploaded again
  kubectl release push NAME --repo https://HOST/PATH --version VERSION oci://HOST/SPACE

  --force                 replace what the registry has under that version
${REGISTRY_USAGE}

A password is for the registry that is pushed to. The time in the annotations is now, or $SOURCE_DATE_EPOCH, which gives the same digest on
any day.`;

/** Its options, for `readArguments`. */
export const options = {
  ...CHART_OPTIONS,
  ...REGISTRY_OPTIONS,
  force: { type: 'boolean' },
} as const;

/** Pushes a chart; prints its reference. */
export const run: Command = async (args, terminal) => {
  const { values: flags, positionals } = readArguments(args, options);
  const [named = '', registry = ''] = positionalsOf(positionals, 2, ['CHART', 'oci://HOST/SPACE']);
  if (!registry.startsWith('oci://')) throw new CliError('Usage', `${registry} is not oci://HOST/SPACE`);
  const created = sourceDate();
  const { bytes, chart, provenance, reference } = await findChart(named, flags, registry);
  const metadata = publishedMetadata(chart.metadata);
  const { name, version } = metadata;
  const { outcome, digest } = await pushChart(bytes, {
    ...(await connectionFor(flags, registry, name)),
    registry,
    metadata: { ...metadata },
    provenance,
    created,
    existing: flags.force === true ? 'replace' : 'refuse',
    mountFrom: reference,
  });
  terminal.err(outcome === 'pushed' ? `pushed ${name} ${version}` : `${name} ${version} already exists, unchanged`);
  // A tag cannot hold the + of a version.
  terminal.out(formatReference({ registry, name, version: version.replaceAll('+', '_'), digest }));
  return 0;
};
