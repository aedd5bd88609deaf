import { readFileSync } from 'node:fs';
import { describe } from '@jest/globals';

import type { RealNode } from '../../real-node/node/start.ts';

const lacks = process.env['REAL_NODE_LACKS'];

/** Describes what is seen on a real node; where this machine can run none, its tests are skipped, and their title says why. */
export function describeOnRealNode(title: string, tests: () => void): void {
  if (lacks === undefined) describe(title, tests);
  else describe.skip(`${title} (skipped: no real node on this machine: ${lacks})`, tests);
}

/** Returns the cluster with a real node in whose namespaces this process runs. Throws where it does not run in them. */
export function realNode(): RealNode {
  const file = process.env['REAL_NODE'];
  if (file === undefined)
    throw new Error("this runs beside a real node only: 'make real-node-stories' starts one for it");
  return JSON.parse(readFileSync(file, 'utf8')) as RealNode;
}
