/** Why a command did not do what was asked; `Usage` is for the caller to correct on the command line. */
export type CliErrorCode = 'Usage' | 'NotFound' | 'NotReady' | 'Unreadable' | 'Unwritable' | 'HelperFailed';

/** The error that commands throw besides those of the libraries; its message is for the user, and `next` says what to do. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: CliErrorCode;
  readonly next: string | undefined;
  readonly transient = false;

  constructor(code: CliErrorCode, message: string, options: { cause?: unknown; next?: string } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.next = options.next;
  }
}

/** The message of whatever was thrown. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Whether what was thrown says that a file is not there. */
export function isNotFound(thrown: unknown): boolean {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === 'ENOENT';
}
