import type { ValuesReference } from '../../../crds/index.ts';
import { isJsonObject, readYaml, type JsonObject } from '../../../chart-renderer/index.ts';
import { MAX_NODES } from '../value-limits.ts';

/** One reference of valuesFrom with the text it stands for; undefined only where it is optional and absent. */
export interface SourceText {
  reference: ValuesReference;
  text: string | undefined;
}

type Reading = { values: JsonObject } | { error: unknown };

/** Reading a megabyte takes long, and a pass needs it several times: to render, and to know what to mask. */
const readings = new WeakMap<SourceText, Reading>();

/** The values that a text holds in YAML, of which there are no more than 50,000. Throws YamlError, or Error where it is no map. */
export function valuesIn(source: SourceText): JsonObject {
  const reading = readings.get(source) ?? readingOf(source);
  readings.set(source, reading);
  if ('error' in reading) throw reading.error;
  return reading.values;
}

function readingOf({ text = '' }: SourceText): Reading {
  try {
    const values = readYaml(text, MAX_NODES) ?? {};
    return isJsonObject(values) ? { values } : { error: new Error('the text is YAML, but not a map of values') };
  } catch (error) {
    return { error };
  }
}
