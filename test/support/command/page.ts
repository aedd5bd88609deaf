import { readFileSync } from 'node:fs';
import { run } from '../cluster/kubectl.ts';

/** The commands of a page, its blocks in `sh`, which are run as they stand; before one that is not, a comment says why: `<!-- not run: … -->`. */
export interface Page {
  /** Runs the block with this number under a heading, and returns its standard output; throws with all that it said where it fails. */
  follow(heading: string, index?: number): Promise<string>;
  /** The blocks that have not been run, except those that say why not. */
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

/** A block of commands, below its heading, and why it is not run, if it says so. */
interface Block {
  readonly heading: string;
  readonly script: string;
  readonly whyNot: string | undefined;
}

/** The blocks in `sh` of a page. */
export function blocksOf(markdown: string): Block[] {
  return markdown.split(/^## /m).flatMap((section) => {
    const heading = section.slice(0, section.indexOf('\n'));
    const blocks = section.matchAll(/^(?:<!-- not run: (.+) -->\n\n?)?```sh\n([\s\S]*?)^```/gm);
    return [...blocks].map(([, whyNot, script = '']) => ({ heading, script, whyNot }));
  });
}

/** Reads a page; where its commands are run is asked each time. */
export function readPage(path: string, place: () => Place): Page {
  const blocks = blocksOf(readFileSync(path, 'utf8'));
  const ran = new Set<string>();
  return {
    follow: async (heading, index = 0) => {
      const { script } = blocks.filter((block) => block.heading === heading)[index] ?? {};
      if (script === undefined) throw new Error(`${heading} has no block ${index}`);
      ran.add(script);
      const { registry = EXAMPLE_REGISTRY, ...where } = place();
      return runScript(script.replaceAll(EXAMPLE_REGISTRY, registry), where);
    },
    notRun: () => blocks.flatMap(({ script, whyNot }) => (whyNot === undefined && !ran.has(script) ? [script] : [])),
  };
}
