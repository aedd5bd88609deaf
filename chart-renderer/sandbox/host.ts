import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { processorMs } from '../processor-time.ts';
import { STACK_MB } from './limits.ts';
import type { Answer, Piece, Reply, Request, WorkerSettings } from './messages.ts';

// The process around a worker thread. V8 ends the whole process if a thread asks at once for much more memory than is left to it, so no
// process that has other work may hold such a thread. This one passes messages on, and watches the memory outside of the heap, and how long
// the thread works.

/** MiB that the process takes besides the heap of charts: code, stacks, unpacked archives. */
const OVERHEAD_MB = 384;
const WATCH_EVERY_MS = 100;
/** Milliseconds of work beyond those that a request allows: the engine stops by itself, and then says where it was. */
const GRACE_MS = 500;

const [settings, memory] = process.argv.slice(2);
const memoryMb = Number(memory);

const thread = new Worker(new URL(`./worker${extname(import.meta.filename)}`, import.meta.url), {
  workerData: JSON.parse(settings ?? '{}') as WorkerSettings,
  resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 48, stackSizeMb: STACK_MB },
});

let pieces: Uint8Array[] = [];
let begunMs = processorMs();
/** When the request under way has to be over, as of `processorMs`. */
let endMs = Infinity;

/** Pieces in a buffer of their own, which can be handed to the thread without a copy. */
function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}

function answer(reply: Reply): Answer {
  return { reply, workedMs: processorMs() - begunMs };
}

function pass(reply: Reply): void {
  endMs = Infinity;
  process.send?.(answer(reply));
}

function endWith(reply: Reply): void {
  process.send?.(answer(reply), () => process.exit(1));
}

/** Telling errors apart takes the whole template language, so it is loaded only here. */
async function endWithFailure(error: Error): Promise<void> {
  const { failureOf } = await import('./failure.ts');
  endWith({ type: 'failed', failure: failureOf(error) });
}

thread.on('message', pass);
thread.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') endWith({ type: 'out-of-memory' });
  else void endWithFailure(error);
});
process.on('message', (message: Request | Piece) => {
  if ('piece' in message) {
    if (message.position === 'first') pieces = [];
    pieces.push(message.piece);
    return;
  }
  const bytes = message.isWhole ? joined(pieces) : undefined;
  pieces = [];
  begunMs = processorMs();
  endMs = begunMs + message.timeoutMs + GRACE_MS;
  thread.postMessage({ ...message, bytes }, bytes ? [bytes.buffer] : []);
});
process.on('disconnect', () => process.exit());
setInterval(() => {
  if (process.memoryUsage.rss() > (memoryMb + OVERHEAD_MB) * 1024 * 1024) endWith({ type: 'out-of-memory' });
  else if (processorMs() > endMs) endWith({ type: 'out-of-time' });
}, WATCH_EVERY_MS);
