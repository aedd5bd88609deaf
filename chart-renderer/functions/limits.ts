import { TemplateError } from '../../golang/template/index.ts';

/** The longest text, in characters, that one call of a function may make. */
const MAX_TEXT_CHARS = 32 * 1024 * 1024;

/** The longest list that one call of a function may make. */
const MAX_LIST_ITEMS = 1_000_000;

/** Throws a `TemplateError` of code `limit` where a text of that many characters is too long to be made. */
export function checkTextSize(chars: number): void {
  if (chars > MAX_TEXT_CHARS)
    throw limitError(`the chart asks for a text of ${chars} characters, more than ${MAX_TEXT_CHARS} (limit textChars)`);
}

/** Throws a `TemplateError` of code `limit` where a list of that many items is too long to be made. */
export function checkListSize(items: number): void {
  if (items > MAX_LIST_ITEMS)
    throw limitError(`the chart asks for a list of ${items} items, more than ${MAX_LIST_ITEMS} (limit listItems)`);
}

/** The error of a function that would cost too much. */
export function limitError(what: string): TemplateError {
  return new TemplateError('Limit', `template execution stopped: ${what}`);
}
