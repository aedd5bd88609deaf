import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

/** What a program showed on a terminal, and how it ended. */
export interface Shown {
  readonly code: number;
  /** With its control sequences; line breaks as on a terminal. */
  readonly screen: string;
}

/** A program and its arguments, and what it runs with. */
export interface Programme {
  readonly path: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly columns: number;
  /** Ended by an interrupt from the keyboard once it has shown this. */
  readonly until?: RegExp;
  /** Told of all that it has shown so far whenever that is more. */
  readonly onShown?: (screen: string) => void;
}

/** What else than the terminal decides about colours, and is set where tests run by themselves. */
const ABOUT_COLOURS = { CI: undefined, NO_COLOR: undefined, FORCE_COLOR: undefined, NODE_DISABLE_COLORS: undefined };

/** Runs a program in a pseudo terminal of so many columns (`script` of util-linux). */
export async function runInTerminal({ path, args, env, columns, until, onShown }: Programme): Promise<Shown> {
  const quoted = [path, ...args].map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
  const command = `stty cols ${columns} rows 40 -echo; exec ${quoted}`;
  const child = spawn('script', ['--quiet', '--return', '--flush', '--command', command, '/dev/null'], {
    env: { ...process.env, ...ABOUT_COLOURS, TERM: 'xterm-256color', ...env },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let seen = '';
  if (until === undefined) child.stdin.end();
  child.stdout.on('data', (data: Buffer) => {
    seen += data.toString('utf8');
    onShown?.(seen);
    if (until?.test(seen)) child.stdin.write('\u0003');
  });
  const [screen, [code]] = await Promise.all([text(child.stdout), once(child, 'close') as Promise<[number | null]>]);
  return { code: code ?? -1, screen };
}
