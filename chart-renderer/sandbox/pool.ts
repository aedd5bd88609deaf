import { LRUCache } from 'lru-cache';

import { ChartError } from '../errors.ts';
import { type SandboxLimits, WALL_TIMES } from './limits.ts';
import { keyOfChart, type PackagedChart, type Reply, type Request, type Task } from './messages.ts';
import { ProcessDied, RendererProcess, type TimeLeft } from './renderer-process.ts';
import { WorkerScheduler } from './worker-scheduler.ts';

type Ask = Omit<Request, 'isWhole'>;

/** The number of charts that a slot is assumed to hold at most; it may have forgotten them earlier. */
const MAX_KNOWN = 32;

/** A process and its successors. */
class Slot {
  readonly known = new LRUCache<string, true>({ max: MAX_KNOWN });
  readonly #limits: SandboxLimits;
  #process: RendererProcess;
  #isEnded = false;

  constructor(limits: SandboxLimits) {
    this.#limits = limits;
    this.#process = this.#start();
  }

  /** As RendererProcess; a process that died is replaced. */
  async ask(request: Ask, time: TimeLeft, read?: PackagedChart['read']): Promise<Reply> {
    if (this.#process.isDead) this.#replace();
    const process = this.#process;
    try {
      return await process.ask(request, time, read);
    } catch (error) {
      if (!(error instanceof ProcessDied)) throw error;
      this.#replace();
      // What others left in its memory is no fault of this chart.
      if (error.why !== 'out-of-memory' || !process.isUsed) throw error;
      return await this.ask(request, time, read);
    }
  }

  remember(key: string): void {
    this.known.set(key, true);
  }

  end(): void {
    this.#isEnded = true;
    this.#process.end('closed');
  }

  #start(): RendererProcess {
    const { load, render, objectBytes, memoryMb } = this.#limits;
    return new RendererProcess({ load, render, objectBytes }, memoryMb);
  }

  #replace(): void {
    if (this.#isEnded) throw new ProcessDied('closed', 'closed');
    this.known.clear();
    this.#process = this.#start();
  }
}

/** A task for a chart, the namespace that it is for, and the time it may take. */
export interface ChartTask {
  readonly chart: PackagedChart;
  readonly task: Task;
  readonly namespace: string;
  readonly time: TimeLeft;
}

interface Waiting {
  /** Of the chart. */
  readonly key: string;
  readonly assigned: (slot: Slot) => void;
  readonly refused: (error: Error) => void;
}

/**
 * A chart that takes as much work as this part of the time limit is slow, and for ten minutes so is its namespace. It is broken off there
 * and begun again among slow ones, with all of its time: until then, its namespace may be one of as many as there are processes.
 */
const SLOW_PART = 0.2;
const SLOW_FOR_MS = 600_000;

/** Work that turned out to be slow, and is to be begun again as such. */
class TurnedOutSlow extends Error {}

/** How a reply is used. */
type Use<T> = (reply: Reply) => T | Promise<T>;

/**
 * At most a fixed number of processes, started when they are needed, but for the first one, which is started after `aheadMs` at the latest
 * and has time to warm up; each works on one chart at a time.
 */
export class Pool {
  readonly #size: number;
  readonly #limits: SandboxLimits;
  readonly #slowMs: number;
  readonly #slots: Slot[] = [];
  readonly #idle = new Set<Slot>();
  readonly #scheduler: WorkerScheduler<Waiting>;
  readonly #ahead: NodeJS.Timeout;
  #isClosed = false;

  constructor(size: number, limits: SandboxLimits, aheadMs: number) {
    this.#size = size;
    this.#limits = limits;
    this.#slowMs = limits.timeoutMs * SLOW_PART;
    this.#scheduler = new WorkerScheduler({ workers: size, slowMs: this.#slowMs, slowForMs: SLOW_FOR_MS });
    this.#ahead = setTimeout(() => this.#startAhead(), aheadMs).unref();
  }

