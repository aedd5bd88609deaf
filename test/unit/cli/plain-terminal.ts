import type { Terminal } from '../../../cli/terminal.ts';

/** A terminal without colours that keeps what is written, by stream; with columns, if they are told. */
export function plainTerminal(columns?: number): Terminal & { readonly written: { out: string; err: string } } {
  const written = { out: '', err: '' };
  return {
    written,
    columns,
    out: (text) => void (written.out += `${text}\n`),
    err: (text) => void (written.err += `${text}\n`),
    style: (_, text) => text,
  };
}
