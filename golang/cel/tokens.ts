import { CelSyntaxError } from './syntax.ts';

/** A piece of an expression: a name, a literal, a sign, or its end. */
export type Token = { readonly at: number } & (
  | { readonly kind: 'name' | 'sign'; readonly text: string }
  | { readonly kind: 'literal'; readonly value: string | bigint | number }
  | { readonly kind: 'end' }
);

const SPACE = /(?:\s|\/\/[^\n]*)*/y;
const NAME = /[A-Za-z_]\w*/y;
const NUMBER = /0x[0-9a-fA-F]+|\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\d+/y;
const SIGN = /&&|\|\||==|!=|<=|>=|[-+*/%<>!?:.,()[\]{}]/y;
const OPENING = /([rR]?)("""|'''|"|')/y;

const MAX_DIGITS = 40;
const MAX_INT = 2n ** 63n;

/** The tokens of an expression, the end last. Throws CelSyntaxError. */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  for (let at = after(SPACE, source, 0); at < source.length;) {
    const [token, end] = tokenAt(source, at);
    tokens.push(token);
    at = after(SPACE, source, end);
  }
  return [...tokens, { kind: 'end', at: source.length }];
}

function tokenAt(source: string, at: number): [Token, number] {
  const opening = found(OPENING, source, at);
  if (opening) return textAt(source, at, opening);
  const name = found(NAME, source, at)?.[0];
  if (name !== undefined) return [{ kind: 'name', text: name, at }, at + name.length];
  const number = found(NUMBER, source, at)?.[0];
  if (number !== undefined) {
    return [{ kind: 'literal', value: numberIn(number, at), at }, at + number.length];
  }
  const sign = found(SIGN, source, at)?.[0];
  if (sign === undefined) throw new CelSyntaxError(at, `"${source[at]}" does not belong in an expression`);
  return [{ kind: 'sign', text: sign, at }, at + sign.length];
}

function numberIn(digits: string, at: number): bigint | number {
  if (!/^0x|^\d+$/.test(digits)) return Number(digits);
  // A sign may stand before it.
  if (digits.length > MAX_DIGITS || BigInt(digits) > MAX_INT) throw new CelSyntaxError(at, 'an int overflows');
  return BigInt(digits);
}

function textAt(source: string, at: number, [opening, raw, quote = '']: RegExpExecArray): [Token, number] {
  const begin = at + opening.length;
  let end = begin;
  while (!source.startsWith(quote, end)) {
    const isCut = end >= source.length || (quote.length === 1 && source[end] === '\n');
    if (isCut) throw new CelSyntaxError(at, 'a text is not closed');
    end += raw === '' && source[end] === '\\' ? 2 : 1;
  }
  const content = source.slice(begin, end);
  const value = raw === '' ? unescaped(content, begin) : content;
  return [{ kind: 'literal', value, at }, end + quote.length];
}

const SHORT: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' };

function unescaped(content: string, at: number): string {
  return content.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([\s\S]?))/g,
    (_, two?: string, four?: string, one?: string) => {
      if (one === undefined) return String.fromCodePoint(Number.parseInt(two ?? four ?? '0', 16));
      const char = SHORT[one] ?? (/[\\'"`?]/.test(one) ? one : undefined);
      if (char === undefined) throw new CelSyntaxError(at, `\\${one} is no escape`);
      return char;
    },
  );
}

function found(pattern: RegExp, source: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(source);
}

function after(pattern: RegExp, source: string, at: number): number {
  return at + (found(pattern, source, at)?.[0].length ?? 0);
}
