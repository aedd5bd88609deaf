import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ControlPlane } from '../../control-plane/index.ts';
import { run } from '../cluster/kubectl.ts';

/** The commands of a page, its blocks in `sh`, which are run as they stand. */
export interface Page {
  /** Runs the block with this number under a heading, and returns its standard output; throws with all that it said where it fails. */
  follow(heading: string, index?: number): Promise<string>;
  /** The blocks that have not been run. */
  notRun(): readonly string[];
}

/** Where the commands of a page are run: the folder, the environment besides that of this process, and what stands for the page's registry. */
export interface Place {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly registry?: string;
}

const EXAMPLE_REGISTRY = 'oci://registry.example.com/charts';

/** Runs a script by bash and returns its standard output; throws with all that it said where it fails. */
export async function runScript(script: string, { folder, env }: Omit<Place, 'registry'>): Promise<string> {
  const command = ['-euo', 'pipefail', '-c', `cd '${folder}'\n${script}`];
  const { code, stdout, stderr } = await run('bash', command, { env });
  if (code !== 0) throw new Error(`${script}\n${stdout}\n${stderr}`);
  return stdout;
}

/** Reads a page; where its commands are run is asked each time. */
export function readPage(path: string, place: () => Place): Page {
  const blocks = readFileSync(path, 'utf8')
    .split(/^## /m)
    .flatMap((section) => {
      const heading = section.slice(0, section.indexOf('\n'));
      return [...section.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, script = '']) => ({ heading, script }));
    });
  const ran = new Set<string>();
  return {
    follow: async (heading, index = 0) => {
      const { script } = blocks.filter((block) => block.heading === heading)[index] ?? {};
      if (script === undefined) throw new Error(`${heading} has no block ${index}`);
      ran.add(script);
      const { registry = EXAMPLE_REGISTRY, ...where } = place();
      return runScript(script.replaceAll(EXAMPLE_REGISTRY, registry), where);
    },
    notRun: () => blocks.map(({ script }) => script).filter((script) => !ran.has(script)),
  };
}

/** The search path of somebody who has kubectl and, in a folder, the command. */
export function pathWith(folder: string, { binaries }: Pick<ControlPlane, 'binaries'>): string {
  return [folder, dirname(binaries.kubectl), process.env['PATH']].join(':');
}
