import { fieldPath } from '../../../crds/index.ts';
import type { FieldChange } from '../../../crds/index.ts';
import { printable } from '../../terminal.ts';
import type { StyleName, Terminal } from '../../terminal.ts';

const SIGNS = { Added: '+', Removed: '-', Changed: '~' } as const;
const STYLES = { Added: 'added', Removed: 'removed', Changed: 'heading' } as const satisfies Record<string, StyleName>;

/** The lines for each object of the changes: whether it comes, goes or changes, and its fields with the value before and after. */
export function changeLines(changes: readonly FieldChange[], terminal: Terminal): string[] {
  return [...Map.groupBy(changes, ({ object }) => object).entries()].flatMap(([object, its]) =>
    linesOf(object, its, terminal),
  );
}

function linesOf(object: string, changes: readonly FieldChange[], terminal: Terminal): string[] {
  const whole = changes.find(({ path }) => path === '');
  const change = whole?.change ?? 'Changed';
  return [
    terminal.style(STYLES[change], printable(`${SIGNS[change]} ${object}`)),
    ...changes.filter(({ path }) => path !== '').flatMap((change) => fieldLines(change, terminal)),
  ];
}

function fieldLines({ path, from, to, alsoIn = [] }: FieldChange, terminal: Terminal): string[] {
  const side = (sign: '-' | '+', value: string | undefined): string[] => {
    if (value === undefined) return [];
    const style = sign === '-' ? 'removed' : 'added';
    return value
      .trimEnd()
      .split('\n')
      .map((line) => terminal.style(style, `    ${sign} ${printable(line)}`));
  };
  const also = alsoIn.length === 0 ? [] : [terminal.style('faint', printable(`    also in ${alsoIn.join(', ')}`))];
  return [`  ${printable(fieldPath(path))}`, ...side('-', from), ...side('+', to), ...also];
}
