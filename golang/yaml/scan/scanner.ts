import {
  COLON,
  DASH,
  HASH,
  isBlank,
  isBlankOrEnd,
  isBreak,
  isWord,
  PERCENT,
  QUESTION_MARK,
  SPACE,
  TAB,
} from './characters.ts';
import { Cursor } from './cursor.ts';
import { scanBlock } from './block.ts';
import { scanPlain } from './plain.ts';
import { scanAnchor, scanDirective, scanTag } from './properties.ts';
import { scanQuoted } from './quoted.ts';
import { SimpleKeys } from './simple-keys.ts';
import type { SourceText } from './source-text.ts';
import type { Bracket, Token } from './tokens.ts';
import { YamlError } from '../yaml-error.ts';

const MAX_DEPTH = 1000;
const BYTE_ORDER_MARK = 0xfeff;
const NEVER_PLAIN = '|>%@`\t';

/**
 * Cuts a text into tokens exactly as go-yaml v2 does, with its errors. Indentation shows as tokens for the beginning and end of blocks;
 * `key` comes before what a `:` after it makes a key, so tokens are held back as long as that is open.
 */
export class Scanner {
  readonly #cursor: Cursor;
  readonly #simpleKeys: SimpleKeys;
  #queue: Token[] = [];
  #head = 0;
  /** How many tokens the parser took. */
  #taken = 0;
  #ready: Token | undefined;
  #indent = -1;
  readonly #indents: number[] = [];
  #keyAllowed = true;

  constructor(source: SourceText) {
    this.#cursor = new Cursor(source);
    this.#simpleKeys = new SimpleKeys(this.#cursor);
  }

  /** The next token; throws `YamlError`. Must not be called after the end of the stream. */
  peek(): Token {
    return (this.#ready ??= this.#nextToken());
  }

  /** Passes the token that `peek` returned. */
  skip(): void {
    this.#ready = undefined;
    this.#taken++;
    this.#head++;
    if (this.#head === this.#queue.length) {
      this.#queue = [];
      this.#head = 0;
    }
  }

  #nextToken(): Token {
    for (;;) {
      const token = this.#queue[this.#head];
      if (token !== undefined && !this.#simpleKeys.holdsBack(this.#taken)) return token;
      this.#fetch();
      this.#cursor.checkEnd();
    }
  }

  /** The number that the next token to be fetched has. */
  get #nextNumber(): number {
    return this.#taken + this.#queue.length - this.#head;
  }

