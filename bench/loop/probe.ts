// Loaded into the controller's process by `bench/loop/main.ts`: writes down how long each turn of its event loop worked, if that was
// long, and once that it is there.
import { appendFileSync } from 'node:fs';

const NOTED_MS = 10;
const EVERY_MS = 1;

const file = process.env['LOOP_TURNS'];
const isController = /\bcontroller(\/main\.[jt]s|\.mjs)$/.test(process.argv[1] ?? '');
if (file !== undefined && isController) watch(file);

/** In CPU time of the thread: what else the machine does is no turn of this loop. */
function watch(path: string): void {
  let before = process.threadCpuUsage();
  const look = (): void => {
    const now = process.threadCpuUsage();
    const ms = (now.user + now.system - before.user - before.system) / 1_000;
    before = now;
    if (ms >= NOTED_MS) note(ms);
  };
  const note = (ms: number): void => appendFileSync(path, `${JSON.stringify({ at: Date.now(), ms })}\n`);
  note(0);
  setInterval(look, EVERY_MS).unref();
}
