import { bytesOfText, textOfBytes } from '../../../golang/strings/index.ts';
import { define } from '../../../golang/template/index.ts';
import type { FunctionEntries } from '../entries.ts';

const BASE64_DIGIT = /[A-Za-z0-9+/]/;
const LINE_BREAK = /[\r\n]/;

/** Base64 that is malformed at a byte of the input, in Go's words. */
class Base64Error extends Error {
  constructor(at: number) {
    super(`illegal base64 data at input byte ${at}`);
  }
}

/** The bytes of padded standard base64; line breaks are skipped. Throws in Go's words. */
export function decodeBase64(text: string): Buffer {
  const compact = LINE_BREAK.test(text) ? text.replace(/[\r\n]/g, '') : text;
  if (/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(compact))
    return Buffer.from(compact, 'base64');
  throw new Base64Error(faultIn(Buffer.from(text, 'utf8').toString('latin1')));
}

/** Where Go's decoder stops. */
function faultIn(text: string): number {
  let digits = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    if (LINE_BREAK.test(char)) continue;
    if (char === '=') return paddingFault(text, at, digits % 4);
    if (!BASE64_DIGIT.test(char)) return at;
    digits++;
  }
  return text.length - (digits % 4);
}

function paddingFault(text: string, at: number, digits: number): number {
  if (digits < 2) return at;
  let next = afterBreaks(text, at + 1);
  if (digits === 2) {
    if (next === text.length) return next;
    if (text[next] !== '=') return next - 1;
    next++;
  }
  return afterBreaks(text, next);
}

function afterBreaks(text: string, from: number): number {
  let at = from;
  while (at < text.length && LINE_BREAK.test(text[at] ?? '')) at++;
  return at;
}

const BASE32_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function encodeBase32(bytes: Uint8Array): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  const digits = (bits.match(/.{1,5}/g) ?? []).map((group) => BASE32_DIGITS[Number.parseInt(group.padEnd(5, '0'), 2)]);
  return digits.join('').padEnd(Math.ceil(digits.length / 8) * 8, '=');
}

/** Where Go's decoder stops. */
function faultInBase32(text: string): number {
  for (let start = 0; ; start += 8) {
    const group = text.slice(start, start + 8);
    const at = group.search(/[^A-Z2-7]/);
    if (at < 0 && group.length < 8) return start;
    if (at >= 0)
      return group[at] === '=' && at >= 2 && group.length - at <= 8
        ? paddingFaultInBase32(text, start, at)
        : start + at;
  }
}

function paddingFaultInBase32(text: string, start: number, at: number): number {
  const rest = text.slice(start + at + 1);
  if (rest.length >= 8) return start + at;
  if (rest.length + at < 7) return text.length;
  const wrong = rest.slice(0, 7 - at).search(/[^=]/);
  return wrong < 0 ? start + at : start + at + wrong;
}

function decodeBase32(text: string): Buffer {
  const compact = text.replace(/[\r\n]/g, '');
  const valid = /^(?:[A-Z2-7]{8})*(?:[A-Z2-7]{2}={6}|[A-Z2-7]{4}={4}|[A-Z2-7]{5}={3}|[A-Z2-7]{7}=)?$/.test(compact);
  if (!valid) throw new Error(`illegal base32 data at input byte ${faultInBase32(compact)}`);
  let bits = '';
  for (const digit of compact.replace(/=+$/, '')) bits += BASE32_DIGITS.indexOf(digit).toString(2).padStart(5, '0');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((group) => Number.parseInt(group, 2)));
}

/** What a decoder makes of a text, or the text of its error, which sprig returns instead. */
function orMessage(decode: (text: string) => Buffer): (text: string) => string {
  return (text) => {
    try {
      return textOfBytes(decode(text));
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
}

/** Sprig's functions for base64 and base32. */
export const encodingFunctions: FunctionEntries = [
  ['b64enc', define(['string'], (text) => bytesOfText(text).toString('base64'))],
  ['b64dec', define(['string'], orMessage(decodeBase64))],
  ['b32enc', define(['string'], (text) => encodeBase32(bytesOfText(text)))],
  ['b32dec', define(['string'], orMessage(decodeBase32))],
];
