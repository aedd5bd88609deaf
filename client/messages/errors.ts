/** Why what was asked was not done; `Usage` is for the caller to correct. */
export type ClientErrorCode = 'Usage' | 'NotFound' | 'NotReady' | 'Unreadable' | 'Unwritable' | 'HelperFailed';

/** The error of those who act for a person, besides those of the libraries; its message is for that person, and `next` says what to do. */
export class ClientError extends Error {
  override readonly name: string = 'ClientError';
  readonly code: ClientErrorCode;
  readonly next: string | undefined;
  readonly transient = false;

  constructor(code: ClientErrorCode, message: string, options: { cause?: unknown; next?: string | undefined } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.next = options.next;
  }
}

/** The message of whatever was thrown. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
