/** Why YAML could not be read: it is malformed, it holds what JSON cannot, or it crossed a limit. */
export type YamlErrorCode = 'Syntax' | 'Unsupported' | 'Limit';

/** YAML text that cannot be read; `line` counts from 1 (go-yaml's message may name another) and is undefined where the fault has no place. */
export class YamlError extends Error {
  readonly code: YamlErrorCode;
  readonly transient = false;
  readonly line: number | undefined;

  constructor(code: YamlErrorCode, message: string, line?: number, options?: ErrorOptions) {
    super(message, options);
    this.name = 'YamlError';
    this.code = code;
    this.line = line;
  }
}

/** The error for a document that has more keys and values than its reader allows. */
export function tooManyNodes(max: number): YamlError {
  return new YamlError('Limit', `YAML of more than ${max} keys and values is refused`);
}
