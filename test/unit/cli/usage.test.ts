import type { ParseArgsOptionsConfig } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { CLUSTER_OPTIONS } from '../../../cli/cluster-options.ts';
import * as creation from '../../../cli/release/change/create.ts';
import { VERBS, type VerbModule } from '../../../cli/verbs.ts';
import { FLAGS, USAGE } from '../../../controller/process/options.ts';

// What is told about options, by --help and in the reference that is made of it, against the options that are read.

// One after the other: with Node 22, Jest does not link modules that are loaded at the same time.
const modules: (VerbModule & { readonly verb: string })[] = [];
for (const [verb, { load }] of VERBS) modules.push({ verb: `release ${verb}`, ...(await load()) });

describe.each([...modules, { verb: 'create release', ...creation }])('the usage of kubectl $verb', (module) => {
  const { usage, options }: { usage: string; options: ParseArgsOptionsConfig } = module;
  const told = optionsIn(usage);
  const isSummedUp = /[ [](-n NAMESPACE\b|.*: as in every kubectl command)/.test(usage);

  test('names no option that is not read', () => {
    const read = Object.entries(options).flatMap(([name, { short }]) => [`--${name}`, `-${short}`]);
    expect(told.filter((word) => !read.includes(word))).toEqual([]);
  });

  test('names each option that is read, and its letter', () => {
    const missing = Object.entries(options).filter(
      ([name, { short }]) =>
        !(short === undefined ? told.includes(`--${name}`) : told.includes(`-${short}`)) &&
        !(name in CLUSTER_OPTIONS && (isSummedUp || name === 'help')),
    );
    expect(missing.map(([name]) => name)).toEqual([]);
  });
});

test('the usage of the controller names exactly its flags', () => {
  const { help: _, ...flags } = FLAGS;
  const read = Object.keys(flags).map((name) => `--${name}`);
  expect([...new Set(optionsIn(USAGE))].toSorted()).toEqual(read.toSorted());
});

/** The options that a usage names, except in lines that show other commands. */
function optionsIn(usage: string): string[] {
  const own = usage.replaceAll(/^ *kubectl (?!release|create).*$/gm, '');
  return [...own.matchAll(/(?<![\w-])(--[a-z][a-z-]*[a-z]|-[a-zA-Z])(?![\w-])/g)].map(([word]) => word);
}
