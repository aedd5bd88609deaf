import { linesOf, type Piece } from './screen.ts';

/** A command as it was typed, and all that it then wrote on a terminal. */
export interface Typed {
  readonly command: string;
  readonly screen: string;
}

const COLUMN = 8.4;
const LINE = 20;
const MARGIN = 16;

/** The colours are those of GitHub's pages, on which they have enough contrast. */
const STYLE = `
rect { fill: #f6f8fa; stroke: #d0d7de } text { fill: #1f2328; white-space: pre; font: 14px ui-monospace, Menlo, Consolas, monospace }
.bold { font-weight: 700 } .dim { fill: #59636e } .red { fill: #cf222e } .green { fill: #1a7f37 } .yellow { fill: #9a6700 } .cyan { fill: #1b7c83 }
@media (prefers-color-scheme: dark) {
rect { fill: #0d1117; stroke: #3d444d } text { fill: #e6edf3 }
.dim { fill: #9198a1 } .red { fill: #ff7b72 } .green { fill: #3fb950 } .yellow { fill: #d29922 } .cyan { fill: #39c5cf }
}
`;

/**
 * A picture of a terminal with so many columns, in the colours that the viewer prefers, light or dark. Each piece of text is as wide as its
 * columns in whatever font the viewer has, so none is embedded.
 */
export function pictureOf({ command, screen }: Typed, columns: number): string {
  const prompt = `\u001b[2m$\u001b[22m \u001b[1m${command}\u001b[22m`;
  const lines = [...linesOf(prompt, columns), ...linesOf(screen, columns)];
  const width = Math.round(columns * COLUMN + 2 * MARGIN);
  const height = lines.length * LINE + 2 * MARGIN;
  const texts = lines.flatMap((pieces, index) => pieces.flatMap((piece) => textOf(piece, MARGIN + index * LINE + 15)));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escaped(command)}</title>
<style>${STYLE}</style>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="6"/>
${texts.join('\n')}
</svg>
`;
}

function textOf({ column, text, look }: Piece, y: number): string[] {
  const start = column + text.length - text.trimStart().length;
  const shown = text.trim();
  if (shown === '') return [];
  const x = round(MARGIN + start * COLUMN);
  const looks = `${look.weight} ${look.colour}`.trim();
  const named = looks === '' ? '' : ` class="${looks}"`;
  return [`<text x="${x}" y="${y}" textLength="${round(shown.length * COLUMN)}"${named}>${escaped(shown)}</text>`];
}

function round(length: number): number {
  return Number(length.toFixed(1));
}

/** Characters that XML does not have, and would make the picture unreadable, are left out. */
function escaped(text: string): string {
  return (
    text
      // oxlint-disable-next-line no-control-regex
      .replaceAll(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g, '')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
  );
}
