import {
  isLetter,
  isLower,
  isSpace,
  isTitle,
  isUpper,
  lowerChar,
  titleChar,
  toLower,
  toUpper,
  trimSpace,
  upperChar,
} from '../../../golang/strings/index.ts';
import { define } from '../../../golang/template/index.ts';
import type { FunctionEntries } from '../entries.ts';
import { separatedLowerCase } from './words.ts';

/** `strings.Title`: the first letter of each word in upper case. */
function titled(text: string): string {
  let previous = ' ';
  let result = '';
  for (const char of text) {
    result += isSeparator(previous) ? titleChar(char) : char;
    previous = char;
  }
  return result;
}

function isSeparator(char: string): boolean {
  if (char <= '\x7f') return !/[0-9A-Za-z_]/.test(char);
  return !isLetter(char) && isSpace(char);
}

/** The first letter of each word in lower case. */
function untitled(text: string): string {
  let atStart = true;
  let result = '';
  for (const char of text) {
    const space = isSpace(char);
    result += !space && atStart ? lowerChar(char) : char;
    atStart = space;
  }
  return result;
}

/** Upper case becomes lower case and the other way round; goutils keeps to that in the middle of words too. */
function caseSwapped(text: string): string {
  let result = '';
  for (const char of text) {
    if (isUpper(char) || isTitle(char)) result += lowerChar(char);
    else result += isLower(char) ? upperChar(char) : char;
  }
  return result;
}

function isConnector(char: string): boolean {
  return char === '-' || char === '_' || isSpace(char);
}

/** `xstrings.ToPascalCase`: connectors go and the letter after them is upper case; upper case words keep their first letter only. */
function pascalCase(text: string): string {
  // Bytes that are not valid UTF-8 do not survive being taken as characters.
  const chars = Array.from(text.toWellFormed());
  const start = chars.findIndex((char) => !isConnector(char));
  // xstrings writes the last connector twice where there is nothing else.
  if (start < 0) return chars.join('') + (chars.at(-1) ?? '');
  return chars.slice(0, start).join('') + pascalTail(chars.slice(start), isUpper(chars[start] ?? ''));
}

function pascalTail(chars: readonly string[], startsUpper: boolean): string {
  let inUpperWord = startsUpper;
  let previous = upperChar(chars[0] ?? '');
  let result = '';
  for (const next of chars.slice(1)) {
    let char = next;
    if (isConnector(char) && isConnector(previous)) {
      result += previous;
      previous = char;
      continue;
    }
    if (isConnector(previous)) {
      inUpperWord = isUpper(char);
      char = upperChar(char);
    } else {
      inUpperWord = inUpperWord && isUpper(char);
      if (inUpperWord) char = lowerChar(char);
      result += previous;
    }
    previous = char;
  }
  return result + previous;
}

/** Sprig's functions that change the case of letters. */
export const caseFunctions: FunctionEntries = [
  ['trim', define(['string'], trimSpace)],
  ['upper', define(['string'], toUpper)],
  ['lower', define(['string'], toLower)],
  ['title', define(['string'], titled)],
  ['untitle', define(['string'], untitled)],
  ['swapcase', define(['string'], caseSwapped)],
  ['camelcase', define(['string'], pascalCase)],
  ['snakecase', define(['string'], (text) => separatedLowerCase(text, '_'))],
  ['kebabcase', define(['string'], (text) => separatedLowerCase(text, '-'))],
];
