import { gzipSync } from 'node:zlib';

import { Header } from 'tar';

/** One entry of an archive as it is to be written, however unwise; a file unless `type` says otherwise. */
export type ArchiveEntry = {
  readonly path: string;
  readonly content?: string | Uint8Array;
  readonly type?: 'File' | 'Directory' | 'SymbolicLink' | 'Link' | 'CharacterDevice' | 'FIFO';
  readonly linkpath?: string;
};

/** A chart to build: each part is the text of its file, and `files` holds any others by path. */
export type ChartParts = {
  readonly name: string;
  readonly version?: string;
  /** Lines to add to Chart.yaml. */
  readonly metadata?: string;
  readonly values?: string;
  readonly schema?: object;
  /** By path below `templates/`. */
  readonly templates?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
};

const BLOCK_BYTES = 512;
/** The same parts give the same bytes on any day. */
const MODIFIED = new Date('2020-01-01T00:00:00Z');

/** Builds a gzipped tar archive in memory, its entries in the given order and unchecked. */
export function buildArchive(entries: readonly ArchiveEntry[]): Uint8Array {
  const blocks = entries.flatMap((entry) => {
    const content = Buffer.from(entry.content ?? '');
    const padding = Buffer.alloc((BLOCK_BYTES - (content.length % BLOCK_BYTES)) % BLOCK_BYTES);
    return [headerOf(entry, content.length), content, padding];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK_BYTES)]));
}

function headerOf({ path, type = 'File', linkpath }: ArchiveEntry, size: number): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  const mode = type === 'Directory' ? 0o755 : 0o644;
  const link = linkpath === undefined ? {} : { linkpath };
  const needsPax = new Header({ path, type, size, mode, mtime: MODIFIED, ...link }).encode(block);
  if (needsPax) throw new Error(`the path ${path} does not fit a plain tar header`);
  return block;
}

/** Builds a packaged Helm chart in memory; the same parts give the same bytes. */
export function buildChart({ name, version = '1.0.0', metadata = '', ...parts }: ChartParts): Uint8Array {
  const files: Record<string, string> = {
    'Chart.yaml': `apiVersion: v2\nname: ${name}\nversion: ${version}\n${metadata}`,
    'values.yaml': parts.values ?? '',
    ...(parts.schema === undefined ? {} : { 'values.schema.json': JSON.stringify(parts.schema) }),
    ...Object.fromEntries(Object.entries(parts.templates ?? {}).map(([path, text]) => [`templates/${path}`, text])),
    ...parts.files,
  };
  return buildArchive(Object.entries(files).map(([path, content]) => ({ path: `${name}/${path}`, content })));
}
