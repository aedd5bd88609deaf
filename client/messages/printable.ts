/**
 * The text on one line and without anything that a terminal acts on: control characters, escape sequences' introducers, marks
 * that turn the direction of writing. Whatever comes from a chart or the cluster passes here before it is shown.
 */
export function printable(text: string): string {
  return oneLine(text).replaceAll(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '');
}

/** Without an expression for white space around a break, whose cost would grow with the square of the text. */
function oneLine(text: string): string {
  const lines = text.split(/[\n\r\u2028\u2029]/u);
  const first = lines.shift() ?? '';
  const last = lines.pop();
  if (last === undefined) return first;
  const between = lines.map((line) => line.trim()).filter((line) => line !== '');
  return [first.trimEnd(), ...between, last.trimStart()].join(' ');
}

/** As `printable`, with the text's own lines. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
