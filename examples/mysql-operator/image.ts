// Makes the operator's image: `node examples/mysql-operator/image.ts FOLDER` writes it as an OCI layout, which `crane push` takes.
import { build } from 'esbuild';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { BUNDLED } from '../../tools/image/bundling.ts';
import { nodeEntries } from '../../tools/image/contents.ts';
import { architectureHere, layerOf, writeLayout, type WrittenImage } from '../../tools/image/layout.ts';

const PROGRAM = 'operator/main.mjs';
/** Writes the image: Node as in the controller's image, and the operator with its package in one file; `cache` is that of `layerOf`. */
export async function writeOperatorImage(folder: string, cache?: string): Promise<WrittenImage> {
  const { outputFiles } = await build({
    ...BUNDLED,
    entryPoints: [join(import.meta.dirname, 'main.ts')],
    write: false,
    legalComments: 'inline',
  });
  const [output] = outputFiles;
  const layers = [
    await layerOf(await nodeEntries(), cache),
    await layerOf([{ kind: 'file', path: PROGRAM, mode: 0o644, content: output?.contents ?? new Uint8Array() }]),
  ];
  return writeLayout(folder, architectureHere(), layers, {
    Entrypoint: ['node', `/${PROGRAM}`],
    User: '65532:65532',
    Env: ['PATH=/usr/local/bin'],
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2] ?? join('dist', 'mysql-operator');
  const { digest } = await writeOperatorImage(folder);
  console.log(`${folder}  ${digest}`);
}
