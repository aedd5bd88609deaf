/** What an archive is refused for: `damaged`, a `name` with a NUL, or a `limit`, which is that of `extendedHeaderBytes`. */
export type TarErrorCode = 'Damaged' | 'Name' | 'Limit';

/** An archive that cannot be read. */
export class TarError extends Error {
  readonly code: TarErrorCode;
  readonly limit: { readonly name: string; readonly value: number } | undefined;

  constructor(code: TarErrorCode, message: string, limit?: TarError['limit']) {
    super(message);
    this.name = 'TarError';
    this.code = code;
    this.limit = limit;
  }
}

/** The error of an archive that does not hold what its headers say. */
export function damaged(why: string): TarError {
  return new TarError('Damaged', why);
}
