import type { HelmVersion, ValuesReference } from '../../../crds/index.ts';
import { readValuesInSteps, type JsonObject } from '../../../chart-renderer/index.ts';
import { atOnce, nodesIn } from '../../../resources/index.ts';
import { MAX_NODES } from '../value-limits.ts';

/** One reference of valuesFrom with the text it stands for; undefined only where it is optional and absent. */
export interface SourceText {
  readonly reference: ValuesReference;
  readonly text: string | undefined;
  /** The version of Helm that it is read like; undefined for the default. */
  readonly helmVersion?: HelmVersion | undefined;
}

/** A file of the chart that `spec.chart.valuesFiles` names. */
export interface FileText extends Omit<SourceText, 'reference'> {
  readonly reference: { readonly kind: 'ChartFile'; readonly name: string; readonly targetPath?: undefined };
}

type Reading = { values: JsonObject; nodes: number } | { error: unknown };

/** Reading a megabyte takes long, and a pass needs it several times: to render, and to know what to mask. */
const readings = new WeakMap<SourceText | FileText, Reading>();

/** The values that a text in YAML holds, at most 50,000, and how many. Throws YamlError, or Error where it is not a map. */
export function valuesIn(source: SourceText | FileText): { values: JsonObject; nodes: number } {
  return atOnce(valuesInSteps(source));
}

/** As `valuesIn`. A generator: it yields now and then, so that its caller can let others run. */
export function* valuesInSteps(
  source: SourceText | FileText,
): Generator<undefined, { values: JsonObject; nodes: number }> {
  const reading = readings.get(source) ?? (yield* readingOf(source));
  readings.set(source, reading);
  if ('error' in reading) throw reading.error;
  return reading;
}

function* readingOf({ text = '', helmVersion }: SourceText | FileText): Generator<undefined, Reading> {
  try {
    const values = yield* readValuesInSteps(text, { helmVersion, maxNodes: MAX_NODES });
    yield;
    return { values, nodes: nodesIn(values, MAX_NODES) };
  } catch (error) {
    return { error };
  }
}
