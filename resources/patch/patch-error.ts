/** A patch that cannot be applied to an object; the message says why, as the rest of a sentence about the patch. */
export class PatchError extends Error {
  override readonly name = 'PatchError';
}
