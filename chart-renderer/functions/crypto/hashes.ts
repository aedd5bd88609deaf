import { hash as digest } from 'node:crypto';
import { bytesOfText } from '../../../golang/strings/index.ts';
import { define, type TemplateFunction } from '../../../golang/template/index.ts';
import type { FunctionEntries } from '../entries.ts';

function hash(algorithm: 'sha1' | 'sha256' | 'sha512'): TemplateFunction {
  return define(['string'], (text) => digest(algorithm, bytesOfText(text), 'hex'));
}

function adler32(text: string): string {
  let low = 1;
  let high = 0;
  for (const byte of bytesOfText(text)) {
    low = (low + byte) % 65521;
    high = (high + low) % 65521;
  }
  return String(high * 65536 + low);
}

/** Sprig's checksums. */
export const hashFunctions: FunctionEntries = [
  ['sha1sum', hash('sha1')],
  ['sha256sum', hash('sha256')],
  ['sha512sum', hash('sha512')],
  ['adler32sum', define(['string'], adler32)],
];
