/** A text as it reads once one kind of escape is undone; `startOf` and `endOf` say where in the original a part of it stands. */
export interface DecodedText {
  text: string;
  startOf: (position: number) => number;
  endOf: (position: number) => number;
}

/** What a text reads as: as it stands, and without indents and with the escapes of JSON and of URLs undone where it has any. */
export function decodedTextsOf(text: string): DecodedText[] {
  const asItStands = { text, startOf: (position: number) => position, endOf: (position: number) => position };
  const texts: DecodedText[] = [asItStands];
  if (INDENT.test(text)) texts.push(replaced(text, INDENTS, () => '\n'));
  if (text.includes('\\')) texts.push(replaced(text, JSON_ESCAPE, unescaped));
  if (URL_ESCAPE_ONCE.test(text)) texts.push(replaced(text, URL_ESCAPE, decoded));
  return texts;
}

/**
 * The runs of a text that can be base64 or hexadecimal digits, each with what it decodes to, starting from each of its first characters.
 */
export function* encodedIn(text: string): Iterable<{ start: number; end: number; texts: string[] }> {
  for (const { digits, encoding, offsets } of ENCODINGS) {
    for (const { 0: run, index } of text.matchAll(digits)) {
      const texts = offsets.map((skipped) => Buffer.from(run.slice(skipped), encoding).toString('utf8'));
      yield { start: index, end: index + run.length, texts };
    }
  }
}

/** The digits of each encoding, and where in a run of them a first byte may begin. */
const ENCODINGS = [
  { encoding: 'base64', digits: /[\w+/-]{8,}={0,2}/g, offsets: [0, 1, 2, 3] },
  { encoding: 'hex', digits: /[\da-fA-F]{8,}/g, offsets: [0, 1] },
] as const;

/** The text with its lines as they are before `indent` moves them: without the white space that they begin with. */
export function unindented(text: string): string {
  return text.replaceAll(INDENTS, '\n');
}

const INDENT = /\n[ \t]/;
const INDENTS = /\n[ \t]+/g;

/** An escaped line end takes the indent of the next line with it. */
const JSON_ESCAPE = /\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|n(?:[ \t]|\\t)*|[^ux])/g;
const CONTROLS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

function unescaped(escape: string): string {
  const code = escape.charAt(1);
  if (code === 'u' || code === 'x') return String.fromCharCode(Number.parseInt(escape.slice(2), 16));
  return CONTROLS[code] ?? code;
}

const URL_ESCAPE_ONCE = /%[0-9a-fA-F]{2}/;
const URL_ESCAPE = /(?:%[0-9a-fA-F]{2})+|\+/g;

function decoded(escapes: string): string {
  return escapes === '+' ? ' ' : Buffer.from(escapes.replaceAll('%', ''), 'hex').toString('utf8');
}

function replaced(text: string, pattern: RegExp, meaning: (match: string) => string): DecodedText {
  const parts: string[] = [];
  // For each character of the decoded text: where in the original the text it comes from begins and ends.
  const starts: number[] = [];
  const ends: number[] = [];
  const add = (part: string, start: number, end: number | undefined): void => {
    parts.push(part);
    for (let at = 0; at < part.length; at += 1) {
      starts.push(end === undefined ? start + at : start);
      ends.push(end ?? start + at + 1);
    }
  };
  let last = 0;
  for (const { 0: match, index } of text.matchAll(pattern)) {
    add(text.slice(last, index), last, undefined);
    last = index + match.length;
    add(meaning(match), index, last);
  }
  add(text.slice(last), last, undefined);
  return {
    text: parts.join(''),
    startOf: (position) => starts[position] ?? text.length,
    endOf: (position) => ends[position - 1] ?? 0,
  };
}
