import type { Json } from '../../golang/json/index.ts';
import { writeYaml } from '../../golang/yaml/index.ts';

/** A helper of Handlebars templates: gets the arguments without Handlebars' own last one. */
export type Helper = (...args: Json[]) => Json;

/** Why a helper gave up, for messages that name the template. */
export class HelperError extends Error {}

/**
 * The helpers that templates may use, in the order of the documentation. They take the piped value last, so that
 * `{{nindent 4 (toYaml Values.labels)}}` reads as in Helm.
 */
export const HELPERS: Readonly<Record<string, Helper>> = {
  toYaml: (value = null) => writeYaml(value).replace(/\n$/, ''),
  toJson: (value = null) => JSON.stringify(value),
  indent: (width = 0, text = '') => indented(width, text),
  nindent: (width = 0, text = '') => `\n${indented(width, text)}`,
  quote: (...values) =>
    values
      .filter((value) => value !== null && value !== undefined)
      .map((value) => JSON.stringify(textOf(value)))
      .join(' '),
  default: (fallback = null, value = null) => (isEmpty(value) ? fallback : value),
  required: (message = '', value = null) => {
    if (value === null || value === '') throw new HelperError(textOf(message));
    return value;
  },
  eq: (a = null, b = null) => a === b,
  ne: (a = null, b = null) => a !== b,
  and: (...values) => values.find(isEmpty) ?? values.at(-1) ?? null,
  or: (...values) => values.find((value) => !isEmpty(value)) ?? values.at(-1) ?? null,
  not: (value = null) => isEmpty(value),
  b64enc: (value = '') => Buffer.from(textOf(value)).toString('base64'),
  lower: (value = '') => textOf(value).toLowerCase(),
  upper: (value = '') => textOf(value).toUpperCase(),
  join: (separator = '', list = null) =>
    Array.isArray(list) ? list.map(textOf).join(textOf(separator)) : textOf(list),
};

const MAX_INDENT = 1000;

function indented(width: Json, text: Json): string {
  if (typeof width !== 'number' || width < 0 || width > MAX_INDENT) {
    throw new HelperError(`indent: the width must be a number from 0 to ${MAX_INDENT}, not ${textOf(width)}`);
  }
  return textOf(text).replace(/^/gm, ' '.repeat(width));
}

function textOf(value: Json | undefined): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** What Helm counts as empty: false, 0, "", null, an empty list or table. */
function isEmpty(value: Json | undefined): boolean {
  if (typeof value !== 'object' || value === null) return !value;
  return (Array.isArray(value) ? value : Object.keys(value)).length === 0;
}
