import { describe } from '@jest/globals';

const lacks = process.env['REAL_NODE_LACKS'];

/** Describes what is seen on a real node; where this machine can run none, its tests are skipped, and their title says why. */
export function describeOnRealNode(title: string, tests: () => void): void {
  if (lacks === undefined) describe(title, tests);
  else describe.skip(`${title} (skipped: no real node on this machine: ${lacks})`, tests);
}
