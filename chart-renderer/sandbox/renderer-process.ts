import type { ChildProcess } from 'node:child_process';
import { extname } from 'node:path';
import { startConfined } from './confined-process.ts';
import { WALL_TIMES } from './limits.ts';
import type { Answer, PackagedChart, Piece, Reply, Request, WorkerSettings } from './messages.ts';

/** Why a process ended before it replied. */
export type ExitCause = 'out-of-memory' | 'out-of-time' | 'stuck' | 'closed' | 'crash';

/** A process that ended, or was ended, before it replied. */
export class ProcessDied extends Error {
  readonly why: ExitCause;
  /** How long it had worked at the request, if it could still say. */
  readonly workedMs: number | undefined;

  constructor(why: ExitCause, how: string, workedMs?: number) {
    super(`the chart renderer's process ended: ${how}`);
    this.why = why;
    this.workedMs = workedMs;
  }
}

/** Signals by which the system, or V8 itself, ends a process that takes too much memory. */
const MEMORY_SIGNALS: readonly (NodeJS.Signals | null)[] = ['SIGABRT', 'SIGTRAP', 'SIGKILL'];

/** Milliseconds that processes may still work at a chart; what they use is deducted. */
export interface TimeLeft {
  ms: number;
}

interface PendingAnswer {
  resolve: (answer: Answer) => void;
  reject: (error: ProcessDied) => void;
}

const HOST = new URL(`./host${extname(import.meta.filename)}`, import.meta.url);

/** One process that renders charts, one request at a time; while it is idle it does not keep this process alive. */
export class RendererProcess {
  /** Whether it has worked on a chart, and may hold memory for it. */
  isUsed = false;
  readonly #child: ChildProcess;
  #waiting: PendingAnswer | undefined;
  #death: ProcessDied | undefined;
  readonly #ready: Promise<Answer>;

  constructor(settings: WorkerSettings, memoryMb: number) {
    this.#child = startConfined(HOST, [JSON.stringify(settings), String(memoryMb)]);
    this.#child.on('message', (answer: Answer) => this.#settle(answer));
    this.#child.on('error', (error) => this.#die(new ProcessDied('crash', error.message)));
    this.#child.on('exit', (code, signal) => {
      const why = MEMORY_SIGNALS.includes(signal) ? 'out-of-memory' : 'crash';
      this.#die(new ProcessDied(why, signal ?? `exit code ${code}`));
    });
    this.#ready = this.#answer();
    // It is awaited by the first request; a process that dies before is replaced.
    this.#ready.catch(() => undefined);
  }

  get isDead(): boolean {
    return this.#death !== undefined;
  }

  /**
   * The reply to a request, ahead of which the chart is sent if it can be read; what the process works at it is deducted from the time
   * left. A process that works for longer than that, or than the request allows, ends itself; one that is not done in `WALL_TIMES` times
   * the time left is ended. Throws ProcessDied, and what reading throws.
   */
  async ask(request: Omit<Request, 'isWhole'>, time: TimeLeft, read?: PackagedChart['read']): Promise<Reply> {
    this.#child.ref();
    this.#child.channel?.ref();
    let timer: NodeJS.Timeout | undefined;
    let startedMs = performance.now();
    try {
      await this.#ready;
      if (read) await this.#sendPieces(read());
      const answered = this.#answer();
      const timeoutMs = Math.min(request.timeoutMs, time.ms);
      if (!this.isDead) this.#child.send({ ...request, isWhole: read !== undefined, timeoutMs });
      startedMs = performance.now();
      timer = setTimeout(() => this.end('stuck'), time.ms * WALL_TIMES);
      const { reply, workedMs } = await answered;
      time.ms -= workedMs;
      return reply;
    } catch (error) {
      const workedMs = error instanceof ProcessDied ? error.workedMs : undefined;
      time.ms -= workedMs ?? performance.now() - startedMs;
      throw error;
    } finally {
      clearTimeout(timer);
      this.#child.unref();
      this.#child.channel?.unref();
    }
  }

  /** Ends the process at once, whatever it is doing. */
  end(why: ExitCause, workedMs?: number): void {
    this.#die(new ProcessDied(why, why, workedMs));
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

  #answer(): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#death) reject(this.#death);
      else this.#waiting = { resolve, reject };
    });
  }

  #settle(answer: Answer): void {
    const { type } = answer.reply;
    if (type === 'out-of-memory' || type === 'out-of-time') return this.end(type, answer.workedMs);
    if (type !== 'ready' && type !== 'unknown-chart') this.isUsed = true;
    this.#waiting?.resolve(answer);
    this.#waiting = undefined;
  }

  #die(death: ProcessDied): void {
    this.#death ??= death;
    this.#waiting?.reject(this.#death);
    this.#waiting = undefined;
  }
}
