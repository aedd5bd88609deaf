import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';

import { fileContent, isIntact, stageFile } from './cached-file.ts';
import type { StagedFile } from './cached-file.ts';
import { digestOfBytes } from './digest.ts';
import type { Digest } from './digest.ts';
import type { Content } from './sink.ts';

/** The scope of content that anyone may read, since it took no credentials to get. */
export const PUBLIC_SCOPE = 'public';

/** Where a cache is and how large it may get. */
export interface CacheOptions {
  directory: string;
  /** 512 MiB by default. */
  maxBytes?: number;
  /** Told of a directory or file that could not be used; the cache goes on without it. */
  onProblem?: (problem: Error) => void;
}

/** A document, and the server's validator for this state of it. */
export interface ValidatedDocument {
  etag: string;
  bytes: Buffer;
}

interface Stored {
  path: string;
  size: number;
  usedMs: number;
}

const DEFAULT_MAX_BYTES = 512 * 1024 * 1024;
/** Eviction goes below the maximum, so that not every write has to evict. */
const KEPT_SHARE = 0.9;
const ABANDONED_AFTER_MS = 3_600_000;

/**
 * Content by digest on disk, in one directory a scope. Several processes may share it: files appear complete, by rename, and are
 * verified on every read. No method throws: what cannot be read is a miss, what cannot be written is not cached.
 */
export class ChartCache {
  readonly #directory: string;
  readonly #maxBytes: number;
  readonly #onProblem: (problem: Error) => void;

  constructor({ directory, maxBytes = DEFAULT_MAX_BYTES, onProblem = () => undefined }: CacheOptions) {
    this.#directory = directory;
    this.#maxBytes = maxBytes;
    this.#onProblem = onProblem;
  }

