/** Writes one structured line; never a secret. */
export type Log = (
  level: 'debug' | 'info' | 'warn' | 'error',
  message: string,
  facts?: Record<string, unknown>,
) => void;

/** What a line says of an error: its message, its code if it has one, and where it arose. */
export function errorFacts(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: String(error) };
  return { error: error.message, ...('code' in error ? { code: error.code } : {}), stack: error.stack };
}
