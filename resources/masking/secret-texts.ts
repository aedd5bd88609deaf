import { textsAndNumbersIn } from '../json/json.ts';
import type { KubeObject } from '../types.ts';
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
