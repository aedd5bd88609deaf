import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { BUNDLED_IN_PARTS } from './bundling.ts';

/** What is started in the image, and the renderer's process and thread, which the controller finds beside its own code. */
const PROGRAMS = {
  controller: 'controller/main.ts',
  dashboard: 'dashboard/server/main.ts',
  host: 'chart-renderer/sandbox/host.ts',
  worker: 'chart-renderer/sandbox/worker.ts',
};

/** A file of the programs, all of which lie in one folder. */
export type ProgramFile = { readonly name: string; readonly content: Uint8Array };

/** Bundles the programs of a checkout. Throws what esbuild throws, which prints why. */
export async function bundlePrograms(root: string): Promise<ProgramFile[]> {
  const { outputFiles } = await build({
    ...BUNDLED_IN_PARTS,
    absWorkingDir: root,
    entryPoints: PROGRAMS,
    outdir: 'programs',
    write: false,
    // The image has the licenses whole.
    legalComments: 'none',
  });
  return outputFiles.map(({ path, contents }) => ({ name: basename(path), content: contents }));
}

/** Writes the programs of a checkout into a folder below it, so that they run there. */
export async function writePrograms(root: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { name, content } of await bundlePrograms(root)) await writeFile(join(folder, name), content);
}
