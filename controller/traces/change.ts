import { failureOf, isStaleRead } from '../pass/failures/failures.ts';
import type { Step } from '../pass/step.ts';
import { childOf, type Span, type SpanContext } from './span.ts';

/** The most steps that are kept of a change; of more, the first and the newest are. */
const MAX_STEPS = 32;

/** What was done for a change before its operation began, as far as it is to be told. */
export class Change {
  #steps: Step[] = [];

  /** Undefined where nothing is kept. */
  get beganAt(): number | undefined {
    return this.#steps[0]?.beganAt;
  }

  /** Why the last step failed; undefined if it did not. */
  get failure(): string | undefined {
    return reasonOf(this.#steps.at(-1));
  }

  add(step: Step): void {
    this.#steps.push(step);
    if (this.#steps.length > MAX_STEPS) this.#steps.splice(1, 1);
  }

  /** Keeps what a pass has done only if it has prepared a version, or failed: most passes only look for what is new. */
  endPass(done: ReadonlySet<Step>): void {
    if ([...done].some((step) => step.name === 'preflight' || step.error !== undefined)) return;
    this.#steps = this.#steps.filter((step) => !done.has(step));
  }

  /** The steps as spans; they are kept no longer. */
  take(root: SpanContext): Span[] {
    const spans = this.#steps.map((step) => spanOf(step, root));
    this.#steps = [];
    return spans;
  }
}

/** Whether a step is worth keeping: one that met a concurrent edit, or found no room in memory, is done again. */
export function isTold({ error }: Step): boolean {
  return error === undefined || !isStaleRead(error);
}

function spanOf(step: Step, root: SpanContext): Span {
  const { name, beganAt, endedAt } = step;
  return { ...childOf(root), name, beganAt, endedAt, attributes: {}, error: reasonOf(step) };
}

function reasonOf(step: Step | undefined): string | undefined {
  return step?.error === undefined ? undefined : failureOf(step.error).reason;
}
