// The program that owns a run: it runs the rest in namespaces that end with it, and removes what a run leaves when that has ended. It is
// detached from whoever started it, and ends everything when its standard input ends, for whatever reason.
// Arguments: the run directory, the program, its arguments.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { inNamespaces } from './machine/namespaces.ts';
import { KEEPER_FILE, UNSHARE_FILE, removeRun } from './runs.ts';

const [directory = '', ...command] = process.argv.slice(2);
writeFileSync(join(directory, KEEPER_FILE), String(process.pid));

// Process 1 has to reap whatever loses its parent, which a shell does.
const [program, ...args] = inNamespaces(['bash', '-c', '"$@" & wait $!', 'bash', ...command]);
const child = spawn(program, args, {
  stdio: ['ignore', 'inherit', 'inherit'],
  // What is made in the namespaces for a time is the run's, and other runs' directories are not seen there as abandoned.
  env: { ...process.env, TMPDIR: directory },
});
if (child.pid !== undefined) writeFileSync(join(directory, UNSHARE_FILE), String(child.pid));

const end = async (code: number): Promise<void> => {
  await removeRun(directory);
  process.exit(code);
};
child.on('error', (error) => {
  process.stderr.write(`${program}: ${error.message}\n`);
  void end(1);
});
child.on('exit', (code) => void end(code ?? 1));
process.stdin.on('close', () => child.kill('SIGKILL')).resume();
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => child.kill('SIGKILL'));
