// Runs a program for as long as its own standard input stays open, so that the program does not outlive its starter however that
// ends. Arguments: the file for the program's output, the program, its arguments. It prints the program's process id.
import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';

const [logFile = '', path = '', ...args] = process.argv.slice(2);
const log = openSync(logFile, 'a');
const child = spawn(path, args, { stdio: ['ignore', log, log] });

child.on('spawn', () => process.stdout.write(`${child.pid}\n`));
child.on('error', (error) => {
  process.stderr.write(`${path}: ${error.message}\n`);
  process.exit(1);
});
child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
process.stdin.on('close', () => child.kill('SIGKILL')).resume();
