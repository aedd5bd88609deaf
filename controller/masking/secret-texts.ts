import { textsAndNumbersIn } from '../../resources/index.ts';
import { valuesIn, valuesInSteps, type SourceText } from '../pass/failures/source-text.ts';
import { MAX_NODES } from '../pass/value-limits.ts';

/**
 * What the Secrets of valuesFrom put into the values: a text as it is, the texts and numbers of a YAML map one by one. Once the maps have
 * more values than a Release may have, no other map is read, as in rendering.
 */
export function* secretsInValues(texts: readonly SourceText[]): Iterable<string> {
  let nodes = 0;
  for (const source of texts) {
    const { reference, text } = source;
    if (reference.kind !== 'Secret' || text === undefined) continue;
    const map = mayBeMap(source, nodes) ? mapIn(source) : undefined;
    nodes += map?.nodes ?? 0;
    if (map) yield* textsAndNumbersIn(map.values);
    else yield text;
  }
}

/** Reads what `secretsInValues` needs. A generator: it yields now and then, so that its caller can let others run. */
export function* readSecretValues(texts: readonly SourceText[]): Generator<undefined, void> {
  let nodes = 0;
  for (const source of texts) {
    if (source.reference.kind !== 'Secret' || source.text === undefined || !mayBeMap(source, nodes)) continue;
    try {
      nodes += (yield* valuesInSteps(source)).nodes;
    } catch {
      // It is masked as it stands.
    }
  }
}

function mayBeMap({ reference }: SourceText, nodesBefore: number): boolean {
  return reference.targetPath === undefined && nodesBefore <= MAX_NODES;
}

function mapIn(source: SourceText): ReturnType<typeof valuesIn> | undefined {
  try {
    return valuesIn(source);
  } catch {
    // What is not YAML, or too much of it, is masked as it stands.
    return undefined;
  }
}
