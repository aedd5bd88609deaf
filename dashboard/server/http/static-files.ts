import type { IncomingMessage, ServerResponse } from 'node:http';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { endWith } from './answers.ts';

/** The files of the page, by the path at which they are served. */
export type StaticFiles = ReadonlyMap<string, StaticFile>;

interface StaticFile {
  readonly type: string;
  /** Whether its name changes with its content, so that it may be kept for ever. */
  readonly isHashed: boolean;
  readonly plain: Buffer;
  /** Made when it is first asked for. */
  readonly packed: (encoding: 'br' | 'gzip') => Promise<Buffer>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

const PACKERS = { br: promisify(brotliCompress), gzip: promisify(gzip) };

/** Reads the page: `index.html` and what lies in `assets/`, by names with a hash in them, and nothing else. Throws where it is not there. */
export async function readStaticFiles(directory: string): Promise<StaticFiles> {
  const below = await readdir(directory, { recursive: true });
  const names = below.map((name) => name.split(sep).join('/'));
  const served = names.filter((name) => TYPES[extname(name)] !== undefined && /^(assets\/.+|[^/]+)$/.test(name));
  const files = served.map(async (name): Promise<[string, StaticFile]> => [
    `/${name}`,
    await readStatic(directory, name),
  ]);
  const found = new Map(await Promise.all(files));
  if (!found.has('/index.html')) throw new Error(`the page is not in ${directory}`);
  return found;
}

async function readStatic(directory: string, name: string): Promise<StaticFile> {
  const plain = await readFile(join(directory, name));
  const known = new Map<string, Promise<Buffer>>();
  const packed = async (encoding: 'br' | 'gzip'): Promise<Buffer> => {
    const before = known.get(encoding);
    if (before !== undefined) return before;
    const packing = PACKERS[encoding](plain);
    known.set(encoding, packing);
    return packing;
  };
  return { type: TYPES[extname(name)] ?? '', isHashed: name.startsWith('assets/'), plain, packed };
}

/** Answers with a file; the page itself for every path of its own. Returns false where there is none. */
export async function answerStatic(
  files: StaticFiles,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const file = files.get(path) ?? (path.startsWith('/assets/') ? undefined : files.get('/index.html'));
  if (file === undefined) return false;
  const encoding = encodingOf(file, String(request.headers['accept-encoding'] ?? ''));
  const body = encoding === undefined ? file.plain : await file.packed(encoding);
  response.writeHead(200, {
    'content-type': file.type,
    'content-length': body.length,
    'cache-control': file.isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    vary: 'accept-encoding',
    ...(encoding !== undefined && { 'content-encoding': encoding }),
  });
  endWith(response, request.method === 'HEAD' ? undefined : body);
  return true;
}

function encodingOf({ type, plain }: StaticFile, accepted: string): 'br' | 'gzip' | undefined {
  if (plain.length < 1_000 || !/^(text|application)\/|svg/.test(type)) return undefined;
  return (['br', 'gzip'] as const).find((encoding) => new RegExp(`\\b${encoding}\\b`).test(accepted));
}
