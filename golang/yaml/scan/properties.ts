import { isBlankOrEnd, isBreakOrEnd, isWord } from './characters.ts';
import type { Cursor } from './cursor.ts';

const AFTER_ANCHOR = new Set(Array.from('?:,]}%@`', (char) => char.charCodeAt(0)));

/** Passes the anchor or alias that begins here and returns its name. */
export function scanAnchor(cursor: Cursor): string {
  cursor.at++;
  const name = passWord(cursor);
  const code = cursor.code();
  if (name !== '' && (isBlankOrEnd(code) || AFTER_ANCHOR.has(code))) return name;
  return cursor.fail('did not find expected alphabetic or numeric character');
}

function passWord(cursor: Cursor): string {
  const start = cursor.at;
  while (isWord(cursor.code())) cursor.at++;
  return cursor.text.slice(start, cursor.at);
}

/** A tag as written: the handle, which directives give a meaning, is empty where the suffix is all there is to it. */
export interface Tag {
  readonly handle: string;
  readonly suffix: string;
}

/** Passes the tag that begins here. */
export function scanTag(cursor: Cursor): Tag {
  const tag = cursor.text[cursor.at + 1] === '<' ? passVerbatimTag(cursor) : passShortTag(cursor);
  if (!isBlankOrEnd(cursor.code())) cursor.fail('did not find expected whitespace or line break');
  return tag;
}

function passVerbatimTag(cursor: Cursor): Tag {
  cursor.at += 2;
  const suffix = passUri(cursor);
  if (suffix === '') cursor.fail('did not find expected tag URI');
  if (cursor.char !== '>') cursor.fail("did not find the expected '>'");
  cursor.at++;
  return { handle: '', suffix };
}

function passShortTag(cursor: Cursor): Tag {
  const handle = passHandle(cursor);
  const rest = passUri(cursor);
  if (handle.length > 1 && handle.endsWith('!')) {
    return rest === '' ? cursor.fail('did not find expected tag URI') : { handle, suffix: rest };
  }
  const suffix = handle.slice(1) + rest;
  return suffix === '' ? { handle: '', suffix: '!' } : { handle: '!', suffix };
}

function passHandle(cursor: Cursor): string {
  const start = cursor.at;
  cursor.at++;
  passWord(cursor);
  if (cursor.char === '!') cursor.at++;
  return cursor.text.slice(start, cursor.at);
}

const URI = /[\w;/?:@&=+$,.!~*'()[\]-]*/y;

function passUri(cursor: Cursor): string {
  let uri = '';
  for (;;) {
    URI.lastIndex = cursor.at;
    const [run = ''] = URI.exec(cursor.text) ?? [];
    cursor.at += run.length;
    uri += run;
    if (cursor.char !== '%') return uri;
    uri += passUriEscape(cursor);
  }
}

/** Passes the escaped bytes of one character. */
function passUriEscape(cursor: Cursor): string {
  const lead = passOctet(cursor);
  if (lead >= 0xf8 || (lead >= 0x80 && lead < 0xc0)) cursor.fail('found an incorrect leading UTF-8 octet');
  const bytes = [lead];
  const width = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  while (bytes.length < width) {
    const octet = passOctet(cursor);
    if ((octet & 0xc0) !== 0x80) cursor.fail('found an incorrect trailing UTF-8 octet');
    bytes.push(octet);
  }
  return Buffer.from(bytes).toString('utf8');
}

function passOctet(cursor: Cursor): number {
  const text = cursor.text.slice(cursor.at, cursor.at + 3);
  if (!/^%[0-9a-fA-F]{2}$/.test(text)) cursor.fail('did not find URI escaped octet');
  cursor.at += 3;
  return Number.parseInt(text.slice(1), 16);
}

/** A `%YAML` or `%TAG` line. */
export type Directive =
  | { readonly kind: 'version'; readonly version: string }
  | { readonly kind: 'tag'; readonly handle: string; readonly prefix: string };

/** Passes the directive that begins here, with its line. */
export function scanDirective(cursor: Cursor): Directive {
  cursor.at++;
  const name = passWord(cursor);
  if (name === '') cursor.fail('could not find expected directive name');
  if (!isBlankOrEnd(cursor.code())) cursor.fail('found unexpected non-alphabetical character');
  const directive = passDirectiveValue(cursor, name);
  cursor.passBlanks();
  cursor.passComment();
  if (!isBreakOrEnd(cursor.code())) cursor.fail('did not find expected comment or line break');
  if (!cursor.isAtEnd()) cursor.passBreak();
  return directive;
}

function passDirectiveValue(cursor: Cursor, name: string): Directive {
  switch (name) {
    case 'YAML':
      return { kind: 'version', version: passVersion(cursor) };
    case 'TAG':
      return passTagDirective(cursor);
    default:
      return cursor.fail('found unknown directive name');
  }
}

function passVersion(cursor: Cursor): string {
  cursor.passBlanks();
  const major = passVersionNumber(cursor);
  if (cursor.char !== '.') cursor.fail("did not find expected digit or '.' character");
  cursor.at++;
  return `${major}.${passVersionNumber(cursor)}`;
}

function passVersionNumber(cursor: Cursor): number {
  const start = cursor.at;
  while (/[0-9]/.test(cursor.char)) {
    if (cursor.at === start + 2) cursor.fail('found extremely long version number');
    cursor.at++;
  }
  if (cursor.at === start) cursor.fail('did not find expected version number');
  return Number(cursor.text.slice(start, cursor.at));
}

function passTagDirective(cursor: Cursor): Directive {
  cursor.passBlanks();
  if (cursor.char !== '!') cursor.fail("did not find expected '!'");
  const handle = passHandle(cursor);
  if (handle !== '!' && !handle.endsWith('!')) cursor.fail("did not find expected '!'");
  if (isBreakOrEnd(cursor.code()) || !isBlankOrEnd(cursor.code())) cursor.fail('did not find expected whitespace');
  cursor.passBlanks();
  const prefix = passUri(cursor);
  if (prefix === '') cursor.fail('did not find expected tag URI');
  if (!isBlankOrEnd(cursor.code())) cursor.fail('did not find expected whitespace or line break');
  return { kind: 'tag', handle, prefix };
}
