import { spawn } from 'node:child_process';

import type { Credentials } from '../../registry-client/index.ts';
import { CliError, reasonOf } from '../errors.ts';

/** The variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** How long a helper may take, and the most that it may say. */
export interface HelperLimits {
  readonly timeoutMs: number;
  readonly outputBytes: number;
}

const LIMITS: HelperLimits = { timeoutMs: 30_000, outputBytes: 64 * 1024 };
const NAME = /^[A-Za-z0-9_-]+$/;
/** What docker's helpers say if they have nothing, on standard output and with exit code 1. */
const NOT_FOUND = 'credentials not found in native keychain';
/** The user that a helper names if the secret is an identity token. */
const TOKEN_USER = '<token>';

/**
 * Asks `docker-credential-NAME`, which a docker configuration names, for the credentials of a server; undefined where it has none.
 * It is found in the environment's PATH.
 * Throws CliError HelperFailed where the name is not valid, or the program fails, hangs or says too much; never with what it said.
 */
export async function askHelper(
  name: string,
  server: string,
  environment: Environment,
  limits: HelperLimits = LIMITS,
): Promise<Credentials | undefined> {
  if (!NAME.test(name)) throw failed(JSON.stringify(name), 'that is not the name of a credential helper');
  const program = `docker-credential-${name}`;
  const { code, output } = await runHelper(program, server, environment, limits);
  if (code === 0) return credentialsIn(output, program);
  if (output.trim() === NOT_FOUND) return undefined;
  throw failed(program, `it ended with ${code === null ? 'a signal' : `exit code ${code}`}`);
}

interface Ended {
  code: number | null;
  output: string;
}

async function runHelper(
  program: string,
  server: string,
  environment: Environment,
  { timeoutMs, outputBytes }: HelperLimits,
): Promise<Ended> {
  const child = spawn(program, ['get'], { env: environment, stdio: ['pipe', 'pipe', 'ignore'] });
  return new Promise<Ended>((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const giveUp = (reason: string, cause?: unknown): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      // A process of the helper's own may hold the pipe open and would keep this one alive.
      child.stdout.destroy();
      reject(failed(program, reason, cause));
    };
    const timer = setTimeout(() => giveUp(`it took more than ${timeoutMs} ms`), timeoutMs);
    child.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > outputBytes) giveUp(`it printed more than ${outputBytes} bytes`);
    });
    child.on('error', (cause) => giveUp(reasonOf(cause), cause));
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, output: Buffer.concat(chunks).toString('utf8') });
    });
    // A helper that does not read its input may have ended before it is written.
    child.stdin.on('error', () => undefined).end(server);
  });
}

function credentialsIn(output: string, program: string): Credentials | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(output);
  } catch {
    // The parser's message would quote the secret.
    throw failed(program, 'its output is not JSON');
  }
  const { Username: username, Secret: secret } = (answer ?? {}) as { Username?: unknown; Secret?: unknown };
  if (typeof username !== 'string' || typeof secret !== 'string')
    throw failed(program, 'its output has no user or secret');
  if (secret === '') return undefined;
  return username === TOKEN_USER ? { identityToken: secret } : { username, password: secret };
}

function failed(program: string, reason: string, cause?: unknown): CliError {
  return new CliError('HelperFailed', `the credential helper ${program} cannot be used: ${reason}`, { cause });
}
