import { RegistryError } from '../errors.ts';
import { shown } from '../http/failures.ts';
import { withRetries } from '../http/retry.ts';
import { statusFailure } from '../http/status.ts';
import type { HttpResponse } from '../http/transport.ts';
import type { Descriptor } from './manifest.ts';
import { urlOf } from './repository.ts';
import type { Repository } from './repository.ts';

/** Content and what its descriptor says of it. */
export interface Blob {
  descriptor: Descriptor;
  bytes: Uint8Array;
}

/** An upload that the registry has begun: where it goes on, and the least that a piece of it may have. */
interface Upload {
  location: URL;
  minPieceBytes: number;
}

/** How blobs get into a repository. */
export interface UploadOptions {
  /** A repository of the same registry that may have them. */
  mountable: string | undefined;
  /** The most that one request carries; a registry, or a proxy in front of it, may allow less. */
  requestBytes?: number | undefined;
}

const MIB = 1024 * 1024;
const REQUEST_BYTES = 16 * MIB;
const SMALLEST_REQUEST_BYTES = MIB / 16;

/**
 * Uploads a blob unless the repository has it: mounted from another repository where that has it, else in one piece, or in several
 * where it is large or the registry refuses requests of its size (413).
 */
export async function ensureBlob(repository: Repository, blob: Blob, options: UploadOptions): Promise<void> {
  const { session } = repository;
  await withRetries(session.retries, session.signal, async () => {
    const probe = await session.send({ method: 'HEAD', url: urlOf(repository, `blobs/${blob.descriptor.digest}`) });
    probe.drop();
    if (probe.status !== 200) await uploadFitting(repository, blob, options);
  });
}

/** Begins again with smaller requests as long as the registry finds them too large. */
async function uploadFitting(
  repository: Repository,
  blob: Blob,
  { mountable, requestBytes = REQUEST_BYTES }: UploadOptions,
): Promise<void> {
  for (let max = requestBytes; ; max = Math.floor(Math.min(max, blob.bytes.length) / 4)) {
    try {
      return await upload(repository, blob, max, mountable);
    } catch (error) {
      const isTooLarge = error instanceof RegistryError && error.status === 413;
      if (!isTooLarge || Math.min(max, blob.bytes.length) < SMALLEST_REQUEST_BYTES) throw error;
    }
  }
}

async function upload(
  repository: Repository,
  { descriptor, bytes }: Blob,
  max: number,
  mountable: string | undefined,
): Promise<void> {
  const started = await startUpload(repository, descriptor, mountable);
  if (started === 'mounted') return;
  const isWhole = bytes.length <= max;
  const location = isWhole ? started.location : await sendPieces(repository, bytes, started, max);
  location.searchParams.set('digest', descriptor.digest);
  const headers = { 'content-type': 'application/octet-stream' };
  const body = isWhole ? bytes : '';
  await expectStatus(repository, 201, { method: 'PUT', url: location, headers, body });
}

/** The registry may choose another host to upload to, which the session then gives no credentials. */
async function startUpload(
  repository: Repository,
  { digest }: Descriptor,
  mountable: string | undefined,
): Promise<Upload | 'mounted'> {
  const { session } = repository;
  const url = urlOf(repository, 'blobs/uploads/');
  if (mountable !== undefined) url.search = new URLSearchParams({ mount: digest, from: mountable }).toString();
  const response = await session.send({ method: 'POST', url, body: '' });
  if (mountable !== undefined && response.status === 201) {
    response.drop();
    return 'mounted';
  }
  if (response.status !== 202) throw await statusFailure(session, response);
  response.drop();
  const min = Number(response.header('oci-chunk-min-length') ?? 0);
  return { location: locationOf(response), minPieceBytes: Number.isSafeInteger(min) ? min : 0 };
}

/** Sends the pieces in their order (OCI distribution specification, chunked upload) and returns where to end the upload. */
async function sendPieces(
  repository: Repository,
  bytes: Uint8Array,
  { location, minPieceBytes }: Upload,
  max: number,
): Promise<URL> {
  const length = Math.max(max, minPieceBytes);
  let url = location;
  for (let start = 0; start < bytes.length;) {
    const piece = bytes.subarray(start, start + length);
    const headers = {
      'content-type': 'application/octet-stream',
      'content-range': `${start}-${start + piece.length - 1}`,
    };
    const response = await expectStatus(repository, 202, { method: 'PATCH', url, headers, body: piece });
    start = takenBy(response, start, piece.length);
    url = locationOf(response);
  }
  return url;
}

/** How much the registry has after a piece: what it says, which may be less than it was sent. */
function takenBy(response: HttpResponse, start: number, length: number): number {
  const last = /^(?:bytes=)?0-(\d+)$/.exec(response.header('range') ?? '')?.[1];
  const taken = last === undefined ? start + length : Number(last) + 1;
  if (taken > start && taken <= start + length) return taken;
  const reason = `${shown(response.url)} says that it has ${taken} bytes after a piece from ${start} to ${start + length}`;
  throw new RegistryError({ code: 'InvalidResponse', reason });
}

async function expectStatus(
  { session }: Repository,
  status: number,
  request: Parameters<Repository['session']['send']>[0],
): Promise<HttpResponse> {
  const response = await session.send(request);
  if (response.status !== status) throw await statusFailure(session, response);
  response.drop();
  return response;
}

function locationOf(response: HttpResponse): URL {
  const location = response.header('location') ?? '';
  if (location !== '' && URL.canParse(location, response.url.href)) return new URL(location, response.url);
  const reason = `${shown(response.url)} gave no Location to upload to`;
  throw new RegistryError({ code: 'InvalidResponse', reason });
}
