import { createHash } from 'node:crypto';

import { digestOfBytes, isDigest } from '../digest.ts';
import type { Digest } from '../digest.ts';
import { RegistryError } from '../errors.ts';
import { readBody } from '../http/body.ts';
import { shown } from '../http/failures.ts';
import { withRetries } from '../http/retry.ts';
import type { Session } from '../http/session.ts';
import { expectOk, statusFailure } from '../http/status.ts';
import type { HttpResponse } from '../http/transport.ts';
import { memorySink } from '../sink.ts';
import type { Sink } from '../sink.ts';
import { INDEX_TYPE, MANIFEST_TYPE } from './manifest.ts';
import type { Descriptor } from './manifest.ts';
import { listPages } from './pages.ts';

/** A repository of an OCI registry within one session. */
export interface Repository {
  session: Session;
  name: string;
}

const ACCEPT = `${MANIFEST_TYPE}, ${INDEX_TYPE}`;

/** Returns the URL of a part of the repository (OCI distribution specification, end-points). */
export function urlOf({ session, name }: Repository, part: string): URL {
  return new URL(`/v2/${name}/${part}`, session.home);
}

/** Returns the digest that a tag stands for, and undefined where there is no such tag. */
export async function digestOfTag(repository: Repository, tag: string): Promise<Digest | undefined> {
  const { session } = repository;
  const url = urlOf(repository, `manifests/${tag}`);
  const headers = { accept: ACCEPT };
  return withRetries(session.retries, session.signal, async () => {
    const response = await session.send({ method: 'HEAD', url, headers });
    response.drop();
    if (response.status === 404) return undefined;
    if (response.status !== 200) throw await statusFailure(session, response);
    const digest = response.header('docker-content-digest');
    if (isDigest(digest)) return digest;
    const full = await expectOk(session, { method: 'GET', url, headers });
    return digestOfBytes(await readBody(full, session.limits.manifestBytes));
  });
}

/** Returns the bytes of the manifest with that digest, verified; throws `NotFound` where there is none. */
export async function readManifest(repository: Repository, digest: Digest): Promise<Buffer> {
  const { session } = repository;
  const url = urlOf(repository, `manifests/${digest}`);
  return withRetries(session.retries, session.signal, async () => {
    const response = await expectOk(session, { method: 'GET', url, headers: { accept: ACCEPT } });
    const claimed = response.header('docker-content-digest');
    const bytes = await readBody(response, session.limits.manifestBytes);
    const found = digestOfBytes(bytes);
    if (found !== digest) throw mismatch(url, digest, found);
    if (isDigest(claimed) && claimed !== digest) throw mismatch(url, digest, claimed);
    return bytes;
  });
}

/**
 * Writes the content of a blob to `sink`: never more than the descriptor's size, which the caller has found small enough, and hashed
 * as it comes; when this throws, what was written is not the blob. After a cut connection it goes on where it stopped, if the
 * registry can.
 */
export async function downloadBlob(repository: Repository, { digest, size }: Descriptor, sink: Sink): Promise<void> {
  const { session } = repository;
  const url = urlOf(repository, `blobs/${digest}`);
  let received = 0;
  let hash = createHash('sha256');
  await withRetries(session.retries, session.signal, async () => {
    const headers: Record<string, string> = received === 0 ? {} : { range: `bytes=${received}-` };
    const response = await session.send({ method: 'GET', url, headers });
    if (!resumes(response, received)) {
      if (response.status !== 200) throw await statusFailure(session, response);
      received = 0;
      hash = createHash('sha256');
      await sink.restart();
    }
    for await (const chunk of response.chunks) {
      if (received + chunk.length > size) throw wrongSize(url, `more than the ${size} bytes`);
      hash.update(chunk);
      received += chunk.length;
      await sink.write(chunk);
    }
    if (received < size) throw wrongSize(url, `${received} of the ${size} bytes`);
  });
  const found = `sha256:${hash.digest('hex')}`;
  if (found !== digest) throw mismatch(url, digest, found);
}

/** Returns the content of a small blob; see `downloadBlob`. */
export async function readBlob(repository: Repository, descriptor: Descriptor): Promise<Buffer> {
  const sink = memorySink(descriptor.size);
  await downloadBlob(repository, descriptor, sink);
  return sink.content().bytes();
}

/** Lists the tags of the repository, undefined where it does not exist. */
export async function listTags(repository: Repository): Promise<string[] | undefined> {
  return listPages(repository.session, urlOf(repository, 'tags/list'), 'tags');
}

function resumes(response: HttpResponse, received: number): boolean {
  return response.status === 206 && (response.header('content-range') ?? '').startsWith(`bytes ${received}-`);
}

function wrongSize(url: URL, has: string): RegistryError {
  return new RegistryError({ code: 'DigestMismatch', reason: `${shown(url)} has ${has} that its descriptor says` });
}

function mismatch(url: URL, wanted: string, found: string): RegistryError {
  return new RegistryError({
    code: 'DigestMismatch',
    reason: `${shown(url)} has the digest ${found} instead of ${wanted}`,
  });
}
