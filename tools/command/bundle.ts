import { chmod, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { knownFields } from '../../cli/installation/known-fields.ts';
import { BUNDLED_IN_PARTS } from '../image/bundling.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const DESCRIPTION = 'kubectl release and kubectl create release: Releases of charts in Kubernetes, kept by Coxswain';
const SCRIPTS = ['kubectl-release', 'kubectl-create-release', 'kubectl_complete-release'];

/**
 * Writes the command into a folder, so that it runs there by itself: the executables, and its code with all packages in a few files that are
 * loaded when they are needed. What is in the folder is replaced. Returns its version. Throws what esbuild throws, which prints why.
 */
export async function bundleCommand(directory: string): Promise<string> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  await build({
    ...BUNDLED_IN_PARTS,
    absWorkingDir: ROOT,
    entryPoints: ['cli/main.ts'],
    outdir: directory,
    chunkNames: 'parts/[name]-[hash]',
    legalComments: 'linked',
    define: { COXSWAIN_VERSION: JSON.stringify(version), COXSWAIN_FIELDS: JSON.stringify(await knownFields()) },
  });
  await promisify(execFile)(process.execPath, [join(ROOT, 'tools', 'page.ts'), join(directory, 'page')]);
  for (const name of [...SCRIPTS, 'run.mjs']) {
    await copyFile(join(ROOT, 'cli', 'bin', name), join(directory, name));
    await chmod(join(directory, name), 0o755);
  }
  await copyFile(join(ROOT, 'LICENSE'), join(directory, 'LICENSE'));
  const facts = { name: 'kubectl-release', version, description: DESCRIPTION, license: 'Apache-2.0', type: 'module' };
  const bin = Object.fromEntries(SCRIPTS.map((name) => [name, name]));
  const manifest = { ...facts, engines: { node: '>=22.19' }, bin };
  await writeFile(join(directory, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  return version;
}
