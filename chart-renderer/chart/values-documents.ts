import { YamlError } from '../../golang/yaml/index.ts';

const SEPARATOR = '---';

/**
 * The documents of a text of values, split as Helm 4 does by k8s.io/apimachinery's YAMLReader: a separator before anything else is a
 * part of the first. Throws `YamlError` where something follows a separator on its line. A character may stand for a byte.
 */
export function* valuesDocuments(text: string): Generator<string> {
  if (isOneDocument(text)) return yield withLastLineEnded(text);
  let start = 0;
  for (const at of separatorsIn(text)) {
    const next = checkedSeparator(text, at);
    if (at === start) continue;
    yield documentOf(text.slice(start, at));
    start = next;
  }
  if (start < text.length) yield documentOf(text.slice(start));
}

/** Nearly all files of values are one: at most they have a separator before it. */
function isOneDocument(text: string): boolean {
  return !text.includes(`\n${SEPARATOR}`) && (!text.startsWith(SEPARATOR) || text.startsWith(`${SEPARATOR}\n`));
}

/** Helm 4's reader ends the last line where it is not ended, which shows in a block scalar. */
function withLastLineEnded(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

/** Where the lines that begin with a separator start. */
function* separatorsIn(text: string): Iterable<number> {
  if (text.startsWith(SEPARATOR)) yield 0;
  for (let at = text.indexOf(`\n${SEPARATOR}`); at >= 0; at = text.indexOf(`\n${SEPARATOR}`, at + 1)) yield at + 1;
}

/** Where the next line begins; the text's length, or one more, where there is none. */
function checkedSeparator(text: string, at: number): number {
  const lineEnd = text.indexOf('\n', at);
  const end = lineEnd < 0 ? text.length : lineEnd;
  const rest = text.slice(at + SEPARATOR.length, end).trim();
  if (rest === '' || rest.startsWith('#')) return end + 1;
  throw new YamlError('Syntax', `error reading yaml document: invalid Yaml document separator: ${rest}`);
}

function documentOf(lines: string): string {
  return withLastLineEnded(lines).replaceAll('\r\n', '\n');
}
