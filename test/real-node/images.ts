import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { architectureHere, layerOf, writeLayout, type ImageConfig } from '../../tools/image/layout.ts';

/** An image to push to the registry of a run: its name with the tag, and the folder of its OCI layout. */
export type LocalImage = { readonly name: string; readonly layout: string };

/** Programs that need nothing beside them, and so are an image by themselves. */
const PROGRAMS = ['pause', 'web'] as const;

/** Writes the images that every run has, as OCI layouts in `folder`: `pause:1`, which holds a pod, and `web:1`, which test/pods describes. */
export async function writeImages(
  folder: string,
  binaries: Readonly<Record<(typeof PROGRAMS)[number], string>>,
): Promise<LocalImage[]> {
  return Promise.all(
    PROGRAMS.map(async (program) => {
      const layout = join(folder, program);
      const content = await readFile(binaries[program]);
      const layer = await layerOf([
        { kind: 'file', path: `usr/bin/${program}`, mode: 0o755, content },
        { kind: 'folder', path: 'tmp', mode: 0o1777 },
      ]);
      const config: ImageConfig = { Entrypoint: [`/usr/bin/${program}`], Env: ['PATH=/usr/bin'] };
      await writeLayout(layout, architectureHere(), [layer], config);
      return { name: `${program}:1`, layout };
    }),
  );
}
