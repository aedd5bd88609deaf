import { CARRIAGE_RETURN, DASH, DOT, isBlank, isBlankOrEnd, isBreakOrEnd, LINE_FEED } from './characters.ts';
import type { SourceText } from './source-text.ts';
import { YamlError } from '../yaml-error.ts';

/** A place in a text that is read from its beginning to its end, which a NUL stands for. */
export class Cursor {
  /** The text with a NUL after it. */
  readonly text: string;
  at = 0;
  /** How many lines were passed. */
  line = 0;
  #lineStart = 0;
  readonly #fault: string | undefined;

  constructor({ text, fault }: Pick<SourceText, 'text' | 'fault'>) {
    this.text = `${text}\0`;
    this.#fault = fault;
  }

  /** How many characters are before this one on its line. */
  get column(): number {
    return this.at - this.#lineStart;
  }

  /** The code of the character so far ahead; must not be asked for beyond the NUL. */
  code(ahead = 0): number {
    return this.text.charCodeAt(this.at + ahead);
  }

  /** The character here, one code of it where it has two. */
  get char(): string {
    return this.text.charAt(this.at);
  }

  isAtEnd(): boolean {
    return this.code() === 0;
  }

  /** Passes the line break here and returns what it is to a scalar's text. */
  passBreak(): string {
    const code = this.code();
    if (code === CARRIAGE_RETURN && this.code(1) === LINE_FEED) this.at++;
    this.at++;
    this.line++;
    this.#lineStart = this.at;
    return code < 0x2000 ? '\n' : String.fromCharCode(code);
  }

  /** Goes on as if the line ended here. */
  endLine(): void {
    this.line++;
    this.#lineStart = this.at;
  }

  passBlanks(): void {
    while (isBlank(this.code())) this.at++;
  }

  /** Goes to the end of the line where a comment is here. */
  passComment(): void {
    if (this.char !== '#') return;
    while (!isBreakOrEnd(this.code())) this.at++;
  }

  /** Whether a line with `---` or `...` begins here. */
  isAtDocumentMarker(): boolean {
    const code = this.code();
    if ((code !== DASH && code !== DOT) || this.column !== 0) return false;
    return this.code(1) === code && this.code(2) === code && isBlankOrEnd(this.code(3));
  }

  /** Throws the error of a scanner at this place, or what is wrong with the text after it where nothing is left before that. */
  fail(problem: string): never {
    this.checkEnd();
    throw syntaxError(problem, this.line, this.line === 0 ? undefined : this.line + 1);
  }

  /** Throws where this is not the end of the text but of what can be read of it. */
  checkEnd(): void {
    if (this.#fault !== undefined && this.isAtEnd()) throw syntaxError(this.#fault, this.line, undefined);
  }
}

/** A syntax error in go-yaml's words, on a line counted from 0, with the line that go-yaml reports, if it reports one. */
export function syntaxError(problem: string, line: number, atLine: number | undefined): YamlError {
  return new YamlError('Syntax', `yaml: ${atLine === undefined ? '' : `line ${atLine}: `}${problem}`, line + 1);
}
