import {
  layersOf,
  maskedValues,
  readHistory,
  readRecorded,
  secretsAmong,
  withoutSecrets,
} from '../../../client/recorded/index.ts';
import type { Recorded } from '../../../client/recorded/index.ts';
import { readRelease, type Cluster } from '../../../client/releases/index.ts';
import { ClientError, reasonOf } from '../../../client/told/index.ts';
import { explainValues, type Chart, type ExplainedValue, type SourcedValue } from '../../../chart-renderer/index.ts';
import type { ReleaseHistory } from '../../../crds/index.ts';
import { writeYaml } from '../../../golang/yaml/index.ts';
import { jsonOf, textsAndNumbersIn } from '../../../resources/index.ts';
import type { ExplainedRow, ManifestPart, TextAnswer, ValuesView } from '../../api/index.ts';

/** Reads the chart that a version was recorded with. */
export type ChartOfVersion = (recorded: Recorded, history: ReleaseHistory) => Promise<Chart>;

/** The objects of a version as YAML; secrets are `***`. Throws ClientError, KubeError. */
export async function manifestOf(
  cluster: Cluster,
  name: string,
  version: number,
  part: ManifestPart,
): Promise<TextAnswer> {
  const recorded = await recordedOf(cluster, name, version);
  const shown = withoutSecrets(recorded[part], secretsAmong(recorded));
  return { text: shown.map(({ object, source }) => `---\n# Source: ${source}\n${writeYaml(object)}`).join('') };
}

/** What the chart's NOTES.txt gave for a version; secrets are `***`. Throws ClientError, KubeError. */
export async function notesOf(cluster: Cluster, name: string, version: number): Promise<TextAnswer> {
  const recorded = await recordedOf(cluster, name, version);
  const secrets = [...secretsAmong(recorded)].toSorted((a, b) => b.length - a.length);
  return { text: secrets.reduce((text, secret) => text.replaceAll(secret, '***'), recorded.notes ?? '').trimEnd() };
}

async function recordedOf(cluster: Cluster, name: string, version: number) {
  await readRelease(cluster, name);
  return readRecorded(cluster, await readHistory(cluster, name, version));
}

/** The values of a version and, where its chart can be read, from which layer each is. Throws ClientError, KubeError. */
export async function valuesOf(
  cluster: Cluster,
  name: string,
  version: number,
  chartOf: ChartOfVersion | undefined,
): Promise<ValuesView> {
  const history = await readHistory(cluster, name, version);
  const recorded = await readRecorded(cluster, history);
  const yaml = writeYaml(maskedValues(recorded.values, secretsAmong(recorded)));
  if (chartOf === undefined) return { yaml, why: 'this dashboard reads no charts' };
  try {
    return { yaml, explained: await explained(cluster, recorded, await chartOf(recorded, history)) };
  } catch (error) {
    if (!(error instanceof ClientError) && !(error instanceof Error && 'transient' in error)) throw error;
    return { yaml, why: reasonOf(error) };
  }
}

const MAX_CHARS = 500;
const MAX_ROWS = 5_000;

async function explained(cluster: Cluster, recorded: Recorded, chart: Chart): Promise<ExplainedRow[]> {
  const layers = await layersOf(cluster, recorded, chart);
  const secretLayers = new Set(layers.filter(({ isSecret }) => isSecret).map(({ source }) => source));
  const secrets = secretsAmong(recorded);
  const textOf = ({ value, source }: SourcedValue): string => {
    if (secretLayers.has(source) || [...textsAndNumbersIn(value)].some((text) => secrets.has(text))) return '***';
    const text = jsonOf(value);
    return text.length <= MAX_CHARS ? text : `${text.slice(0, MAX_CHARS - 1)}…`;
  };
  return explainValues(chart, layers)
    .slice(0, MAX_ROWS)
    .map((each) => explainedRow(each, textOf));
}

function explainedRow(
  { path, from, isDeleted, over }: ExplainedValue,
  textOf: (value: SourcedValue) => string,
): ExplainedRow {
  return {
    path: path.map((key) => key.replace(/[\\.[\],=]/gu, String.raw`\$&`)).join('.'),
    value: isDeleted ? '' : textOf(from),
    source: from.source,
    ...(isDeleted && { deleted: true }),
    over: over.map((each) => ({ value: textOf(each), source: each.source })),
  };
}
