import { setImmediate as othersHaveRun } from 'node:timers/promises';
import { CORE_SCHEMA, load } from 'js-yaml';

import { RegistryError } from '../errors.ts';
import { isObject } from '../json-object.ts';
import { isDigest } from '../digest.ts';
import type { Digest } from '../digest.ts';
import { asVersion, type Version } from '../../golang/semver/index.ts';
import { partOfIndex } from './index-part.ts';
import { piecesOf } from './index-pieces.ts';

const SMALL_BYTES = 256 * 1024;
/** What is read in one go: a tenth of a second, and 20 MiB of memory. */
const WHOLE_BYTES = 1024 * 1024;
/** What is read in pieces. */
const PART_BYTES = 4 * 1024 * 1024;

/** A version of a chart in an index. */
export interface IndexEntry {
  version: Version;
  urls: string[];
  digest: Digest | undefined;
}

/**
 * Returns the versions of a chart in an `index.yaml` (which may be JSON), undefined where it has no such chart. As in Helm,
 * entries that cannot be used are skipped. Throws `InvalidIndex` where the text as a whole cannot be read, `TooLarge` where that would take
 * too long. Of a large index others may run between its pieces.
 */
export async function versionsInIndex(bytes: Buffer, name: string): Promise<IndexEntry[] | undefined> {
  if (bytes.length <= SMALL_BYTES) return versionsIn(bytes.toString('utf8'), name);
  const part = await partOfIndex(bytes, name);
  if (part.kind === 'absent') return undefined;
  if (part.kind === 'unknown') return versionsIn(limited(bytes, WHOLE_BYTES).toString('utf8'), name);
  const text = limited(part.text, PART_BYTES);
  return (await versionsInPieces(text, name)) ?? versionsIn(limited(text, WHOLE_BYTES), name);
}

function versionsIn(text: string, name: string): IndexEntry[] | undefined {
  const entries = entriesOf(text);
  const versions: unknown = Object.hasOwn(entries, name) ? entries[name] : undefined;
  if (versions === undefined) return undefined;
  return (Array.isArray(versions) ? versions : []).flatMap(entryOf);
}

/** Undefined where a piece cannot be read by itself: it may need an anchor of another, or be no YAML. */
async function versionsInPieces(part: string, name: string): Promise<IndexEntry[] | undefined> {
  const found: IndexEntry[] = [];
  for (const piece of piecesOf(part)) {
    if (piece.length > WHOLE_BYTES) return undefined;
    await othersHaveRun();
    try {
      const versions = versionsIn(piece, name);
      if (versions === undefined) return undefined;
      found.push(...versions);
    } catch {
      return undefined;
    }
  }
  return found;
}

/** Returns the names of the charts in an index that have a version that can be used, sorted; throws as `versionsInIndex` does. */
export function chartsInIndex(bytes: Uint8Array): string[] {
  const charts = Object.entries(entriesOf(Buffer.from(bytes).toString('utf8')));
  const usable = charts.filter(
    ([, versions]) => Array.isArray(versions) && versions.some((entry) => entryOf(entry).length > 0),
  );
  return usable.map(([name]) => name).toSorted();
}

/** The text, or its bytes, where it is not too long. */
function limited<T extends { readonly length: number }>(text: T, limit: number): T {
  if (text.length <= limit) return text;
  throw new RegistryError({
    code: 'TooLarge',
    reason: `${text.length} bytes of index.yaml would have to be read, more than the limit of ${limit}`,
    nextStep: 'lay it out as helm repo index does, and take old versions out of it',
  });
}

function entriesOf(text: string): Record<string, unknown> {
  const index = parseIndex(text);
  const entries = isObject(index) ? index['entries'] : undefined;
  if (isObject(entries)) return entries;
  throw new RegistryError({ code: 'InvalidIndex', reason: 'index.yaml has no entries: is this a chart repository?' });
}

function parseIndex(text: string): unknown {
  try {
    return text.trimStart().startsWith('{') ? JSON.parse(text) : load(text, { schema: CORE_SCHEMA });
  } catch (cause) {
    throw new RegistryError({ code: 'InvalidIndex', reason: 'index.yaml is neither YAML nor JSON', cause });
  }
}

function entryOf(entry: unknown): IndexEntry[] {
  if (!isObject(entry) || typeof entry['version'] !== 'string') return [];
  const version = asVersion(entry['version']);
  const urls: unknown[] = Array.isArray(entry['urls']) ? entry['urls'] : [];
  const usable = urls.filter((url) => typeof url === 'string' && url !== '');
  if (version === undefined || usable.length === 0) return [];
  return [{ version, urls: usable as string[], digest: digestIn(entry['digest']) }];
}

/** Helm writes the bare hex digits; others write the prefix too. */
function digestIn(value: unknown): Digest | undefined {
  const text = typeof value === 'string' ? value.toLowerCase() : '';
  const digest = text.startsWith('sha256:') ? text : `sha256:${text}`;
  return isDigest(digest) ? digest : undefined;
}
