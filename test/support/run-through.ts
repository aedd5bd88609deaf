/** The result of work that is otherwise done in turns, done in one go. */
export function runThrough<T>(work: Generator<unknown, T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}
