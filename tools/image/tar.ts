/** One entry of an archive: a file with its content, a folder, or a symbolic link. Its path has no leading or trailing slash. */
export type TarEntry = { readonly path: string; readonly mode: number } & (
  | { readonly kind: 'file'; readonly content: Uint8Array }
  | { readonly kind: 'folder' }
  | { readonly kind: 'link'; readonly target: string }
);

const BLOCK = 512;
const TYPES = { file: '0', link: '2', folder: '5' } as const;

/**
 * Returns the entries as an archive (ustar), sorted by path and with the folders that they need, all of them root's and of the
 * beginning of 1970: the same entries always give the same bytes. Throws where a path is longer than the format can hold.
 */
export function tarOf(entries: readonly TarEntry[]): Buffer {
  const sorted = withFolders(entries).toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return Buffer.concat([...sorted.flatMap(blocksOf), Buffer.alloc(2 * BLOCK)]);
}

function withFolders(entries: readonly TarEntry[]): TarEntry[] {
  const all = new Map(entries.map((entry) => [entry.path, entry]));
  for (const { path } of entries) {
    const parts = path.split('/');
    for (let depth = 1; depth < parts.length; depth++) {
      const folder = parts.slice(0, depth).join('/');
      if (!all.has(folder)) all.set(folder, { kind: 'folder', path: folder, mode: 0o755 });
    }
  }
  return [...all.values()];
}

function blocksOf(entry: TarEntry): Uint8Array[] {
  const content = entry.kind === 'file' ? entry.content : new Uint8Array();
  const padding = (BLOCK - (content.length % BLOCK)) % BLOCK;
  return [headerOf(entry, content.length), content, new Uint8Array(padding)];
}

function headerOf(entry: TarEntry, size: number): Buffer {
  const header = Buffer.alloc(BLOCK);
  const { name, prefix } = splitPath(entry.kind === 'folder' ? `${entry.path}/` : entry.path);
  header.write(name, 0, 100);
  header.write(octal(entry.mode, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(size, 11), 124);
  header.write(octal(0, 11), 136);
  header.write(TYPES[entry.kind], 156);
  if (entry.kind === 'link') header.write(entry.target, 157, 100);
  header.write('ustar\u000000', 257);
  header.write(prefix, 345, 155);
  // The sum counts its own field as spaces.
  header.write(' '.repeat(8), 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\u0000 `, 148);
  return header;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

function splitPath(path: string): { name: string; prefix: string } {
  if (path.length <= 100) return { name: path, prefix: '' };
  const slash = path.indexOf('/', path.length - 101);
  if (slash < 1 || slash > 155) throw new Error(`the path is too long for an archive: ${path}`);
  return { name: path.slice(slash + 1), prefix: path.slice(0, slash) };
}
