import { textsAndNumbersIn } from '../json/json.ts';
import type { KubeObject } from '../types.ts';
import { unindented } from './decoded-texts.ts';
import { SHORTEST_SECRET } from './search.ts';

/** From how many characters on a line of a text of several lines counts, and how many lines of one text do. */
const LINES = { shortest: 8, max: 1_000 };

/** Texts that reveal nothing, wherever they come from. */
const NO_SECRETS: ReadonlySet<string> = new Set(['true', 'false', 'null', 'none']);

/**
 * What has to be masked because of the texts of Secrets, without the white space around it: each text, one of several lines also as it is
 * without its indents, and each of its lines. What is too short to be a secret is left out.
 */
export function* textsToMask(texts: Iterable<string>): Iterable<string> {
  for (const text of texts) {
    const whole = text.trim();
    if (whole.length >= SHORTEST_SECRET && !NO_SECRETS.has(whole.toLowerCase())) yield whole;
    if (whole.includes('\n')) yield* linesToMask(whole);
  }
}

function* linesToMask(whole: string): Iterable<string> {
  const flat = unindented(whole);
  if (flat !== whole) yield flat;
  for (const line of whole.split('\n', LINES.max)) {
    const trimmed = line.trim();
    if (trimmed.length >= LINES.shortest) yield trimmed;
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
