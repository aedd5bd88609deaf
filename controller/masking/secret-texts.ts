import type { VersionRecord } from '../../records/index.ts';
import { textsAndNumbersIn, type KubeObject } from '../../resources/index.ts';
import { valuesIn, valuesInSteps, type SourceText } from '../pass/failures/source-text.ts';
import { MAX_NODES } from '../pass/value-limits.ts';
import { SHORTEST_SECRET } from './search.ts';

/** From how many characters on a line of a text of several lines counts, and how many lines of one text do. */
const LINES = { shortest: 8, max: 1_000 };

/** Texts that reveal nothing, wherever they come from. */
const NO_SECRETS: ReadonlySet<string> = new Set(['true', 'false', 'null', 'none']);

/**
 * Which of the texts of Secrets have to be masked: those of one line, and the lines of the others, without the white space around them.
 * Those that are too short to be a secret are left out.
 */
export function* linesToMask(texts: Iterable<string>): Iterable<string> {
  for (const text of texts) {
    const lines = text.trim().split('\n', LINES.max);
    const shortest = lines.length === 1 ? SHORTEST_SECRET : LINES.shortest;
    for (const line of lines) {
      const trimmed = line.trim();
      if (trimmed.length >= shortest && !NO_SECRETS.has(trimmed.toLowerCase())) yield trimmed;
    }
  }
}

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

/** All secrets of a version: what came from Secrets into its values, what its own Secrets hold, what was generated at random for it. */
export function* secretsOfRecord(record: VersionRecord): Iterable<string> {
  const { content, values, secretValues, objects, hooks, crds, remembered = {} } = record;
  const hasSecrets = content.valuesFrom?.some(({ kind }) => kind === 'Secret') ?? false;
  // An older record does not tell which values came from a Secret.
  yield* secretValues ?? (hasSecrets ? textsAndNumbersIn(values) : []);
  for (const { object } of [...objects, ...hooks, ...crds]) yield* secretsInObject(object);
  yield* textsAndNumbersIn(remembered);
}

/** What a Secret holds, as text; nothing for other objects. */
export function* secretsInObject(object: KubeObject): Iterable<string> {
  if (object.kind !== 'Secret' || object.apiVersion !== 'v1') return;
  // Read only for Secrets: the data of other kinds may be large, and packed.
  const { data, stringData } = object;
  for (const text of textsAndNumbersIn(data)) {
    const bytes = Buffer.from(text, 'base64');
    yield bytes.toString('utf8');
    // What is not base64 is refused, and the refusal quotes it as it stands.
    if (bytes.toString('base64') !== text) yield text;
  }
  yield* textsAndNumbersIn(stringData);
}

function mapIn(source: SourceText): ReturnType<typeof valuesIn> | undefined {
  try {
    return valuesIn(source);
  } catch {
    // What is not YAML, or too much of it, is masked as it stands.
    return undefined;
  }
}
