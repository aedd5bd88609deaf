import type { ReleaseSpec, ValuesReference } from '../../../crds/index.ts';
import { mergeValues, setPath, YamlError, type JsonObject } from '../../../chart-renderer/index.ts';
import { digestOfJson, holdsMoreThan, inDoubles, isDeeperThan, type KubeObject } from '../../../resources/index.ts';
import { ReleaseError } from '../../pass/failures/errors.ts';
import { valuesIn, type SourceText } from '../../pass/failures/source-text.ts';
import { MAX_DEPTH, MAX_NODES } from '../../pass/value-limits.ts';

/** Finds the ConfigMap or Secret that a reference names; undefined where it does not exist. */
export type FindValues = (kind: ValuesReference['kind'], name: string) => KubeObject | undefined;

/** The texts that valuesFrom names, in order; throws ReleaseError ValuesNotFound where one that is not optional is absent. */
export function readValues(spec: ReleaseSpec, find: FindValues): SourceText[] {
  return (spec.valuesFrom ?? []).map((reference) => {
    const text = textOf(reference, find(reference.kind, reference.name));
    if (text === undefined && reference.optional !== true) throw missing(reference);
    return { reference, text };
  });
}

/** Digest of the texts; changes when any of the data that the values are made from does. */
export function inputsDigest(texts: SourceText[]): string {
  return digestOfJson(texts.map(({ text }) => text ?? null));
}

/**
 * The values to render with: valuesFrom in order, then spec.values over them, as repeated `--values` and `--set-file` of
 * Helm merge. Throws ReleaseError ValuesInvalid naming the reference whose text is no YAML map or whose path does not fit,
 * LimitExceeded where values are nested more than 1,000 levels deep, or have more than 50,000 keys and values. A generator: it yields
 * after each text, so that its caller can let others run.
 */
export function* mergedValues(spec: ReleaseSpec, texts: SourceText[]): Generator<undefined, JsonObject> {
  if (isDeeperThan(spec.values, MAX_DEPTH)) {
    throw new ReleaseError('LimitExceeded', `spec.values is nested more than ${MAX_DEPTH} levels deep`);
  }
  checkNodes(spec.values, 'spec.values holds');
  let values: JsonObject = {};
  for (const source of texts) {
    const { reference, text } = source;
    if (text === undefined) continue;
    try {
      values =
        reference.targetPath === undefined
          ? mergeValues(values, valuesIn(source))
          : setPath(values, reference.targetPath, text);
    } catch (cause) {
      throw misfit(reference, cause);
    }
    checkNodes(values, 'the values of spec.valuesFrom hold');
    yield;
  }
  // Templates see every number as a double, as in Helm, however many digits the spec has.
  const all = mergeValues(values, inDoubles(spec.values ?? {}) as JsonObject);
  checkNodes(all, 'spec.values and the values of spec.valuesFrom hold');
  return all;
}

function checkNodes(values: unknown, whichHold: string): void {
  if (!holdsMoreThan(values, MAX_NODES)) return;
  throw new ReleaseError('LimitExceeded', `${whichHold} more than ${MAX_NODES} keys and values`);
}

function textOf({ kind, key }: ValuesReference, object: KubeObject | undefined): string | undefined {
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

function misfit(reference: ValuesReference, cause: unknown): ReleaseError {
  // Its words are the limit's alone.
  if (cause instanceof YamlError && cause.code === 'limit') {
    return new ReleaseError('LimitExceeded', `${describe(reference)}: ${cause.message}`);
  }
  if (reference.kind === 'Secret') {
    // A parser's own words can quote the text.
    const why = 'its text is not a YAML map of values, or targetPath leads through something that is not a map';
    return new ReleaseError('ValuesInvalid', `${describe(reference)} does not fit: ${why}`);
  }
  const why = cause instanceof Error ? cause.message : String(cause);
  return new ReleaseError('ValuesInvalid', `${describe(reference)} does not fit: ${why}`, { cause });
}

function missing(reference: ValuesReference): ReleaseError {
  const message = `${describe(reference)} does not exist: create it, or mark the reference optional`;
  // Its watch brings the Release back the moment it appears.
  return new ReleaseError('ValuesNotFound', message);
}

function describe({ kind, name, key }: ValuesReference): string {
  return `valuesFrom: key "${key}" of ${kind} ${name}`;
}
