import { type SourcePosition, TemplateError, type TemplateErrorCode } from '../../golang/template/index.ts';
import type { ChartErrorCode, ChartErrorFacts } from '../errors.ts';
import { ChartError } from '../errors.ts';
import { STACK_MB } from './limits.ts';

/** An error as data, which can leave the process where it was thrown; its cause stays behind. */
export type Failure =
  | { readonly of: 'chart'; readonly code: ChartErrorCode; readonly message: string; readonly facts: ChartErrorFacts }
  | {
      readonly of: 'template';
      readonly code: TemplateErrorCode;
      readonly message: string;
      readonly position: SourcePosition | undefined;
    }
  /** A fault of the renderer itself. */
  | { readonly of: 'renderer'; readonly message: string; readonly stack: string | undefined };

/** The data of what was thrown. */
export function failureOf(error: unknown): Failure {
  if (error instanceof ChartError) {
    const { code, message, limit, file, line } = error;
    return {
      of: 'chart',
      code,
      message,
      facts: { line, ...(limit && { limit }), ...(file !== undefined && { file }) },
    };
  }
  if (error instanceof TemplateError) {
    const { code, message, position } = error;
    return { of: 'template', code, message, position };
  }
  if (error instanceof RangeError) return failureOf(sizeError(error));
  if (error instanceof Error) return { of: 'renderer', message: error.message, stack: error.stack };
  return { of: 'renderer', message: String(error), stack: undefined };
}

/** The error that such data was made of. */
export function errorOf(failure: Failure): Error {
  switch (failure.of) {
    case 'chart':
      return new ChartError(failure.code, failure.message, failure.facts);
    case 'template':
      return new TemplateError(failure.code, failure.message, failure.position);
    case 'renderer': {
      const error = new Error(`the chart renderer failed: ${failure.message}`);
      return failure.stack === undefined ? error : Object.assign(error, { stack: failure.stack });
    }
  }
}

/** What the language itself refuses: too deep a recursion, too long a text or list. */
function sizeError(error: RangeError): ChartError {
  const isStack = error.message.includes('call stack');
  const what = isStack ? 'it is nested too deeply' : `it asks for too long a text or list (${error.message})`;
  const limit = isStack ? { name: 'stackMb', value: STACK_MB } : { name: 'textChars', value: MAX_STRING_CHARS };
  return new ChartError('Limit', `the chart cannot be rendered: ${what} (limit ${limit.name})`, {
    limit,
    cause: error,
  });
}

const MAX_STRING_CHARS = 2 ** 29 - 24;
