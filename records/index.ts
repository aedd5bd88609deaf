// How a version of a Release is recorded: the content that makes it, with its digest, and the record of what was rendered, in the chunks
// that Secrets hold. What is recorded is read and written by the controller, and by the command.

export * from './chunk-secret.ts';
export * from './content.ts';
export { contentOperations } from './content-patch.ts';
export {
  CHUNK_BYTES,
  bytesOf,
  bytesOfObjects,
  bytesOfRecord,
  decodeBase,
  decodeRecord,
  encodeDifference,
  encodeRecord,
  isIntact,
  freeBuffer,
  packedRecord,
  type Chunk,
  type EncodedRecord,
  type VersionRecord,
} from './record.ts';
export { RecordError } from './record-error.ts';
export { secretsOfRecord } from './secrets.ts';
