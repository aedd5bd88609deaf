import { failureOf, isStaleRead, type Failure } from './failures.ts';

/** The result of an attempt. */
export interface Attempted<T> {
  value?: T;
  failure?: Failure;
}

/** The value or the failure. An error that only says that another pass is due (an edit in between, a lost lease) is rethrown. */
export async function catchFailure<T>(attempt: () => Promise<T>): Promise<Attempted<T>> {
  try {
    return { value: await attempt() };
  } catch (error) {
    if (isStaleRead(error)) throw error;
    return { failure: failureOf(error) };
  }
}
