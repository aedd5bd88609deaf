import { describe } from '@jest/globals';

import { realNode } from './node.ts';

const lacks = process.env['REAL_NODE_LACKS'];

/** Describes what is seen on a real node; where this machine can run none, its tests are skipped, and their title says why. */
export function describeOnRealNode(title: string, tests: () => void): void {
  if (lacks === undefined) describe(title, tests);
  else skip(title, `no real node on this machine: ${lacks}`, tests);
}

/** The same for tests that need MariaDB's packages too, which `tests` gets the folder of. */
export function describeWithDatabase(title: string, tests: (packages: string) => void): void {
  const { database = {} } = lacks === undefined ? realNode() : {};
  const { folder, lack } = database;
  if (lacks === undefined && lack !== undefined) skip(title, `no database on this machine: ${lack}`, () => tests(''));
  else describeOnRealNode(title, () => tests(folder ?? ''));
}

function skip(title: string, reason: string, tests: () => void): void {
  describe.skip(`${title} (skipped: ${reason})`, tests);
}