  /** Returns the content with that digest, from `scope` or from what is public; undefined where it is not there intact. */
  async read(scope: string, digest: Digest): Promise<Buffer | undefined> {
    return (await this.#readVerified(this.#pathOf(scope, digest), digest)) ?? this.#readPublic(scope, digest);
  }

  /** Keeps `bytes`, whose digest the caller has verified, and evicts what was least recently used if that is too much. */
  async write(scope: string, digest: Digest, bytes: Uint8Array): Promise<void> {
    if (bytes.length <= this.#maxBytes * KEPT_SHARE) await this.#write(this.#pathOf(scope, digest), bytes);
  }

  /** As `read`, but leaves the content in its file, whatever its size. */
  async open(scope: string, digest: Digest): Promise<Content | undefined> {
    return (await this.#openVerified(scope, digest)) ?? this.#openVerified(PUBLIC_SCOPE, digest);
  }

  /** Returns a file for content of at most `size` bytes, to be passed to `keep` or ended; undefined where it cannot be cached. */
  async stage(size: number): Promise<StagedFile | undefined> {
    if (size > this.#maxBytes * KEPT_SHARE) return undefined;
    return this.#tolerating(async () => {
      await mkdir(this.#directory, { recursive: true, mode: 0o700 });
      return stageFile(join(this.#directory, `${randomUUID()}.tmp`));
    });
  }

  /** Keeps what was staged, whose digest the caller has verified; undefined where that is not possible. */
  async keep(scope: string, digest: Digest, staged: StagedFile): Promise<Content | undefined> {
    return this.#tolerating(async () => {
      const path = this.#pathOf(scope, digest);
      await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
      await staged.moveTo(path);
      await this.#evict();
      return fileContent(path, digest, (await stat(path)).size);
    });
  }

  /** Returns a document by its URL with the validator (`ETag`) under which it was kept; undefined where it is not there intact. */
  async readDocument(scope: string, url: string): Promise<ValidatedDocument | undefined> {
    for (const place of [scope, PUBLIC_SCOPE]) {
      const found = await this.#tolerating(() => readFile(this.#documentPath(place, url)));
      const document = found && documentIn(found);
      if (document !== undefined) return document;
    }
    return undefined;
  }

  /** Keeps a document by its URL, in place of an older one. */
  async writeDocument(scope: string, url: string, { etag, bytes }: ValidatedDocument): Promise<void> {
    const head = `${JSON.stringify({ etag, digest: digestOfBytes(bytes) })}\n`;
    if (bytes.length > this.#maxBytes * KEPT_SHARE) return;
    await this.#write(this.#documentPath(scope, url), Buffer.concat([Buffer.from(head), bytes]));
  }

  /** Returns the signature that was kept for content; whoever uses it has to verify it. */
  async readSignature(scope: string, digest: Digest, provider: string): Promise<Buffer | undefined> {
    for (const place of [scope, PUBLIC_SCOPE]) {
      const found = await this.#tolerating(() => readFile(`${this.#pathOf(place, digest)}.${provider}`));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Keeps a signature of the content with that digest. */
  async writeSignature(scope: string, digest: Digest, provider: string, signature: Uint8Array): Promise<void> {
    await this.#write(`${this.#pathOf(scope, digest)}.${provider}`, signature);
  }

  async #write(path: string, bytes: Uint8Array): Promise<void> {
    await this.#tolerating(async () => {
      const staging = `${path}.${randomUUID()}.tmp`;
      await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
      try {
        await writeDurably(staging, bytes);
        await rename(staging, path);
      } catch (error) {
        await rm(staging, { force: true });
        throw error;
      }
      await this.#evict();
    });
  }

  async #readPublic(scope: string, digest: Digest): Promise<Buffer | undefined> {
    return scope === PUBLIC_SCOPE ? undefined : this.#readVerified(this.#pathOf(PUBLIC_SCOPE, digest), digest);
  }

  async #readVerified(path: string, digest: Digest): Promise<Buffer | undefined> {
    return this.#tolerating(async () => {
      const bytes = await readFile(path);
      if (digestOfBytes(bytes) !== digest) await this.#removeDamaged(path);
      await this.#tolerating(() => touch(path));
      return bytes;
    });
  }

  async #removeDamaged(path: string): Promise<never> {
    await rm(path, { force: true });
    throw new Error(`${path} was damaged and is removed`);
  }

  async #openVerified(scope: string, digest: Digest): Promise<Content | undefined> {
    return this.#tolerating(async () => {
      const path = this.#pathOf(scope, digest);
      const { size } = await stat(path);
      if (!(await isIntact(path, digest))) await this.#removeDamaged(path);
      await this.#tolerating(() => touch(path));
      return fileContent(path, digest, size);
    });
  }

  async #evict(): Promise<void> {
    const stored = (await this.#list()).sort((left, right) => left.usedMs - right.usedMs);
    let total = stored.reduce((sum, { size }) => sum + size, 0);
    const isFull = total > this.#maxBytes;
    for (const { path, size, usedMs } of stored) {
      const isAbandoned = path.endsWith('.tmp') && Date.now() - usedMs > ABANDONED_AFTER_MS;
      const isSurplus = isFull && total > this.#maxBytes * KEPT_SHARE && !path.endsWith('.tmp');
      if (!isAbandoned && !isSurplus) continue;
      await rm(path, { force: true });
      total -= size;
    }
  }

  async #list(): Promise<Stored[]> {
    const entries = await readdir(this.#directory, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const stored = await Promise.all(
      files.map((path) =>
        // Another process may have evicted it meanwhile.
        stat(path).then(
          ({ size, mtimeMs }) => ({ path, size, usedMs: mtimeMs }),
          () => undefined,
        ),
      ),
    );
    return stored.filter((file) => file !== undefined);
  }

  #pathOf(scope: string, digest: Digest): string {
    return join(this.#directory, scope === PUBLIC_SCOPE ? PUBLIC_SCOPE : nameOf(scope), digest.slice('sha256:'.length));
  }

  #documentPath(scope: string, url: string): string {
    return `${this.#pathOf(scope, digestOfBytes(url))}.document`;
  }

  async #tolerating<Result>(operation: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await operation();
    } catch (error) {
      const problem = error as NodeJS.ErrnoException;
      if (problem.code !== 'ENOENT') this.#onProblem(problem);
      return undefined;
    }
  }
}

/** A scope can be any text; a directory's name cannot. */
function nameOf(scope: string): string {
  return `scope-${digestOfBytes(scope).slice('sha256:'.length, 'sha256:'.length + 16)}`;
}

/** Its first line says what it should be. */
function documentIn(file: Buffer): ValidatedDocument | undefined {
  const end = file.indexOf('\n');
  const bytes = file.subarray(end + 1);
  try {
    const { etag, digest } = JSON.parse(file.toString('utf8', 0, Math.max(end, 0))) as Record<string, unknown>;
    return typeof etag === 'string' && digest === digestOfBytes(bytes) ? { etag, bytes } : undefined;
  } catch {
    // Damaged: it counts as missing, and is replaced by the next.
    return undefined;
  }
}

async function touch(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now);
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}
