import {
  holdsSecret,
  layersOf,
  maskedText,
  maskedValues,
  maskOf,
  readHistory,
  readRecorded,
  withoutSecrets,
} from '../../../client/recorded/index.ts';
import type { Recorded, RecordedLayer, VersionMask } from '../../../client/recorded/index.ts';
import { readRelease, type Cluster } from '../../../client/releases/index.ts';
import { ClientError, reasonOf } from '../../../client/messages/index.ts';
import { explainValues, type Chart, type ExplainedValue, type SourcedValue } from '../../../chart-renderer/index.ts';
import type { ReleaseHistory } from '../../../crds/index.ts';
import { writeReadableYaml } from '../../../golang/yaml/index.ts';
import type { VersionRecord } from '../../../records/index.ts';
import { jsonOf } from '../../../resources/index.ts';
import { inTurns } from '../../../turns/index.ts';
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
  return { text: await inTurns(shownManifest(await recordedOf(cluster, name, version), part)) };
}

function* shownManifest(recorded: VersionRecord, part: ManifestPart): Generator<undefined, string> {
  const documents: string[] = [];
  for (const { object, source } of yield* withoutSecrets(recorded[part], yield* maskOf(recorded))) {
    documents.push(`---\n# Source: ${source}\n${writeReadableYaml(object)}`);
    yield;
  }
  return documents.join('');
}

/** What the chart's NOTES.txt gave for a version; secrets are `***`. Throws ClientError, KubeError. */
export async function notesOf(cluster: Cluster, name: string, version: number): Promise<TextAnswer> {
  return { text: await inTurns(shownNotes(await recordedOf(cluster, name, version))) };
}

function* shownNotes(recorded: VersionRecord): Generator<undefined, string> {
  return (yield* maskedText(recorded.notes ?? '', yield* maskOf(recorded))).trimEnd();
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
  const mask = await inTurns(maskOf(recorded));
  const yaml = writeReadableYaml(await inTurns(maskedValues(recorded.values, mask)));
  if (chartOf === undefined) return { yaml, why: 'this dashboard reads no charts' };
  try {
    const chart = await chartOf(recorded, history);
    const layers = await layersOf(cluster, recorded, chart);
    return { yaml, explained: await inTurns(explainedRows(chart, layers, mask)) };
  } catch (error) {
    if (!(error instanceof ClientError) && !(error instanceof Error && 'transient' in error)) throw error;
    return { yaml, why: reasonOf(error) };
  }
}

const MAX_CHARS = 500;
const MAX_ROWS = 5_000;

function* explainedRows(
  chart: Chart,
  layers: readonly RecordedLayer[],
  mask: VersionMask,
): Generator<undefined, ExplainedRow[]> {
  const secretLayers = new Set(layers.filter(({ isSecret }) => isSecret).map(({ source }) => source));
  const shown = function* shownValue({ value, source }: SourcedValue): Generator<undefined, string> {
    if (secretLayers.has(source) || (yield* holdsSecret(value, mask))) return '***';
    const text = jsonOf(value);
    return text.length <= MAX_CHARS ? text : `${text.slice(0, MAX_CHARS - 1)}…`;
  };
  const rows: ExplainedRow[] = [];
  for (const each of explainValues(chart, layers).slice(0, MAX_ROWS)) {
    rows.push(yield* explainedRow(each, shown));
    yield;
  }
  return rows;
}

function* explainedRow(
  { path, from, isDeleted, over }: ExplainedValue,
  shown: (value: SourcedValue) => Generator<undefined, string>,
): Generator<undefined, ExplainedRow> {
  const below: ExplainedRow['over'][number][] = [];
  for (const each of over) below.push({ value: yield* shown(each), source: each.source });
  return {
    path: path.map((key) => key.replace(/[\\.[\],=]/gu, String.raw`\$&`)).join('.'),
    value: isDeleted ? '' : yield* shown(from),
    source: from.source,
    ...(isDeleted && { deleted: true }),
    over: below,
  };
}
