import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { JsonObject } from '../../chart-renderer/index.ts';
import { CliError, reasonOf } from '../errors.ts';

/** A file as Helm stores it: its content in base64. */
export interface StoredFile {
  readonly name: string;
  readonly data: string;
}

/** The part of a chart that Helm stores: everything but the charts in its `charts/`. */
export interface StoredChart {
  readonly metadata: JsonObject & { readonly name: string; readonly version: string; readonly appVersion?: string };
  readonly templates?: readonly StoredFile[] | null;
  readonly files?: readonly StoredFile[] | null;
  readonly values?: JsonObject | null;
  /** In base64. */
  readonly schema?: string | null;
}

/** A revision of a release as Helm 3 and Helm 4 store it, as far as it is read here. */
export interface StoredRelease {
  readonly name: string;
  readonly namespace: string;
  readonly version: number;
  readonly info: StoredInfo;
  readonly chart: StoredChart;
  /** The user's values. */
  readonly config?: JsonObject | null;
  readonly manifest: string;
  readonly hooks?: readonly { readonly path: string; readonly manifest: string }[] | null;
}

interface StoredInfo {
  readonly status: string;
  readonly description?: string;
  /** RFC 3339. */
  readonly last_deployed?: string;
  readonly notes?: string;
}

const MAX_BYTES = 256 * 1024 * 1024;
const GZIP = Buffer.from([0x1f, 0x8b]);

/** Reads what Helm's storage drivers write: base64 of JSON that is gzipped, or in old releases is not. Throws CliError Unreadable. */
export async function decodeRelease(text: string, where: string): Promise<StoredRelease> {
  const bytes = Buffer.from(text.trim(), 'base64');
  try {
    const isZipped = bytes.subarray(0, GZIP.length).equals(GZIP);
    const json = isZipped ? await promisify(gunzip)(bytes, { maxOutputLength: MAX_BYTES }) : bytes;
    const release = JSON.parse(json.toString('utf8')) as StoredRelease;
    if (typeof release.manifest === 'string' && typeof release.chart.metadata.name === 'string') return release;
  } catch (cause) {
    throw new CliError('Unreadable', `${where} is not a release of Helm: ${reasonOf(cause)}`, { cause });
  }
  throw new CliError('Unreadable', `${where} is not a release of Helm`);
}

/** Writes what `decodeRelease` reads, gzipped. */
export async function encodeRelease(release: object): Promise<string> {
  const bytes = await promisify(gzip)(Buffer.from(JSON.stringify(release)), { level: 9 });
  return bytes.toString('base64');
}
