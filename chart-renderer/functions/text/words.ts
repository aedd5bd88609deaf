import { isUpper, lowerChar } from '../../../golang/strings/index.ts';

/** What a run of characters is to xstrings. */
type WordKind = 'number' | 'upper' | 'capitals' | 'alphabet' | 'connector' | 'punctuation' | 'other' | 'none';

interface Word {
  readonly kind: WordKind;
  readonly text: string;
}

/** A letter, except Chinese characters, which xstrings does not count as an alphabet. */
const ALPHABETIC = String.raw`(?:(?![\u4e00-\u9fcc\u3400-\u4d85\u{20000}-\u{2b81d}])\p{L})`;
const SPACE = String.raw`\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;

/** Kinds of words in the order in which they are looked for. A run of capitals counts before a single one. */
const PATTERNS: readonly (readonly [kind: WordKind, pattern: RegExp])[] = [
  ['connector', new RegExp(`^[-_${SPACE}]+`, 'u')],
  ['punctuation', /^\p{P}+/u],
  ['capitals', /^\p{Lu}{2,}/u],
  ['upper', new RegExp(`^\\p{Lu}(?:(?!\\p{Lu})${ALPHABETIC})*`, 'u')],
  ['alphabet', new RegExp(`^(?:(?!\\p{Lu})${ALPHABETIC})+`, 'u')],
  ['number', /^\p{N}+/u],
  ['other', new RegExp(`^(?:(?!${ALPHABETIC})[^\\p{N}\\p{P}${SPACE}])+`, 'u')],
];
const STARTS_ALPHABETIC = new RegExp(`^${ALPHABETIC}`, 'u');

/** The words of a text in turn, as xstrings cuts them; of kind `none` when there are no more. */
class Words {
  #rest: string;

  constructor(text: string) {
    this.#rest = text;
  }

  get ended(): boolean {
    return this.#rest === '';
  }

  next(): Word {
    const word = wordAt(this.#rest);
    this.#rest = this.#rest.slice(word.text.length);
    return word;
  }
}

function wordAt(text: string): Word {
  for (const [kind, pattern] of PATTERNS) {
    const match = pattern.exec(text)?.[0];
    if (match !== undefined) return kind === 'capitals' ? capitalsAt(match, text) : { kind, text: match };
  }
  return { kind: 'none', text };
}

/** The last capital of a run belongs to the word that follows, if one does: HTTP, Status. */
function capitalsAt(run: string, text: string): Word {
  const last = Array.from(run).at(-1) ?? '';
  const followed = STARTS_ALPHABETIC.test(text.slice(run.length));
  return { kind: 'upper', text: followed ? run.slice(0, -last.length) : run };
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