  #push(type: Bracket, line = this.#cursor.line): void {
    this.#queue.push({ type, line });
  }

  /** Adds one or more tokens to the queue. */
  #fetch(): void {
    this.#passSpace();
    this.#unrollIndent(this.#cursor.column);
    const code = this.#cursor.code();
    if (isWord(code) && code !== DASH) this.#fetchPlain();
    else if (code === 0) this.#fetchEnd();
    else if (code === PERCENT && this.#cursor.column === 0) this.#fetchDirective();
    else if (this.#cursor.isAtDocumentMarker()) this.#fetchDocumentMarker(code);
    else if (!this.#fetchFlow() && !this.#fetchBlockIndicator(code) && !this.#fetchProperty()) this.#fetchScalar();
  }

  /** Passes blanks, comments and line ends, and a second byte order mark at the beginning. */
  #passSpace(): void {
    const cursor = this.#cursor;
    for (let code = cursor.code(); ; code = cursor.code()) {
      if (isBreak(code)) this.#passLineEnd();
      else if (code === HASH) cursor.passComment();
      else if (code === SPACE || (code === TAB && this.#isTabSpace())) cursor.at++;
      else if (code === BYTE_ORDER_MARK && cursor.at === 0) cursor.at++;
      else return;
    }
  }

  #passLineEnd(): void {
    this.#cursor.passBreak();
    if (this.#simpleKeys.flowLevel === 0) this.#keyAllowed = true;
  }

  /** Whether a tab is white space here: where it could be taken for indentation it is not. */
  #isTabSpace(): boolean {
    return this.#simpleKeys.flowLevel > 0 || !this.#keyAllowed;
  }

  /** Begins a block at a column further right; its first token goes before the token of that number, or after all others. */
  #rollIndent(column: number, type: Bracket, line = this.#cursor.line, before?: number): void {
    if (this.#simpleKeys.flowLevel > 0 || this.#indent >= column) return;
    this.#indents.push(this.#indent);
    this.#indent = column;
    if (this.#indents.length > MAX_DEPTH) throw tooDeep();
    this.#insert(before, { type, line });
  }

  /** go-yaml puts at the end what belongs before a token that was already taken. */
  #insert(before: number | undefined, token: Token): void {
    if (before === undefined || before < this.#taken) this.#queue.push(token);
    else this.#queue.splice(this.#head + before - this.#taken, 0, token);
  }

  #unrollIndent(column: number): void {
    if (this.#simpleKeys.flowLevel > 0) return;
    for (; this.#indent > column; this.#indent = this.#indents.pop() ?? -1) this.#push('block-end');
  }

  #fetchEnd(): void {
    const cursor = this.#cursor;
    cursor.checkEnd();
    if (cursor.column !== 0) cursor.endLine();
    this.#endBlocks();
    this.#push('stream-end');
  }

  #endBlocks(): void {
    this.#unrollIndent(-1);
    this.#simpleKeys.remove();
    this.#keyAllowed = false;
  }

  #fetchDirective(): void {
    this.#endBlocks();
    const { line } = this.#cursor;
    this.#queue.push({ type: 'directive', line, directive: scanDirective(this.#cursor) });
  }

  #fetchDocumentMarker(code: number): void {
    this.#endBlocks();
    this.#push(code === DASH ? 'document-start' : 'document-end');
    this.#cursor.at += 3;
  }

  #fetchFlow(): boolean {
    switch (this.#cursor.char) {
      case '[':
        return this.#openFlow('flow-sequence-start');
      case '{':
        return this.#openFlow('flow-mapping-start');
      case ']':
        return this.#closeFlow('flow-sequence-end');
      case '}':
        return this.#closeFlow('flow-mapping-end');
      case ',':
        this.#simpleKeys.remove();
        return this.#passIndicator('flow-entry', true);
      default:
        return false;
    }
  }

  #passIndicator(type: Bracket, keyAllowed: boolean): true {
    this.#push(type);
    this.#keyAllowed = keyAllowed;
    this.#cursor.at++;
    return true;
  }

  #openFlow(type: Bracket): true {
    this.#saveSimpleKey();
    this.#simpleKeys.openFlow(this.#nextNumber);
    if (this.#simpleKeys.flowLevel > MAX_DEPTH) throw tooDeep();
    return this.#passIndicator(type, true);
  }

  #closeFlow(type: Bracket): true {
    this.#simpleKeys.remove();
    this.#simpleKeys.closeFlow();
    return this.#passIndicator(type, false);
  }

  #saveSimpleKey(): void {
    if (this.#keyAllowed) this.#simpleKeys.save(this.#nextNumber, this.#indent);
  }

  #fetchBlockIndicator(code: number): boolean {
    if (code !== DASH && code !== QUESTION_MARK && code !== COLON) return false;
    const inFlow = this.#simpleKeys.flowLevel > 0;
    if (!isBlankOrEnd(this.#cursor.code(1)) && (!inFlow || code === DASH)) return false;
    if (code === DASH) return this.#fetchEntry(inFlow);
    return code === QUESTION_MARK ? this.#fetchKey(inFlow) : this.#fetchValue(inFlow);
  }

  #fetchEntry(inFlow: boolean): true {
    if (!inFlow) {
      if (!this.#keyAllowed) this.#cursor.fail('block sequence entries are not allowed in this context');
      this.#rollIndent(this.#cursor.column, 'sequence-start');
    }
    this.#simpleKeys.remove();
    return this.#passIndicator('entry', true);
  }

  #fetchKey(inFlow: boolean): true {
    if (!inFlow) {
      if (!this.#keyAllowed) this.#cursor.fail('mapping keys are not allowed in this context');
      this.#rollIndent(this.#cursor.column, 'mapping-start');
    }
    this.#simpleKeys.remove();
    return this.#passIndicator('key', !inFlow);
  }

  #fetchValue(inFlow: boolean): true {
    const key = this.#simpleKeys.take();
    if (key !== undefined) {
      this.#insert(key.token, { type: 'key', line: key.line });
      this.#rollIndent(key.column, 'mapping-start', key.line, key.token);
      return this.#passIndicator('value', false);
    }
    if (!inFlow) {
      if (!this.#keyAllowed) this.#cursor.fail('mapping values are not allowed in this context');
      this.#rollIndent(this.#cursor.column, 'mapping-start');
    }
    return this.#passIndicator('value', !inFlow);
  }

  #fetchProperty(): boolean {
    const cursor = this.#cursor;
    const queue = this.#queue;
    const sign = cursor.char;
    if (sign !== '&' && sign !== '*' && sign !== '!') return false;
    this.#saveSimpleKey();
    this.#keyAllowed = false;
    const { line } = cursor;
    if (sign === '!') queue.push({ type: 'tag', line, tag: scanTag(cursor) });
    else queue.push({ type: sign === '&' ? 'anchor' : 'alias', line, name: scanAnchor(cursor) });
    return true;
  }

  #fetchScalar(): void {
    const { char } = this.#cursor;
    const inFlow = this.#simpleKeys.flowLevel > 0;
    if (char === '"' || char === "'") this.#fetchQuoted();
    else if (!inFlow && (char === '|' || char === '>')) this.#fetchBlockScalar();
    else if (this.#mayBePlain(char, inFlow)) this.#fetchPlain();
    else this.#cursor.fail('found character that cannot start any token');
  }

  #mayBePlain(char: string, inFlow: boolean): boolean {
    if (char === '-') return !isBlank(this.#cursor.code(1));
    return char === '?' || char === ':' ? !inFlow : !NEVER_PLAIN.includes(char);
  }

  #fetchBlockScalar(): void {
    const cursor = this.#cursor;
    this.#simpleKeys.remove();
    this.#keyAllowed = true;
    const { line } = cursor;
    this.#queue.push({ type: 'scalar', line, text: scanBlock(cursor, this.#indent), isPlain: false });
  }

  #fetchQuoted(): void {
    this.#saveSimpleKey();
    this.#keyAllowed = false;
    const { line } = this.#cursor;
    this.#queue.push({ type: 'scalar', line, text: scanQuoted(this.#cursor), isPlain: false });
  }

  #fetchPlain(): void {
    this.#saveSimpleKey();
    const { line } = this.#cursor;
    const { text, endsLine } = scanPlain(this.#cursor, this.#indent, this.#simpleKeys.flowLevel > 0);
    this.#keyAllowed = endsLine;
    this.#queue.push({ type: 'scalar', line, text, isPlain: true });
  }
}

function tooDeep(): YamlError {
  return new YamlError('Limit', `YAML nested more than ${MAX_DEPTH} levels deep is refused`);
}
