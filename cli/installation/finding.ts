/** One thing that was looked at. `no` is an answer and no fault, such as a permission that somebody need not have. */
export interface Finding {
  readonly what: string;
  readonly verdict: 'ok' | 'no' | 'unknown' | 'wrong';
  readonly detail: string;
  /** What to do about it. */
  readonly next?: string;
}
