import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { intValue } from '../../../golang/reflect/index.ts';
import { define } from '../../../golang/template/index.ts';
import type { FunctionEntries } from '../entries.ts';
import { checkTextSize } from '../limits.ts';
import { random } from '../remembering.ts';

const DIGITS = '0123456789';
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ASCII = Array.from({ length: 95 }, (_unused, i) => String.fromCharCode(32 + i)).join('');

function drawn(alphabet: string, count: number): string {
  if (count <= 0) return '';
  checkTextSize(count * 16);
  let text = '';
  for (let i = 0; i < count; i++) text += alphabet[randomInt(alphabet.length)];
  return text;
}

/** Letters and digits, at least one of them a digit. */
function alphaNumeric(count: number): string {
  const text = drawn(LETTERS + DIGITS, count);
  if (text === '' || /[0-9]/.test(text)) return text;
  const at = randomInt(text.length);
  return text.slice(0, at) + String(randomInt(10)) + text.slice(at + 1);
}

function shuffled(text: string): string {
  const chars = Array.from(text);
  for (let i = chars.length - 1; i > 0; i--) {
    const j = randomInt(i + 1);
    [chars[i], chars[j]] = [chars[j] ?? '', chars[i] ?? ''];
  }
  return chars.join('');
}

const randInt = define(['int', 'int'], (min, max) => {
  if (max - min <= 0) throw new Error('invalid argument to Intn');
  return intValue(Math.floor(min + Math.random() * (max - min)));
});

const randBytes = define(['int'], (count) => {
  if (count < 0) throw new Error('runtime error: makeslice: len out of range');
  checkTextSize(count * 2);
  return randomBytes(count).toString('base64');
});

/** Sprig's functions that draw at random. */
export const randomFunctions: FunctionEntries = [
  ['randAlphaNum', random(define(['int'], alphaNumeric))],
  ['randAlpha', random(define(['int'], (count) => drawn(LETTERS, count)))],
  ['randNumeric', random(define(['int'], (count) => drawn(DIGITS, count)))],
  ['randAscii', random(define(['int'], (count) => drawn(ASCII, count)))],
  ['randBytes', random(randBytes)],
  ['randInt', random(randInt)],
  ['shuffle', random(define(['string'], shuffled))],
  ['uuidv4', random(define([], () => randomUUID()))],
];
