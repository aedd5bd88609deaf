import { CLUSTER_OPTIONS } from '../cluster-options.ts';
import { withCluster } from '../cluster.ts';
import { positionalsOf, readArguments } from '../command.ts';
import type { Command } from '../command.ts';
import { table } from '../table.ts';
import type { StyleName, Terminal } from '../terminal.ts';
import type { Finding } from './finding.ts';
import { findings } from './findings.ts';

/** `kubectl release check`. */
export const usage = `Usage: kubectl release check [-n NAMESPACE]

Says whether Coxswain is soundly installed, as far as you may see it, and what you may do with releases in the namespace: whether its
kinds are served, whether a controller leads and is alive, whether it gets charts from the registries that the releases name, and which
permissions you have. It writes nothing. Exits 1 if something is wrong.

  -n, --namespace, --context, --kubeconfig, --as, --as-group: as in every kubectl command`;

const STYLES: Readonly<Record<Finding['verdict'], StyleName>> = {
  ok: 'good',
  unknown: 'pending',
  no: 'pending',
  wrong: 'bad',
};

/** Its options, for `readArguments`. */
export const options = CLUSTER_OPTIONS;

/** Prints what is found; 1 if something is wrong. */
export const run: Command = async (args, terminal) => {
  const { values: flags, positionals } = readArguments(args, options);
  positionalsOf(positionals, 0, []);
  return withCluster(flags, async (cluster) => {
    const found = await findings(cluster, Date.now());
    terminal.out(report(found, terminal));
    return found.some(({ verdict }) => verdict === 'wrong') ? 1 : 0;
  });
};

function report(found: readonly Finding[], terminal: Terminal): string {
  const rows = found.map(({ what, verdict, detail }) => [what, { text: verdict, style: STYLES[verdict] }, detail]);
  const next = found.flatMap(({ what, next }) => (next === undefined ? [] : [`${what}: ${next}`]));
  return [table(['CHECK', 'RESULT', 'DETAIL'], rows, terminal), ...(next.length > 0 ? ['', ...next] : [])].join('\n');
}
