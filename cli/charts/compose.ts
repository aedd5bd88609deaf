import { dirname, resolve } from 'node:path';
import { composeChart } from '../../chart-renderer/index.ts';
import type { ComposedPart } from '../../chart-renderer/index.ts';
import { chartReferenceOf } from '../chart-reference.ts';
import { positionalsOf, readArguments } from '../command.ts';
import type { Command } from '../command.ts';
import { CliError } from '../errors.ts';
import { REGISTRY_OPTIONS, REGISTRY_USAGE, flagsFor } from '../registry/connection.ts';
import type { RegistryFlags } from '../registry/connection.ts';
import type { Terminal } from '../terminal.ts';
import { localChart, pulledChart } from './chart-source.ts';
import { readComposition } from './composition.ts';
import type { CompositionPart } from './composition.ts';
import { digestOfBytes } from '../../registry-client/index.ts';
import { archiveName, writeInto } from './package.ts';

/** `kubectl release compose`. */
export const usage = `Usage: kubectl release compose FILE [options]

Makes a chart from existing ones, which become its subcharts, and prints the path of its archive: NAME-VERSION.tgz. FILE, in YAML or
JSON, says which:

  apiVersion: coxswain.dev/v1alpha1
  kind: Composition
  name: shop
  version: 1.0.0
  charts:
    - chart: oci://HOST/SPACE/web
      version: ^1.2.0
      alias: front
      values: {replicas: 2}

  -d, --destination DIR   where to put it; default: the current directory
  --version VERSION       the chart's version, instead of what the file says
  --app-version VERSION   the same for appVersion
${REGISTRY_USAGE}

A password is for the registry of the first chart that is pulled.`;

/** Its options, for `readArguments`. */
export const options = {
  ...REGISTRY_OPTIONS,
  destination: { type: 'string', short: 'd', default: '.' },
  version: { type: 'string' },
  'app-version': { type: 'string' },
} as const;

/** Writes a composed chart's archive; what each version stands for now goes to `err`. */
export const run: Command = async (args, terminal) => {
  const { values: flags, positionals } = readArguments(args, options);
  const [file = ''] = positionalsOf(positionals, 1, ['FILE']);
  const { charts, ...composition } = await readComposition(file);
  const parts: ComposedPart[] = [];
  const home = (await Promise.all(charts.map(registryOf))).find((registry) => registry !== undefined) ?? '';
  for (const part of charts) parts.push(await partOf(part, { folder: dirname(file), home, flags, terminal }));
  const { version = composition.version, 'app-version': appVersion = composition.appVersion } = flags;
  const { chart, bytes } = await composeChart({ ...composition, version, appVersion }, parts);
  const path = await writeInto(flags.destination, archiveName(chart.metadata), bytes);
  terminal.err(`composed ${file}: ${digestOfBytes(bytes)}`);
  terminal.out(path);
  return 0;
};

interface PartSettings {
  folder: string;
  home: string;
  flags: RegistryFlags;
  terminal: Terminal;
}

async function partOf(part: CompositionPart, { folder, home, flags, terminal }: PartSettings): Promise<ComposedPart> {
  const { alias, values } = part;
  const registry = await registryOf(part);
  const found =
    registry === undefined
      ? await localChart(resolve(folder, part.chart))
      : await pulledChart(await referenceOf(part), flagsFor(flags, home, registry));
  const { name, version } = found.chart.metadata;
  terminal.err(`${part.chart}: ${name} ${version} ${found.digest ?? digestOfBytes(found.bytes)}`);
  return { archive: found.bytes, alias, values, repository: registry ?? '' };
}

/** The registry that a chart is pulled from, as Helm writes it; undefined for a directory or archive. */
async function registryOf(part: CompositionPart): Promise<string | undefined> {
  if (part.repository === undefined && !part.chart.startsWith('oci://')) return undefined;
  return (await referenceOf(part)).registry;
}

async function referenceOf({ chart, repository, version }: CompositionPart): ReturnType<typeof chartReferenceOf> {
  try {
    return await chartReferenceOf(chart, { repo: repository, version });
  } catch (cause) {
    if (!(cause instanceof CliError)) throw cause;
    throw new CliError('Unreadable', `the chart ${chart} of the composition cannot be found: ${cause.message}`, {
      cause,
    });
  }
}
