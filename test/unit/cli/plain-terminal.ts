import type { Terminal } from '../../../cli/terminal.ts';

/** A terminal without colours that keeps what is written, by stream. */
export function plainTerminal(): Terminal & { readonly written: { out: string; err: string } } {
  const written = { out: '', err: '' };
  return {
    written,
    out: (text) => void (written.out += `${text}\n`),
    err: (text) => void (written.err += `${text}\n`),
    style: (_, text) => text,
  };
}
