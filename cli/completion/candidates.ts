import type { ParseArgsOptionsConfig } from 'node:util';

import { CLUSTER_OPTIONS } from '../cluster-options.ts';
import { optionNamed, verbFirst } from '../command.ts';
import { VERBS, type Verb, type VerbModule } from '../verbs.ts';

/** A word that may come next, and what it means. */
export interface Candidate {
  readonly word: string;
  readonly meaning?: string;
}

/** What may come next: words, names of something in the cluster, files, or nothing. */
export type Candidates =
  | { readonly kind: 'words'; readonly words: readonly Candidate[] }
  | { readonly kind: 'releases' | 'namespaces' | 'files' | 'none' };

const WORDS_OF: Readonly<Record<string, readonly string[]>> = {
  output: ['json', 'yaml', 'name', 'wide', 'jsonpath='],
  health: ['Green', 'Yellow', 'Red'],
  'helm-version': ['v3', 'v4'],
  cascade: ['background', 'foreground', 'orphan'],
  to: ['file', 'helm'],
};
/** The options whose value is a path. */
const FILES = /^(filename|values|storage|keyring|destination|output-dir|kubeconfig|[a-z]+-(file|key))$/;

/** The verbs whose first argument is not the name of a release. */
const UNNAMED = new Set(['list', 'import', 'check', 'version', 'completion', 'help', 'install', 'tenant']);
const CHART_VERBS = new Set(['template', 'lint', 'show', 'package', 'compose', 'push', 'pull', 'charts', 'versions']);

/** What may come after the words of a command line, where `current` has been begun; `load` gives the module of a verb. */
export async function candidatesFor(
  before: readonly string[],
  current: string,
  load: (verb: Verb) => Promise<Pick<VerbModule, 'options'>>,
): Promise<Candidates> {
  const [name = '', ...given] = verbFirst(before);
  const verb = VERBS.get(name);
  if (verb === undefined && !/^(help$|-|$)/.test(name)) return { kind: 'none' };
  const options = verb === undefined ? CLUSTER_OPTIONS : (await load(verb)).options;
  const values = valuesOf(before.at(-1) ?? '', options);
  if (values !== undefined) return values;
  if (current.startsWith('-')) return words(optionsIn(options));
  return verb === undefined ? words(verbs()) : argumentsOf(name, positionalsIn(given, options));
}

/** What the value of an option may be; undefined if the word names none that takes a value. */
function valuesOf(word: string, options: ParseArgsOptionsConfig): Candidates | undefined {
  const [name = '', { type } = { type: 'boolean' }] = optionNamed(word, options) ?? [];
  if (type === 'boolean') return undefined;
  if (name === 'namespace') return { kind: 'namespaces' };
  if (FILES.test(name)) return { kind: 'files' };
  const known = Object.hasOwn(WORDS_OF, name) ? WORDS_OF[name] : undefined;
  return known === undefined ? { kind: 'none' } : words(known.map((word) => ({ word })));
}

function argumentsOf(name: string, given: number): Candidates {
  if (name === 'completion') return words(['bash', 'zsh', 'fish'].map((word) => ({ word })));
  if (CHART_VERBS.has(name)) return { kind: 'files' };
  if (UNNAMED.has(name)) return { kind: given === 0 ? 'none' : 'files' };
  return { kind: given === 0 ? 'releases' : 'none' };
}

/** How many arguments there are; values of options are not counted. */
function positionalsIn(given: readonly string[], options: ParseArgsOptionsConfig): number {
  const positionals = given.filter(
    (word, index) => !word.startsWith('-') && valuesOf(given[index - 1] ?? '', options) === undefined,
  );
  return positionals.length;
}

function words(candidates: readonly Candidate[]): Candidates {
  return { kind: 'words', words: candidates };
}

function verbs(): Candidate[] {
  return [...VERBS].map(([word, { summary }]) => ({ word, meaning: summary }));
}

function optionsIn(options: ParseArgsOptionsConfig): Candidate[] {
  const names = new Set([...Object.keys(options), 'help']);
  return [...names].toSorted().map((name) => ({ word: `--${name}` }));
}
