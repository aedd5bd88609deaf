import { join } from 'node:path';

import { writeOperatorImage } from '../../../examples/mysql-operator/image.ts';
import { cacheDirectory } from '../../control-plane/binaries/cache.ts';
import { writeDatabaseImage } from '../../real-node/database.ts';
import type { RealNode } from '../../real-node/node/start.ts';
import { programEntries } from '../../../tools/image/contents.ts';
import { architectureHere, layerOf, writeLayout } from '../../../tools/image/layout.ts';
import { run } from '../cluster/kubectl.ts';

const CACHE = join(cacheDirectory(), 'layers');

/** Pushes MariaDB of these packages, and returns the image's name in a pod. */
export async function pushDatabaseImage(node: RealNode, packages: string): Promise<string> {
  return push(node, 'mariadb', async (layout) => writeDatabaseImage(layout, packages, node.binaries.database, CACHE));
}

/** Pushes the operator of examples/mysql-operator, and returns the image's name in a pod. */
export async function pushOperatorImage(node: RealNode): Promise<string> {
  return push(node, 'mysql-operator', async (layout) => writeOperatorImage(layout, CACHE));
}

/** Pushes an image with this machine's shell and curl, and returns its name in a pod. */
export async function pushCurlImage(node: RealNode): Promise<string> {
  return push(node, 'curl', async (layout) => {
    const layer = await layerOf(await programEntries(['sh', 'curl', 'date', 'sleep']), CACHE);
    return writeLayout(layout, architectureHere(), [layer], { Entrypoint: ['/usr/bin/curl'], Env: ['PATH=/usr/bin'] });
  });
}

/** Story files run side by side, and each writes a folder of its own. */
async function push(node: RealNode, name: string, write: (layout: string) => Promise<unknown>): Promise<string> {
  const layout = join(node.directory, 'images', `${name}-${process.pid}`);
  await write(layout);
  const { code, stderr } = await run(node.binaries.crane, ['push', '--insecure', layout, `${node.registry}/${name}:1`]);
  if (code !== 0) throw new Error(`the image ${name} could not be pushed: ${stderr}`);
  return `registry.test/${name}:1`;
}
