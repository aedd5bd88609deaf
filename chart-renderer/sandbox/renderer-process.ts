import type { ChildProcess } from 'node:child_process';
import { extname } from 'node:path';
import { startConfined } from './confined-process.ts';
import type { PackagedChart, Piece, Reply, Request, WorkerSettings } from './messages.ts';

/** Why a process ended before it replied. */
export type Death = 'out-of-memory' | 'timeout' | 'closed' | 'crash';

/** A process that ended, or was ended, before it replied. */
export class ProcessDied extends Error {
  readonly why: Death;

  constructor(why: Death, how: string) {
    super(`the chart renderer's process ended: ${how}`);
    this.why = why;
  }
}

/** Signals by which the system, or V8 itself, ends a process that takes too much memory. */
const MEMORY_SIGNALS: readonly (NodeJS.Signals | null)[] = ['SIGABRT', 'SIGTRAP', 'SIGKILL'];

/** Milliseconds that a chart has left; what is spent on it is taken off. */
export interface TimeLeft {
  ms: number;
}

/** What a process gets beyond the time left: the engine stops by itself, and then says where it was. */
const GRACE_MS = 500;

type Settlement = { resolve: (reply: Reply) => void; reject: (error: ProcessDied) => void };

const HOST = new URL(`./host${extname(import.meta.filename)}`, import.meta.url);

/** One process that renders charts, one request at a time; while it is idle it does not keep this process alive. */
export class RendererProcess {
  /** Whether it has worked on a chart, and may hold memory for it. */
  isUsed = false;
  readonly #child: ChildProcess;
  #waiting: Settlement | undefined;
  #death: ProcessDied | undefined;
  readonly #ready: Promise<Reply>;

  constructor(settings: WorkerSettings, memoryMb: number) {
    this.#child = startConfined(HOST, [JSON.stringify(settings), String(memoryMb)]);
    this.#child.on('message', (reply: Reply) => this.#settle(reply));
    this.#child.on('error', (error) => this.#die(new ProcessDied('crash', error.message)));
    this.#child.on('exit', (code, signal) => {
      const why = MEMORY_SIGNALS.includes(signal) ? 'out-of-memory' : 'crash';
      this.#die(new ProcessDied(why, signal ?? `exit code ${code}`));
    });
    this.#ready = this.#reply();
    // It is awaited by the first request; a process that dies before is replaced.
    this.#ready.catch(() => undefined);
  }

  get isDead(): boolean {
    return this.#death !== undefined;
  }

  /**
   * The reply to a request, ahead of which the chart is sent if it can be read; it takes of the time left, and when there is none the
   * process is ended. Throws ProcessDied, and what reading throws.
   */
  async ask(
    request: Omit<Request, 'timeoutMs' | 'isWhole'>,
    time: TimeLeft,
    read?: PackagedChart['read'],
  ): Promise<Reply> {
    this.#child.ref();
    this.#child.channel?.ref();
    let timer: NodeJS.Timeout | undefined;
    let startedMs = performance.now();
    try {
      await this.#ready;
      if (read) await this.#sendPieces(read());
      startedMs = performance.now();
      const reply = this.#reply();
      if (!this.isDead) this.#child.send({ ...request, isWhole: read !== undefined, timeoutMs: time.ms });
      timer = setTimeout(() => this.end('timeout'), time.ms + GRACE_MS);
      return await reply;
    } finally {
      time.ms -= performance.now() - startedMs;
      clearTimeout(timer);
      this.#child.unref();
      this.#child.channel?.unref();
    }
  }

  /** Ends the process at once, whatever it does. */
  end(why: Death): void {
    this.#die(new ProcessDied(why, why));
    this.#child.kill('SIGKILL');
  }

  async #sendPieces(pieces: ReturnType<PackagedChart['read']>): Promise<void> {
    let position: Piece['position'] = 'first';
    for await (const piece of pieces) {
      if (this.#death) throw this.#death;
      const message: Piece = { position, piece };
      // The next piece waits until this one is written, so that no more than one is held here.
      await new Promise<void>((sent) => this.#child.send(message, () => sent()));
      position = 'later';
    }
  }

  #reply(): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.#death) reject(this.#death);
      else this.#waiting = { resolve, reject };
    });
  }

  #settle(reply: Reply): void {
    if (reply.type === 'out-of-memory') return this.end('out-of-memory');
    if (reply.type !== 'ready' && reply.type !== 'unknown-chart') this.isUsed = true;
    this.#waiting?.resolve(reply);
    this.#waiting = undefined;
  }

  #die(death: ProcessDied): void {
    this.#death ??= death;
    this.#waiting?.reject(this.#death);
    this.#waiting = undefined;
  }
}
