import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { RENDERER_FLAGS } from '../../chart-renderer/index.ts';
import type { Case } from '../../test/conformance/rendering/cases.ts';
import type { OurTimes, TimedQuestion } from './ours.ts';

/** The project's renderer in a process of its own, with the flags of V8 that the sandbox's processes have, to be timed. */
export class TimedRenderer {
  readonly #child: ChildProcess;
  #waiting: PromiseWithResolvers<OurTimes> | undefined;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (times) => this.#waiting?.resolve(times as OurTimes));
    child.once('exit', (code) =>
      this.#waiting?.reject(new Error(`the process of the project's renderer ended with code ${code}`)),
    );
  }

  /** A process that has warmed up. */
  static async start(): Promise<TimedRenderer> {
    const program = join(import.meta.dirname, 'ours.ts');
    const execArgv = ['--no-warnings', ...RENDERER_FLAGS];
    const child = fork(program, { serialization: 'advanced', execArgv });
    await once(child, 'message');
    return new TimedRenderer(child);
  }

  /** What the case took; `index` tells it from all others. One at a time. */
  time(asked: Case, index: number): Promise<OurTimes> {
    this.#waiting = Promise.withResolvers();
    this.#child.send({ asked, index } satisfies TimedQuestion);
    return this.#waiting.promise;
  }

  /** Ends the process. */
  stop(): void {
    this.#waiting = undefined;
    this.#child.disconnect();
  }
}
