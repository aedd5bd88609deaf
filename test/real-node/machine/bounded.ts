import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** How a program ended within its time: `code` is undefined where it was ended for taking too long, or could not be started. */
export type Ended = { readonly code: number | undefined; readonly stdout: string; readonly stderr: string };

/** Runs a program to its end, or for `timeoutMs` at most. */
export async function runBounded(
  path: string,
  args: readonly string[],
  timeoutMs: number,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const options = { timeout: timeoutMs, killSignal: 'SIGKILL' as const, env: { ...process.env, ...env } };
  return promisify(execFile)(path, args, options).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code?: unknown; stdout?: string; stderr?: string; message: string }) => ({
      code: typeof error.code === 'number' ? error.code : undefined,
      stdout: error.stdout ?? '',
      stderr: error.stderr || error.message,
    }),
  );
}

/** The last line with something in it. */
export function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
