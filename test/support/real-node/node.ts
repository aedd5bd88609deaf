import { readFileSync } from 'node:fs';

import type { RealNode } from '../../real-node/node/start.ts';

/** Returns the cluster with a real node in whose namespaces this process runs. Throws where it does not run in them. */
export function realNode(): RealNode {
  const file = process.env['REAL_NODE'];
  if (file === undefined)
    throw new Error("this runs beside a real node only: 'make real-node-stories' starts one for it");
  return JSON.parse(readFileSync(file, 'utf8')) as RealNode;
}
