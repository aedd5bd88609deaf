import type { ApiResource } from '../../kube/index.ts';
import { NAMESPACES, RELEASES, withCluster } from '../cluster.ts';
import type { Command } from '../command.ts';
import { printable } from '../terminal.ts';
import { candidatesFor, type Candidate, type Candidates } from './candidates.ts';

/** kubectl's codes for what a shell does with the candidates: https://pkg.go.dev/github.com/spf13/cobra#ShellCompDirective. */
const DIRECTIVES = { noSpace: 2, noFiles: 4 } as const;
/** Nobody who has pressed a key wants to wait longer. */
const PATIENCE_MS = 2_000;

/**
 * What kubectl runs for `kubectl release … <Tab>`: prints the words that may come next, each with its meaning after a tab, and how the shell
 * is to use them. The last argument is what has been typed of the next word. Never fails: a shell would show nothing anyway.
 */
export const complete: Command = async (args, terminal) => {
  const current = args.at(-1) ?? '';
  const before = args.slice(0, -1);
  const found = await candidatesFor(before, current, ({ load }) => load());
  const candidates = await resolved(found, before).catch(() => []);
  for (const { word, meaning } of candidates) {
    if (word.startsWith(current)) terminal.out(meaning === undefined ? word : `${word}\t${meaning}`);
  }
  const directive = found.kind === 'files' ? 0 : DIRECTIVES.noFiles;
  const isOpen = found.kind === 'words' && found.words.some(({ word }) => word.endsWith('='));
  terminal.out(`:${directive + (isOpen ? DIRECTIVES.noSpace : 0)}`);
  return 0;
};

async function resolved(found: Candidates, before: readonly string[]): Promise<readonly Candidate[]> {
  if (found.kind === 'words') return found.words;
  if (found.kind === 'releases') return namesOf(RELEASES, before);
  return found.kind === 'namespaces' ? namesOf(NAMESPACES, before) : [];
}

async function namesOf(resource: ApiResource, before: readonly string[]): Promise<Candidate[]> {
  const flags = { namespace: valueOf(before, 'namespace', 'n'), ...placeOf(before) };
  const names: Candidate[] = [];
  const listed = withCluster(flags, async ({ client, namespace }) => {
    const scope = resource.namespaced ? namespace : undefined;
    const { items } = await client.listAt(resource, scope, {}, { content: 'metadata' });
    names.push(...items.map(({ metadata }) => ({ word: printable(metadata.name) })));
    return 0;
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, PATIENCE_MS);
  await Promise.race([listed, promise]);
  clearTimeout(timer);
  return names;
}

function placeOf(before: readonly string[]) {
  return { context: valueOf(before, 'context'), kubeconfig: valueOf(before, 'kubeconfig'), as: valueOf(before, 'as') };
}

/** The value of an option, as far as the command line has been typed. */
function valueOf(before: readonly string[], name: string, short?: string): string | undefined {
  for (const [index, word] of before.entries()) {
    if (word === `--${name}` || word === `-${short}`) return before[index + 1];
    if (word.startsWith(`--${name}=`)) return word.slice(name.length + 3);
  }
  return undefined;
}
