import { createHash } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';

import type { Digest } from './digest.ts';
import { RegistryError } from './errors.ts';
import type { Content, Sink } from './sink.ts';

const PIECE_BYTES = 128 * 1024;

/** What could not be written to the cache, as opposed to what a registry could not give. */
export class StagingFailed extends Error {
  override readonly name = 'StagingFailed';
}

/** A file that is being written and not yet part of the cache. */
export interface StagedFile extends Sink {
  /** Makes it durable, and the file at `path`. Throws StagingFailed. */
  moveTo(path: string): Promise<void>;
  /** Closes it and, unless it was moved, removes it. */
  end(): Promise<void>;
}

/** Creates a file to write to; throws what the file system does, and writing throws StagingFailed. */
export async function stageFile(path: string): Promise<StagedFile> {
  // What is appended goes to the end of the file, which is its beginning after a restart of the download.
  const file = await open(path, 'ax', 0o600);
  return {
    write: (piece) => staging(() => file.writeFile(piece)),
    restart: () => staging(() => file.truncate(0)),
    moveTo: (target) =>
      staging(async () => {
        await file.sync();
        await rename(path, target);
      }),
    end: async () => {
      await file.close();
      await rm(path, { force: true });
    },
  };
}

/** The content with that digest in a file; what is read of it is verified as it is read, and a damaged file is removed. */
export function fileContent(path: string, digest: Digest, size: number): Content {
  const read = (): AsyncIterable<Uint8Array> => readVerified(path, digest);
  return {
    size,
    read,
    bytes: async () => {
      const bytes = Buffer.alloc(size);
      let length = 0;
      for await (const piece of read()) {
        if (length + piece.length > size) throw gone(digest);
        bytes.set(piece, length);
        length += piece.length;
      }
      return bytes;
    },
  };
}

/** Tells whether a file has that digest; throws what the file system does. */
export async function isIntact(path: string, digest: Digest): Promise<boolean> {
  const hash = createHash('sha256');
  for await (const piece of piecesOf(path)) hash.update(piece);
  return `sha256:${hash.digest('hex')}` === digest;
}

async function* readVerified(path: string, digest: Digest): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  try {
    for await (const piece of piecesOf(path)) {
      hash.update(piece);
      yield piece;
    }
  } catch (cause) {
    throw gone(digest, cause);
  }
  if (`sha256:${hash.digest('hex')}` === digest) return;
  await rm(path, { force: true });
  throw gone(digest);
}

/** All pieces are in one buffer, one after the other: otherwise what is no longer needed would stay in memory until V8 collects it. */
async function* piecesOf(path: string): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.alloc(PIECE_BYTES);
  const file = await open(path);
  try {
    for (;;) {
      const { bytesRead } = await file.read(buffer);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

async function staging(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (cause) {
    throw new StagingFailed('the cache could not be written', { cause });
  }
}

/** Another process may have evicted it, or a disk damaged it: the next pull gets it again. */
function gone(digest: Digest, cause?: unknown): RegistryError {
  const reason = `the cached content of ${digest} was removed or damaged while it was in use`;
  return new RegistryError({ code: 'Unavailable', transient: true, reason, cause });
}
