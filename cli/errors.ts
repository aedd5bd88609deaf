import { ClientError } from '../client/messages/index.ts';

export { reasonOf } from '../client/messages/index.ts';

/** The error that commands throw themselves, besides those of the libraries. */
export class CliError extends ClientError {
  override readonly name = 'CliError';
}

/** Whether what was thrown says that a file does not exist. */
export function isNotFound(thrown: unknown): boolean {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === 'ENOENT';
}
