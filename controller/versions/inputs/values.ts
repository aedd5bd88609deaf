import { createHash } from 'node:crypto';
import type { HelmVersion, ReleaseSpec, ValuesReference } from '../../../crds/index.ts';
import { mergeValues, setPath, YamlError, type JsonObject } from '../../../chart-renderer/index.ts';
import {
  canonicalJson,
  digestOfJson,
  holdsMoreThan,
  withFloat64Numbers,
  isDeeperThan,
  type KubeObject,
} from '../../../resources/index.ts';
import { ReleaseError } from '../../pass/failures/errors.ts';
import { valuesInSteps, type FileText, type SourceText } from '../../pass/failures/source-text.ts';
import { MAX_DEPTH, MAX_NODES } from '../../pass/value-limits.ts';

/** Characters that the texts of valuesFrom may have together: each takes time to read and digest. */
const MAX_CHARS = 4 * 1024 * 1024;

/** The texts that the references of valuesFrom stand for, given the objects that they name; each is read when it is first asked for. */
export function textsOf(
  { valuesFrom = [], helmVersion }: Pick<ReleaseSpec, 'valuesFrom' | 'helmVersion'>,
  sources: readonly (KubeObject | undefined)[],
): SourceText[] {
  return valuesFrom.map((reference, index) => sourceText(reference, sources[index], helmVersion));
}

function sourceText(
  reference: ValuesReference,
  object: KubeObject | undefined,
  helmVersion: HelmVersion | undefined,
): SourceText {
  let read: { text: string | undefined } | undefined;
  return {
    reference,
    helmVersion,
    get text() {
      read ??= { text: textIn(reference, object) };
      return read.text;
    },
  };
}

/** The digest of no texts. */
export const NO_INPUTS = digestOfJson([]);

/**
 * Digest of the texts, as a list in canonical JSON. It changes whenever any of the data that the values are made from does. Throws
 * ReleaseError ValuesNotFound if a text that is not optional is absent, LimitExceeded if the texts have more than 4 Mi characters. A
 * generator: it yields after each text, so that its caller can let others run.
 */
export function* inputsDigest(texts: readonly SourceText[]): Generator<undefined, string> {
  const hash = createHash('sha256');
  let chars = 0;
  for (const [index, { reference, text }] of texts.entries()) {
    if (text === undefined && reference.optional !== true) throw missing(reference);
    chars += text?.length ?? 0;
    if (chars > MAX_CHARS) throw tooLong(reference);
    hash.update(`${index === 0 ? '[' : ','}${canonicalJson(text ?? null)}`);
    yield;
  }
  return texts.length === 0 ? NO_INPUTS : `sha256:${hash.update(']').digest('hex')}`;
}

/**
 * The values to render with: those of the chart's files and of valuesFrom in order, then spec.values over them, merged as Helm merges
 * repeated `--values` and `--set-file`. Throws ReleaseError ValuesInvalid naming the reference whose text is not a YAML map or whose path
 * does not fit, LimitExceeded if values are nested more than 1,000 levels deep, or have more than 50,000 keys and values. A generator: it
 * yields after each text, and as it reads one, so that its caller can let others run.
 */
export function* mergedValues(
  spec: ReleaseSpec,
  texts: readonly (FileText | SourceText)[],
): Generator<undefined, JsonObject> {
  if (isDeeperThan(spec.values, MAX_DEPTH)) {
    throw new ReleaseError('LimitExceeded', `spec.values is nested more than ${MAX_DEPTH} levels deep`);
  }
  checkNodes(spec.values, 'spec.values holds');
  let values: JsonObject = {};
  let read = 0;
  for (const source of texts) {
    const { text } = source;
    if (text === undefined) continue;
    const { merged, nodes } = yield* withText(values, source, text);
    values = merged;
    read += nodes;
    if (read > MAX_NODES) throw tooMany(HELD_BY_TEXTS[source.reference.kind]);
    checkNodes(values, HELD_BY_TEXTS[source.reference.kind]);
    yield;
  }
  // Templates see every number as a double, as in Helm, however many digits the spec has.
  const all = mergeValues(values, withFloat64Numbers(spec.values ?? {}) as JsonObject);
  checkNodes(all, 'spec.values and the values of spec.valuesFrom hold');
  return all;
}

/** The values with those of one text merged over them, and how many keys and values the text has. */
function* withText(
  values: JsonObject,
  source: FileText | SourceText,
  text: string,
): Generator<undefined, { merged: JsonObject; nodes: number }> {
  const { reference } = source;
  try {
    if (reference.targetPath !== undefined) return { merged: setPath(values, reference.targetPath, text), nodes: 1 };
    const own = yield* valuesInSteps(source);
    yield;
    return { merged: mergeValues(values, own.values), nodes: own.nodes };
  } catch (cause) {
    throw misfit(reference, cause);
  }
}

const HELD_BY_TEXTS = {
  ChartFile: 'the values of spec.chart.valuesFiles hold',
  ConfigMap: 'the values of spec.valuesFrom hold',
  Secret: 'the values of spec.valuesFrom hold',
};

function checkNodes(values: unknown, whichHold: string): void {
  if (holdsMoreThan(values, MAX_NODES)) throw tooMany(whichHold);
}

function tooMany(whichHold: string): ReleaseError {
  return new ReleaseError('LimitExceeded', `${whichHold} more than ${MAX_NODES} keys and values`);
}

function textIn({ kind, key }: ValuesReference, object: KubeObject | undefined): string | undefined {
  if (!object) return undefined;
  const data = object['data'] as Record<string, string> | undefined;
  const binary = object['binaryData'] as Record<string, string> | undefined;
  const encoded = ownText(kind === 'Secret' ? data : binary, key);
  if (encoded !== undefined) return Buffer.from(encoded, 'base64').toString('utf8');
  return kind === 'ConfigMap' ? ownText(data, key) : undefined;
}

function ownText(data: Record<string, string> = {}, key: string): string | undefined {
  return Object.hasOwn(data, key) ? data[key] : undefined;
}

function misfit(reference: Reference, cause: unknown): ReleaseError {
  // This message is about the limit alone: it quotes nothing.
  if (cause instanceof YamlError && cause.code === 'Limit') {
    return new ReleaseError('LimitExceeded', `${describe(reference)}: ${cause.message}`);
  }
  if (reference.kind === 'Secret') {
    // A parser's own message can quote the text.
    const why = 'its text is not a YAML map of values, or targetPath leads through something that is not a map';
    return new ReleaseError('ValuesInvalid', `${describe(reference)} cannot be used: ${why}`);
  }
  const why = cause instanceof Error ? cause.message : String(cause);
  return new ReleaseError('ValuesInvalid', `${describe(reference)} cannot be used: ${why}`, { cause });
}

function missing(reference: ValuesReference): ReleaseError {
  const message = `${describe(reference)} does not exist: create it, or mark the reference optional`;
  // The watch on the object brings the Release back the moment it appears.
  return new ReleaseError('ValuesNotFound', message);
}

function tooLong(reference: ValuesReference): ReleaseError {
  const limit = `the texts of spec.valuesFrom may have ${MAX_CHARS / 1024 / 1024} Mi characters together`;
  return new ReleaseError('LimitExceeded', `${limit}, and exceed that with ${describe(reference)}`);
}

type Reference = (FileText | SourceText)['reference'];

function describe(reference: Reference): string {
  const { kind, name } = reference;
  if (kind === 'ChartFile') return `spec.chart.valuesFiles: ${name}`;
  return `valuesFrom: key "${reference.key}" of ${kind} ${name}`;
}
