/** What a chart may cost to be loaded. Its bytes are limited as by Helm 4; nested archives count towards their parent's. */
export interface LoadLimits {
  /** Bytes of all files together, unpacked. */
  readonly chartBytes: number;
  /** Entries of the archive, directories and ignored ones included. */
  readonly entries: number;
  /** How deep charts may be nested in `charts/`. */
  readonly depth: number;
}

/** The limits in force when a caller names none. */
export const LOAD_LIMITS: LoadLimits = {
  chartBytes: 100 * 1024 * 1024,
  entries: 10_000,
  depth: 32,
};