  /**
   * Does the work when it is its namespace's turn, and deducts the time it needed. No other work is begun in its place before the reply is
   * used: however many wait, there are no more replies than processes. Throws ChartError `limit`, and what `use` throws.
   */
  async ask<T>(work: ChartTask, use: Use<T>): Promise<T> {
    const { time } = work;
    const leftMs = time.ms;
    try {
      return await this.#attempt(work, use);
    } catch (error) {
      if (!(error instanceof TurnedOutSlow)) throw error;
      time.ms = leftMs;
      return await this.ask(work, use);
    }
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#ahead);
    for (const slot of this.#slots) slot.end();
    for (const { refused } of this.#scheduler.drain()) refused(closedError());
  }

  /** Throws TurnedOutSlow where a namespace that was not slow needs more work than others may; from then on it is. */
  async #attempt<T>({ chart, task, namespace, time }: ChartTask, use: Use<T>): Promise<T> {
    const key = keyOfChart(chart);
    const slot = await this.#take(namespace, key);
    const beforeMs = time.ms;
    const timeoutMs = this.#scheduler.isSlow(namespace) ? beforeMs : Math.min(beforeMs, this.#slowMs);
    const isBrokenOff = (): boolean => timeoutMs < beforeMs && beforeMs - time.ms >= timeoutMs;
    try {
      const request = { ...task, key, helmVersion: chart.helmVersion, timeoutMs };
      let reply = await slot.ask(request, time);
      if (reply.type === 'unknown-chart') reply = await slot.ask(request, time, chart.read);
      if (isInPart(reply) && isBrokenOff()) throw new TurnedOutSlow();
      return await use(reply);
    } catch (error) {
      if (!(error instanceof ProcessDied)) throw error;
      throw error.why === 'out-of-time' && isBrokenOff() ? new TurnedOutSlow() : this.#limitError(error);
    } finally {
      slot.remember(key);
      this.#idle.add(slot);
      this.#scheduler.done(namespace, beforeMs - time.ms);
      this.#assignNext();
    }
  }

  async #take(namespace: string, key: string): Promise<Slot> {
    if (this.#isClosed) throw closedError();
    return new Promise((assigned, refused) => {
      this.#scheduler.wait(namespace, { key, assigned, refused });
      this.#assignNext();
    });
  }

  #assignNext(): void {
    while (this.#idle.size > 0 || this.#slots.length < this.#size) {
      const waiting = this.#scheduler.next();
      if (waiting === undefined) return;
      waiting.assigned(this.#slotFor(waiting.key));
    }
  }

  /** An idle slot, preferably one that knows the chart, or a new one. */
  #slotFor(key: string): Slot {
    const [any] = this.#idle;
    const slot = [...this.#idle].find(({ known }) => known.has(key)) ?? any ?? this.#open();
    this.#idle.delete(slot);
    return slot;
  }

  #startAhead(): void {
    if (this.#slots.length === 0) this.#idle.add(this.#open());
  }

  #open(): Slot {
    const slot = new Slot(this.#limits);
    this.#slots.push(slot);
    return slot;
  }

  #limitError(error: ProcessDied): Error {
    const { timeoutMs, memoryMb } = this.#limits;
    switch (error.why) {
      case 'out-of-time':
        return crossed(`takes more than ${timeoutMs} ms of work`, { name: 'timeoutMs', value: timeoutMs }, error);
      case 'stuck':
        return crossed(
          `has not ended after ${timeoutMs * WALL_TIMES} ms`,
          { name: 'timeoutMs', value: timeoutMs },
          error,
        );
      case 'out-of-memory':
        return crossed(`takes more than ${memoryMb} MiB of memory`, { name: 'memoryMb', value: memoryMb }, error);
      case 'closed':
        return closedError();
      case 'crash':
        return error;
    }
  }
}

/** Whether more time might have led to another reply. */
function isInPart({ type }: Reply): boolean {
  return type === 'failed' || type === 'questions';
}

function crossed(what: string, limit: { name: string; value: number }, cause: Error): ChartError {
  return new ChartError('Limit', `rendering the chart ${what} (limit ${limit.name})`, { limit, cause });
}

function closedError(): Error {
  return new Error('the chart cannot be rendered: the sandbox is closed');
}
