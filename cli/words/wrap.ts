/** The text in lines of at most `width` characters, broken at spaces where there are any. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = Array.from(text);
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width);
    const end = space > 0 ? space : width;
    lines.push(rest.slice(0, end).join(''));
    rest = rest.slice(space > 0 ? end + 1 : end);
  }
  return [...lines, rest.join('')];
}

/** The least room for a column of explanations; where there is less, they stand below what they explain. */
const MIN_WIDTH = 24;
const BELOW = 6;

/** A usage in this many columns: what stands beside an option stays in its column, as far as there is room. */
export function fittedUsage(usage: string, columns: number): string {
  return usage
    .split('\n')
    .flatMap((line) => fittedLine(line, columns))
    .join('\n');
}

function fittedLine(line: string, columns: number): string[] {
  if (line.length <= columns) return [line];
  const [, head = '', explanation = ''] = /^(\s+\S.*?\s{2,}|\s*)(.*)$/.exec(line) ?? [];
  const hasRoom = columns - head.length >= MIN_WIDTH;
  const indent = head.trim() === '' || hasRoom ? head.length : BELOW;
  const [first = '', ...rest] = wrapped(explanation, columns - indent);
  const start = head.length - head.trimStart().length;
  const heads = wrapped(head.trim(), columns - BELOW).map(
    (text, index) => ' '.repeat(index === 0 ? start : BELOW) + text,
  );
  const opening = hasRoom ? [head + first] : [...heads, ...(first === '' ? [] : [' '.repeat(indent) + first])];
  return [...opening, ...rest.map((text) => ' '.repeat(indent) + text)];
}
