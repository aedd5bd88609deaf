import { fork, type ChildProcess } from 'node:child_process';
import { findPackageJSON } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * V8's flags in a process that renders charts. One helper thread is enough for its garbage collector. Nothing is to be allocated in the old
 * space from the start: whatever a rendering leaves there, even when nobody needs it any more, keeps all that it refers to.
 */
export const RENDERER_FLAGS = ['--v8-pool-size=1', '--no-allocation-site-pretenuring'];

/**
 * Starts a program of this package with no environment but the time zone, and with no right but to read the package's files and to start
 * threads. It does not keep this process alive.
 */
export function startConfined(program: URL, args: readonly string[]): ChildProcess {
  const file = fileURLToPath(program);
  const root = dirname(findPackageJSON(import.meta.url) ?? file);
  const zone = process.env['TZ'];
  const child = fork(file, args, {
    execArgv: ['--no-warnings', ...RENDERER_FLAGS, '--permission', '--allow-worker', `--allow-fs-read=${root}`],
    env: zone === undefined ? {} : { TZ: zone },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  child.unref();
  child.channel?.unref();
  return child;
}
