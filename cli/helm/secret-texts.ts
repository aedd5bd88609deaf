import type { VersionRecord } from '../../records/index.ts';
import { jsonOf, textsAndNumbersIn, type KubeObject } from '../../resources/index.ts';

/** From how many characters on a text counts as a secret, and a line of a text of several lines; how many characters identify one. */
const CHARS = { text: 4, line: 8, significant: 64 };

/** Texts that reveal nothing, wherever they come from. */
const NO_SECRETS: ReadonlySet<string> = new Set(['true', 'false', 'null', 'none']);

/**
 * Hides texts in which something stands that the Secrets of one of these versions hold, or that was drawn at random for it. All of such a
 * text is hidden, since it may be cut short afterwards.
 */
export function secretsHidden(records: readonly VersionRecord[]): (text: string) => string {
  const beginnings = new Set<string>();
  for (const secret of records.flatMap((record) => [...secretsOf(record)])) {
    for (const line of linesOf(secret)) {
      const beginning = line.slice(0, CHARS.significant);
      // In an object, a text is shown as JSON.
      beginnings.add(beginning).add(jsonOf(beginning).slice(1, -1));
    }
  }
  return (text) => ([...beginnings].some((beginning) => text.includes(beginning)) ? '***' : text);
}

function* secretsOf({ objects, hooks, remembered = {} }: VersionRecord): Iterable<string> {
  for (const { object } of [...objects, ...hooks]) yield* secretsInObject(object);
  yield* textsAndNumbersIn(remembered);
}

function* secretsInObject({ apiVersion, kind, data, stringData }: KubeObject): Iterable<string> {
  if (kind !== 'Secret' || apiVersion !== 'v1') return;
  for (const text of textsAndNumbersIn(data)) {
    yield text;
    yield Buffer.from(text, 'base64').toString('utf8');
  }
  yield* textsAndNumbersIn(stringData);
}

function linesOf(text: string): string[] {
  const lines = text.trim().split('\n');
  const shortest = lines.length === 1 ? CHARS.text : CHARS.line;
  return lines
    .map((line) => line.trim())
    .filter((line) => line.length >= shortest && !NO_SECRETS.has(line.toLowerCase()));
}
