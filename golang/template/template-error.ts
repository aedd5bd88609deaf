/** Why a template failed: its text is wrong, running it failed, or it met a limit of its budget. */
export type TemplateErrorCode = 'Parse' | 'Execute' | 'Limit';

/** Where in a template's source something is; line counts from 1, column in bytes from 0 as Go prints it. */
export interface SourcePosition {
  readonly template: string;
  readonly line: number;
  readonly column: number | undefined;
  readonly snippet: string;
}

/** A template that does not parse or whose execution failed; `message` is Go's own text, the position that of the innermost fault. */
export class TemplateError extends Error {
  readonly code: TemplateErrorCode;
  readonly transient = false;
  readonly position: SourcePosition | undefined;

  constructor(code: TemplateErrorCode, message: string, position?: SourcePosition, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TemplateError';
    this.code = code;
    this.position = position;
  }
}

/** The line, from 1, of an offset into a text. */
export function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

/** Where an offset into a template's source is, with the line it is on. */
export function positionOf(
  template: string,
  text: string,
  offset: number,
): SourcePosition & { readonly column: number } {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  return {
    template,
    line: lineOf(text, offset),
    column: Buffer.byteLength(text.slice(offset === 0 ? 0 : start, offset)),
    snippet: text.slice(offset === 0 ? 0 : start, end < 0 ? text.length : end),
  };
}
