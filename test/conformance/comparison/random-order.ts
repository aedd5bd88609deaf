/**
 * An error with its lines, and the names within them, in one order: problems that Helm finds by a schema come in Go's order of map
 * keys, which is random. Helm puts the next chart's name behind the last of a schema's own problems, without a line of its own.
 */
export function inOneOrder(error: string): string {
  const names = (line: string): string =>
    line.replace(/(?<=additional properties ).*(?= not allowed)/, (list) => list.split(', ').sort().join(', '));
  const lines = error.replaceAll(/^( *- at .*')([^' ]+:)$/gm, '$1\n$2').split('\n');
  return lines.map(names).sort().join('\n');
}
