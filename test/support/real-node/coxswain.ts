import { cp, readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { writeControllerImage } from '../../../tools/image/image.ts';
import { cacheDirectory, withLock } from '../../control-plane/binaries/cache.ts';
import type { RealNode } from '../../real-node/node/start.ts';
import { kubectlFor, run } from '../cluster/kubectl.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const MANIFESTS = ['access.yaml', 'people.yaml', 'controller.yaml'] as const;
const ROLLOUT = ['rollout', 'status', 'deployment/coxswain', '--namespace=coxswain-system'];

/**
 * Builds the controller's image from this checkout, pushes it, installs what `deploy/` has with nothing changed but the image's name and the
 * registry that speaks plain HTTP, and resolves when both replicas are ready; once for all that run beside a node.
 */
export async function installOnNode(node: RealNode): Promise<void> {
  const done = join(node.directory, 'coxswain-installed');
  const wait = (): void => undefined;
  await withLock(join(node.directory, 'coxswain.lock'), wait, async () => {
    if (existsSync(done)) return;
    await pushImage(node);
    await applyManifests(node);
    await writeFile(done, '');
  });
}

async function pushImage({ directory, binaries, registry }: RealNode): Promise<void> {
  const layout = join(directory, 'images', 'coxswain');
  const page = join(ROOT, 'dist', 'dashboard', 'page');
  await writeControllerImage({ root: ROOT, page }, layout, { cache: join(cacheDirectory(), 'layers') });
  await must(binaries.crane, 'push', '--insecure', layout, `${registry}/coxswain:dev`);
}

async function applyManifests(node: RealNode): Promise<void> {
  const kubectl = kubectlFor(node);
  const folder = join(node.directory, 'deploy');
  await cp(join(ROOT, 'deploy'), folder, { recursive: true });
  const text = await readFile(join(folder, 'controller.yaml'), 'utf8');
  const flag = '            - --health-port=8081\n';
  const own = text
    .replace('image: coxswain:dev', 'image: registry.test/coxswain:dev')
    .replace(flag, `${flag}            - --allow-plain-http=${node.nodeRegistry}\n`);
  await writeFile(join(folder, 'controller.yaml'), own);
  const files = [join(ROOT, 'crds'), ...MANIFESTS.map((name) => join(folder, name))];
  await kubectl('apply', '--server-side', ...files.map((file) => `--filename=${file}`));
  await kubectl(...ROLLOUT, '--timeout=120s');
}

async function must(program: string, ...args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await run(program, args);
  if (code !== 0) throw new Error(`${program} ${args[0]}: exit code ${code}: ${stderr}${stdout}`);
}
