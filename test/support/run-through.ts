/** What work that is done in turns comes to, done at once. */
export function runThrough<T>(work: Generator<unknown, T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}
