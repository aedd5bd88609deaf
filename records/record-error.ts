/** What is stored of a version is not what was recorded. */
export class RecordError extends Error {
  override readonly name = 'RecordError';
}
