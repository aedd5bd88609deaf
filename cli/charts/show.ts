import { publishedMetadata, writeYaml, type Chart } from '../../chart-renderer/index.ts';
import { CHART_OPTIONS } from '../chart-reference.ts';
import { positionalsOf, readArguments } from '../command.ts';
import type { Command } from '../command.ts';
import { CliError } from '../errors.ts';
import { REGISTRY_OPTIONS, REGISTRY_USAGE } from '../registry/connection.ts';
import { VERIFICATION_OPTIONS, VERIFICATION_USAGE } from '../registry/verification.ts';
import { printableLines } from '../terminal.ts';
import { namedChart } from './chart-source.ts';

/** `kubectl release show`. */
export const usage = `Usage: kubectl release show [chart|values|schema|readme|crds|all] CHART [options]

Prints what is in a chart, by default Chart.yaml: values are its default values, schema is values.schema.json.

  CHART                   a directory, an archive, oci://HOST/SPACE/NAME[:VERSION][@DIGEST], or a name in --repo
  --repo URL              a classic chart repository
  --version VERSION       a version or a range; default: the newest stable one
${VERIFICATION_USAGE}
${REGISTRY_USAGE}`;

const README = /^readme(\.md|\.txt)?$/i;

const PARTS: Readonly<Record<string, (chart: Chart) => string>> = {
  chart: ({ metadata }) => writeYaml(publishedMetadata({ ...metadata, engine: ownEngine(metadata) })).trimEnd(),
  values: ({ valuesFile }) => textOf(valuesFile),
  schema: ({ schema }) => textOf(schema),
  readme: ({ files }) => textOf(files.find(({ name }) => README.test(name))?.data),
  crds: (chart) =>
    definitionsOf(chart)
      .map((text) => `${text.startsWith('---') ? '' : '---\n'}${text}\n`)
      .join('')
      .trimEnd(),
  all: (chart) =>
    ['chart', 'values', 'readme', 'crds']
      .map((part) => PARTS[part]?.(chart) ?? '')
      .filter(Boolean)
      .join('\n---\n'),
};

/** Its options, for `readArguments`. */
export const options = {
  ...CHART_OPTIONS,
  ...REGISTRY_OPTIONS,
  ...VERIFICATION_OPTIONS,
} as const;

/** Prints a part of a chart. */
export const run: Command = async (args, terminal) => {
  const { values: flags, positionals } = readArguments(args, options);
  const [first = '', second] = positionalsOf(positionals, 1, ['CHART', 'PART']);
  const [part, named] = second === undefined ? ['chart', first] : [first, second];
  const print = Object.hasOwn(PARTS, part) ? PARTS[part] : undefined;
  if (print === undefined)
    throw new CliError('Usage', `"${part}" is not a part of a chart: use ${Object.keys(PARTS).join(', ')}`);
  const { chart } = await namedChart(named, flags);
  const text = print(chart);
  if (text === '') terminal.err(`the chart ${chart.metadata.name} ${chart.metadata.version} has no ${part}`);
  else terminal.out(printableLines(text));
  return 0;
};

/** Helm does not know the field, and for Go templates it says nothing. */
function ownEngine({ engine }: Chart['metadata']): string {
  return engine === 'handlebars' ? engine : '';
}

function textOf(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? '' : Buffer.from(bytes).toString('utf8').trimEnd();
}

function definitionsOf({ files, dependencies }: Chart): string[] {
  const own = files.filter(({ name }) => name.startsWith('crds/') && /\.(ya?ml|json)$/i.test(name));
  return [...own.map(({ data }) => Buffer.from(data).toString('utf8')), ...dependencies.flatMap(definitionsOf)];
}
