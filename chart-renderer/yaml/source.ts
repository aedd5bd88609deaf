import { COLLECTION_STYLE, type Event, EVENT_ID, parseEvents, YAMLException } from 'js-yaml';
import { firstDocument } from './documents.ts';
import { YamlError } from './yaml-error.ts';

/** A parsed document: its events, whose offsets are into `text`. */
export interface Source {
  readonly text: string;
  readonly events: readonly Event[];
}

const MAX_DEPTH = 1000;
const MAX_CHARS = 8 * 1024 * 1024;
const MAX_REPARSED_CHARS = 64 * 1024 * 1024;
const UNREADABLE = /[^\P{Cc}\t\n\r\x85]|[\ufffe\uffff]/u;
const LEFTOVER = 'end of the stream or a document separator is expected';
const PADDING = ' '.repeat(64);

/**
 * Parses the first document of a text. Two things that go-yaml takes and js-yaml refuses are mended in the text: quoted text and flow
 * collections may go on with less indentation, and what comes after the document's end is not looked at. Throws `YamlError`.
 */
export function parseSource(input: string): Source {
  if (input.length > MAX_CHARS) throw new YamlError('limit', `YAML of more than ${MAX_CHARS} characters is refused`);
  const unreadable = input.search(UNREADABLE);
  if (unreadable >= 0) {
    const line = input.slice(0, unreadable).split('\n').length;
    throw new YamlError('syntax', 'yaml: control characters are not allowed', line);
  }
  return parseMended(firstDocument(input));
}

function parseMended(input: string): Source {
  let text = input;
  let mend: Mend | undefined;
  for (let parsed = 0; ; parsed += text.length + 1) {
    try {
      return { text, events: parseEvents(text, { maxDepth: MAX_DEPTH }) };
    } catch (error) {
      if (!(error instanceof YAMLException)) throw error;
      const { reason, mark } = error;
      if (parsed > MAX_REPARSED_CHARS)
        throw new YamlError('limit', 'yaml: too many lines of flow collections are not indented');
      if (mark === undefined) throw syntaxError(error);
      if (reason === 'deficient indentation') mend = nextMend(text, mark.line, mend);
      else if (mend !== undefined && mend.lines > 1)
        mend = { ...mend, lines: Math.trunc(mend.lines / 2), grows: false };
      else if (reason.startsWith(LEFTOVER)) return withoutRest(text, mark.position, error);
      else throw syntaxError(error);
      text = padLines(mend);
    }
  }
}

/** A text and the lines of it to be indented more, counted from 0. */
interface Mend {
  readonly text: string;
  readonly from: number;
  readonly lines: number;
  /** Whether the next mend may be of more lines: too many show in another error behind the flow collection. */
  readonly grows: boolean;
}

function nextMend(text: string, line: number, last: Mend | undefined): Mend {
  const follows = last !== undefined && last.grows && line === last.from + last.lines;
  return {
    text,
    from: line,
    lines: follows ? last.lines * 2 : 1,
    grows: last === undefined || last.grows || line > last.from + last.lines,
  };
}

function padLines({ text, from, lines }: Mend): string {
  const all = text.split('\n');
  for (let i = from; i < Math.min(from + lines, all.length); i++) all[i] = PADDING + (all[i] ?? '');
  return all.join('\n');
}

/** The document up to a line that is indented less than its root, which ends it for go-yaml; anything else left over is an error. */
function withoutRest(input: string, end: number, error: YAMLException): Source {
  const text = input.slice(0, end);
  const events = parseEvents(text, { maxDepth: MAX_DEPTH });
  const root = events[1];
  const inBlock = root?.type === EVENT_ID.MAPPING || root?.type === EVENT_ID.SEQUENCE;
  if (!inBlock || root.style !== COLLECTION_STYLE.BLOCK) throw syntaxError(error);
  if (columnOf(text, root.start) <= columnOf(text, end)) throw syntaxError(error);
  return { text, events };
}

function columnOf(text: string, offset: number): number {
  return offset - text.lastIndexOf('\n', offset - 1) - 1;
}

function syntaxError(error: YAMLException): YamlError {
  const line = error.mark === undefined ? undefined : error.mark.line + 1;
  const code = error.reason.startsWith('nesting exceeded') ? 'limit' : 'syntax';
  const place = line === undefined ? '' : `line ${line}: `;
  return new YamlError(code, `yaml: ${place}${error.reason}`, line, { cause: error });
}
