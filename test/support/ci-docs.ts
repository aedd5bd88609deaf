import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { readYaml } from '../../chart-renderer/index.ts';

const CI = join(import.meta.dirname, '..', '..', 'docs', 'ci.md');

/** The pipelines of docs/ci.md: the script as it stands there, and the other systems' as they are read. */
export type Pipelines = { readonly script: string; readonly yaml: readonly unknown[] };

/** Reads the pipelines; throws where there is no script. */
export async function readPipelines(): Promise<Pipelines> {
  const text = await readFile(CI, 'utf8');
  const blocks = (language: string): string[] =>
    [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, block = '']) => block);
  const script = blocks('sh').find((block) => block.startsWith('#!/bin/sh'));
  if (script === undefined) throw new Error('docs/ci.md has no script');
  return { script, yaml: blocks('yaml').map((block) => readYaml(block)) };
}
