/**
 * The text on one line and without anything that a terminal acts on: control characters, escape sequences' introducers, marks
 * that turn the direction of writing. Whatever comes from a chart or the cluster passes here before it is shown.
 */
export function printable(text: string): string {
  return text
    .replaceAll(/\s*[\n\r\u2028\u2029]\s*/gu, ' ')
    .replaceAll(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '');
}

/** As `printable`, with the text's own lines. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
