import { CLUSTER_OPTIONS } from '../cluster-options.ts';
import { VERBS, type Verb } from '../verbs.ts';

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
  '-o': ['json', 'yaml', 'name', 'wide', 'jsonpath='],
  '--output': ['json', 'yaml', 'name', 'wide', 'jsonpath='],
  '--health': ['Green', 'Yellow', 'Red'],
  '--helm-version': ['v3', 'v4'],
  '--cascade': ['background', 'foreground', 'orphan'],
};
const NAMESPACES = new Set(['-n', '--namespace']);
/** Their value is a path. */
const FILES = /^(-f|-d|--(values|storage|keyring|destination|output-dir|kubeconfig|[a-z]+-(file|key)))$/;
/** Options that take no value, of those that many commands have. */
const SWITCHES = new Set(
  [
    'all-namespaces',
    'watch',
    'wait',
    'help',
    'install',
    'dry-run',
    'reuse-values',
    'reset-values',
    'not-ready',
    'suspended',
  ]
    .concat(['all', 'explain', 'show-secrets', 'hooks', 'crds', 'check', 'live', 'yes', 'finish', 'rerun-hooks'])
    .concat(['include-crds', 'no-hooks', 'skip-tests', 'is-upgrade', 'cluster', 'create-namespace', 'strict'])
    .map((name) => `--${name}`)
    .concat(['-A', '-w', '-h', '-i', '-a']),
);

/** The verbs whose first argument is not the name of a release. */
const UNNAMED = new Set(['list', 'import', 'check', 'version', 'completion', 'help', 'install', 'tenant']);
const CHART_VERBS = new Set(['template', 'lint', 'show', 'package', 'compose', 'push', 'pull', 'charts', 'versions']);

/** What may come after the words of a command line, where `current` has been begun; `usageOf` gives the usage of a verb. */
export async function candidatesFor(
  before: readonly string[],
  current: string,
  usageOf: (verb: Verb) => Promise<string>,
): Promise<Candidates> {
  const last = before.at(-1) ?? '';
  const values = valuesOf(last);
  if (values !== undefined) return values;
  const { verb: name = '', given } = positionsOf(before);
  if (name === '') return current.startsWith('-') ? words(clusterOptions()) : words(verbs());
  if (name === 'help') return words(verbs());
  const verb = VERBS.get(name);
  if (verb === undefined) return { kind: 'none' };
  if (current.startsWith('-')) return words(optionsIn(await usageOf(verb)).map((word) => ({ word })));
  return argumentsOf(name, given);
}

function valuesOf(option: string): Candidates | undefined {
  if (NAMESPACES.has(option)) return { kind: 'namespaces' };
  if (FILES.test(option)) return { kind: 'files' };
  if (!option.startsWith('-') || option.includes('=') || SWITCHES.has(option)) return undefined;
  const known = Object.hasOwn(WORDS_OF, option) ? WORDS_OF[option] : undefined;
  return known === undefined ? { kind: 'none' } : words(known.map((word) => ({ word })));
}

function argumentsOf(name: string, given: number): Candidates {
  if (name === 'completion') return words(['bash', 'zsh', 'fish'].map((word) => ({ word })));
  if (CHART_VERBS.has(name)) return { kind: 'files' };
  if (UNNAMED.has(name)) return { kind: given === 0 ? 'none' : 'files' };
  return { kind: given === 0 ? 'releases' : 'none' };
}

/** The verb, and how many arguments it has; values of options are not counted. */
function positionsOf(before: readonly string[]): { readonly verb: string | undefined; readonly given: number } {
  const positionals = before.filter((word, index) => {
    const previous = before[index - 1] ?? '';
    const isValue = previous.startsWith('-') && !previous.includes('=') && !SWITCHES.has(previous);
    return !word.startsWith('-') && !isValue;
  });
  return { verb: positionals[0], given: Math.max(0, positionals.length - 1) };
}

function words(candidates: readonly Candidate[]): Candidates {
  return { kind: 'words', words: candidates };
}

function verbs(): Candidate[] {
  return [...VERBS].map(([word, { summary }]) => ({ word, meaning: summary }));
}

function clusterOptions(): Candidate[] {
  return Object.keys(CLUSTER_OPTIONS).map((name) => ({ word: `--${name}` }));
}

/** The options that a usage names. */
export function optionsIn(usage: string): string[] {
  const named = [...usage.matchAll(/(?<![\w-])--[a-z][a-z-]*[a-z]/g)].map(([option]) => option);
  const ofCluster = usage.includes('--kubeconfig') || usage.includes('-n NAMESPACE') ? clusterOptions() : [];
  return [...new Set([...named, ...ofCluster.map(({ word }) => word), '--help'])].toSorted();
}
