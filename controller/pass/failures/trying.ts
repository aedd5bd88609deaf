import { failureOf, isStaleRead, type Failure } from './failures.ts';

/** What came of an attempt. */
export interface Tried<T> {
  value?: T;
  failure?: Failure;
}

/** The value or the failure. An error that only says that another pass is due (an edit in between, a lost lease) is rethrown. */
export async function trying<T>(attempt: () => Promise<T>): Promise<Tried<T>> {
  try {
    return { value: await attempt() };
  } catch (error) {
    if (isStaleRead(error)) throw error;
    return { failure: failureOf(error) };
  }
}
