import { AsyncLocalStorage } from 'node:async_hooks';

/** What a pass does before an operation begins, as traces name it. */
export type StepName = 'resolve' | 'pull' | 'render' | 'preflight' | 'record';

/** A step that has ended, in milliseconds since the epoch. */
export interface Step {
  name: StepName;
  beganAt: number;
  endedAt: number;
  error?: unknown;
}

const recorders = new AsyncLocalStorage<(step: Step) => void>();

/** Does the work; `record`, which must not throw, is told of each step in it, and so is whoever records the steps around it. */
export function withSteps<T>(record: (step: Step) => void, work: () => T): T {
  const outer = recorders.getStore();
  const recordAll = (step: Step): void => {
    record(step);
    outer?.(step);
  };
  return recorders.run(outer === undefined ? record : recordAll, work);
}

/** Does the work, as a step of the pass that it belongs to. Where nobody records steps, nothing is measured. */
export async function inStep<T>(name: StepName, work: () => Promise<T>): Promise<T> {
  const record = recorders.getStore();
  if (!record) return work();
  const beganAt = Date.now();
  try {
    const result = await work();
    record({ name, beganAt, endedAt: Date.now() });
    return result;
  } catch (error) {
    record({ name, beganAt, endedAt: Date.now(), error });
    throw error;
  }
}
