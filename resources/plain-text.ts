/** What the API server accepts in no text of an apply, what is a line end only to YAML, and what turns the direction of what follows. */
const NOT_PLAIN = /(?![\n\t])[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF\uFFFE\uFFFF]/gu;

/**
 * The text as the API server takes it and any screen shows it: without lone surrogates, and without control characters except line ends and
 * tabs; `�` stands for each. A single one would have the whole status refused.
 */
export function plainText(text: string): string {
  return text.toWellFormed().replace(NOT_PLAIN, '\uFFFD');
}

/** The first characters of a text that is longer than `max`, and an ellipsis: together at most `max`, with no character cut in half. */
export function cut(text: string, max: number): string {
  return text.length > max ? `${startOf(text, max - 1)}…` : text;
}

/** At most the first `max` characters of a text, the last one whole. */
function startOf(text: string, max: number): string {
  const start = text.slice(0, max);
  return start.length < text.length && isFirstHalf(start.charCodeAt(start.length - 1)) ? start.slice(0, -1) : start;
}

function isFirstHalf(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

/** The first `max` of some texts, and how many others exist: `a, b and 3 more` or, separated by `; `, `a; b; and 3 more`. */
export function listed(texts: readonly string[], max: number, separator: ', ' | '; ' = ', '): string {
  const named = texts.slice(0, max).join(separator);
  if (texts.length <= max) return named;
  return `${named}${separator === ', ' ? ' ' : separator}and ${texts.length - max} more`;
}

/** How many others there are behind what is named: ` (and 3 more)`, or nothing. */
export function andMore(others: number): string {
  return others > 0 ? ` (and ${others} more)` : '';
}
