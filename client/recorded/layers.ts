import { mergeValues, readValues, setPath } from '../../chart-renderer/index.ts';
import type { Chart, Json, JsonObject, ValuesLayer } from '../../chart-renderer/index.ts';
import { isJsonObject } from '../../chart-renderer/index.ts';
import type { ReleaseContent, ValuesReference } from '../../crds/index.ts';
import { isKubeError } from '../../kube/index.ts';
import { digestOfJson, withFloat64Numbers } from '../../resources/index.ts';
import { CONFIG_MAPS, SECRETS, type Cluster } from '../releases/index.ts';
import type { Recorded } from './record.ts';

/** A layer of the values of a version, and whether it is from a Secret. */
export interface RecordedLayer extends ValuesLayer {
  readonly isSecret: boolean;
}

/**
 * The layers that the recorded values were merged from. What valuesFrom names is read as it is now, with the user's rights; where that may
 * not be read, or has changed since, everything below `values` is one layer.
 */
export async function layersOf(cluster: Cluster, recorded: Recorded, chart: Chart): Promise<RecordedLayer[]> {
  const { content, values } = recorded;
  const top: RecordedLayer = { source: 'values', values: asRendered(content.values ?? {}), isSecret: false };
  const below = await layersBelow(cluster, content, chart).catch((error: unknown) => {
    if (isKubeError(error, 'Forbidden')) return undefined;
    throw error;
  });
  const merged = below && mergeValues(...[...below, top].map((layer) => layer.values));
  if (below && digestOfJson(merged) === digestOfJson(values)) return [...below, top];
  const { valuesFrom = [] } = content;
  const source = `valuesFrom${content.chart.valuesFiles ? ' or valuesFiles' : ''} (as recorded)`;
  return [{ source, values, isSecret: valuesFrom.some(({ kind }) => kind === 'Secret') }, top];
}

/** Templates see every number as a double. */
function asRendered(values: object): JsonObject {
  return withFloat64Numbers(values) as JsonObject;
}

/** Throws KubeError, Forbidden where the user may not read one of the sources. */
async function layersBelow(
  cluster: Cluster,
  { chart: { valuesFiles = [] }, valuesFrom = [], helmVersion }: ReleaseContent,
  { files }: Chart,
): Promise<RecordedLayer[]> {
  const layers: RecordedLayer[] = [];
  for (const name of valuesFiles) {
    const file = files.find((each) => each.name === name);
    const values = file && readValues(Buffer.from(file.data).toString('utf8'), { helmVersion });
    if (values) layers.push({ source: `file ${name}`, values, isSecret: false });
  }
  for (const [index, reference] of valuesFrom.entries()) {
    const text = await textOf(cluster, reference);
    if (text === undefined) continue;
    const { kind, name, key, targetPath } = reference;
    const merged = mergeValues(...layers.map((layer) => layer.values));
    const values = targetPath === undefined ? readValues(text, { helmVersion }) : placed(merged, targetPath, text);
    layers.push({ source: `valuesFrom[${index}] ${kind}/${name} ${key}`, values, isSecret: kind === 'Secret' });
  }
  return layers;
}

/** What a path sets, as a layer: where it leads into a list, that list as a whole. */
function placed(below: JsonObject, path: string, text: string): JsonObject {
  return withListsOf(setPath(below, path, text), setPath({}, path, text));
}

function withListsOf(whole: Json | undefined, own: JsonObject): JsonObject {
  const entries = Object.entries(own).map(([key, value]): [string, Json] => {
    const here = isJsonObject(whole) ? whole[key] : undefined;
    if (Array.isArray(value)) return [key, here ?? value];
    return [key, isJsonObject(value) ? withListsOf(here, value) : value];
  });
  return Object.fromEntries(entries);
}

type SourceObject = Parameters<Cluster['client']['create']>[1] & {
  data?: Record<string, string>;
  binaryData?: Record<string, string>;
};

/** The text that a reference stands for; undefined if it does not exist. Throws KubeError. */
async function textOf(
  { client, namespace }: Cluster,
  { kind, name, key }: ValuesReference,
): Promise<string | undefined> {
  const resource = kind === 'Secret' ? SECRETS : CONFIG_MAPS;
  try {
    const { data = {}, binaryData = {} } = await client.get<SourceObject>(resource, namespace, name);
    const encoded = kind === 'Secret' ? data[key] : binaryData[key];
    return encoded === undefined ? data[key] : Buffer.from(encoded, 'base64').toString('utf8');
  } catch (error) {
    if (isKubeError(error, 'NotFound')) return undefined;
    throw error;
  }
}
