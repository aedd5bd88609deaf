import { isSpace, isUpper, lowerChar } from './runes.ts';

/** What a run of characters is to xstrings. */
type WordKind = 'number' | 'upper' | 'alphabet' | 'connector' | 'punctuation' | 'other' | 'none';

interface Word {
  readonly kind: WordKind;
  readonly text: string;
}

const CONNECTOR = /^[-_\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u;
const PUNCTUATION = /^\p{P}+/u;
const UPPER_RUN = /^\p{Lu}{2,}/u;
const CAPITALIZED = /^\p{Lu}(?:(?!\p{Lu})\p{L})*/u;
const ALPHABET = /^(?:(?!\p{Lu})\p{L})+/u;
const NUMBER = /^\p{N}+/u;
const OTHER = /^[^\p{L}\p{N}\p{P}]+/u;
const LETTER = /^\p{L}/u;

/** The words of a text in turn, as xstrings cuts them; of kind `none` when there are no more. */
class Words {
  private rest: string;

  constructor(text: string) {
    this.rest = text;
  }

  get ended(): boolean {
    return this.rest === '';
  }

  next(): Word {
    const word = wordAt(this.rest);
    this.rest = this.rest.slice(word.text.length);
    return word;
  }
}

function wordAt(text: string): Word {
  if (text === '') return { kind: 'none', text };
  const candidates: readonly (readonly [WordKind, RegExp])[] = [
    ['connector', CONNECTOR],
    ['punctuation', PUNCTUATION],
    ['upper', UPPER_RUN],
    ['upper', CAPITALIZED],
    ['alphabet', ALPHABET],
    ['number', NUMBER],
  ];
  for (const [kind, pattern] of candidates) {
    const match = pattern.exec(text)?.[0];
    if (match !== undefined) return { kind, text: pattern === UPPER_RUN ? withoutNextCapital(match, text) : match };
  }
  const match = OTHER.exec(text)?.[0] ?? Array.from(text)[0] ?? '';
  const connector = Array.from(match).findIndex((char) => isSpace(char));
  return { kind: 'other', text: connector > 0 ? match.slice(0, connector) : match };
}

/** The last capital of a run belongs to the word that follows, if one does: HTTP, Status. */
function withoutNextCapital(run: string, text: string): string {
  const last = Array.from(run).at(-1) ?? '';
  return LETTER.test(text.slice(run.length)) ? run.slice(0, -last.length) : run;
}

/** The words of a text in lower case with a connector between them, as xstrings' ToSnakeCase and ToKebabCase. */
export function separatedLowerCase(text: string, connector: string): string {
  const words = new Words(text);
  let output = '';
  const write = (word: Word): void => {
    output += lowerWord(word, connector);
  };
  /** Writes the letters and numbers that stick to a number, and returns the word after them. */
  const writeAttached = (from: Word): Word => {
    let word = from;
    for (; word.kind === 'alphabet' || word.kind === 'number'; word = words.next()) write(word);
    if (startsWord(word)) output += connector;
    return word;
  };
  let word = words.next();
  while (!words.ended) {
    if (word.kind !== 'connector') write(word);
    const previous = word;
    word = words.next();
    if (previous.kind === 'number') word = writeAttached(word);
    else if (previous.kind === 'connector') write(previous);
    else if (previous.kind !== 'punctuation') word = afterLetters(word);
  }
  write(word);
  return output;

  function afterLetters(current: Word): Word {
    if (current.kind !== 'number') {
      if (current.kind !== 'connector' && current.kind !== 'punctuation') output += connector;
      return current;
    }
    if (words.ended) return current;
    const following = words.next();
    if (following.kind !== 'alphabet') {
      write(current);
      if (following.kind !== 'connector' && following.kind !== 'punctuation') output += connector;
      return following;
    }
    output += connector;
    write(current);
    return writeAttached(following);
  }
}

function startsWord({ kind }: Word): boolean {
  return kind !== 'none' && kind !== 'connector' && kind !== 'punctuation';
}

function lowerWord({ kind, text }: Word, connector: string): string {
  if (kind !== 'upper' && kind !== 'connector') return text;
  let lower = '';
  for (const char of text) {
    if (kind === 'connector') lower += connector;
    else lower += isUpper(char) ? lowerChar(char) : char;
  }
  return lower;
}
