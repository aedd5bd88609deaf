/** How text on a terminal looks; empty is plain. */
interface Look {
  readonly weight: '' | 'bold' | 'dim';
  readonly colour: '' | 'red' | 'green' | 'yellow' | 'cyan';
}

/** A piece of text of one look, and the column in which it begins. */
export interface Piece {
  readonly column: number;
  readonly text: string;
  readonly look: Look;
}

const PLAIN: Look = { weight: '', colour: '' };
const WEIGHTS: Readonly<Record<number, Look['weight']>> = { 1: 'bold', 2: 'dim', 22: '' };
const COLOURS: Readonly<Record<number, Look['colour']>> = { 31: 'red', 32: 'green', 33: 'yellow', 36: 'cyan', 39: '' };

// oxlint-disable-next-line no-control-regex
const TOKENS = /\u001b\[([\d;?]*)([A-Za-z])|\u001b\][^\u0007]*\u0007|\n|[^\u001b\n]+/g;

/**
 * The lines of what a program wrote on a terminal with so many columns; longer ones go on below. Control sequences other than those of looks
 * are left out: nothing is redrawn.
 */
export function linesOf(screen: string, columns: number): Piece[][] {
  let line: Piece[] = [];
  const lines = [line];
  let column = 0;
  let look = PLAIN;
  const newLine = (): void => {
    line = [];
    lines.push(line);
    column = 0;
  };
  for (const [token, codes = '', verb] of screen.replaceAll('\r', '').trimEnd().matchAll(TOKENS)) {
    if (token === '\n') newLine();
    if (verb === 'm') look = codes.split(';').map(Number).reduce(changed, look);
    if (token === '\n' || token.startsWith('\u001b')) continue;
    for (let rest = token; rest !== '';) {
      if (column === columns) newLine();
      const text = rest.slice(0, columns - column);
      line.push({ column, text, look });
      column += text.length;
      rest = rest.slice(text.length);
    }
  }
  return lines;
}

function changed({ weight, colour }: Look, code: number): Look {
  return code === 0 ? PLAIN : { weight: WEIGHTS[code] ?? weight, colour: COLOURS[code] ?? colour };
}
