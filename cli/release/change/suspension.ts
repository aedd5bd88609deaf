import type { CLUSTER_OPTIONS } from '../../cluster-options.ts';
import { suspendRelease } from '../../../client/releases/index.ts';
import { readRelease, withCluster } from '../../cluster.ts';
import { namesOf, readArguments } from '../../command.ts';
import type { Command } from '../../command.ts';
import { patienceOf, waitAndReport, type WAIT_OPTIONS } from '../wait.ts';

/** The usage of suspend or resume. */
export function suspendUsage(verb: 'suspend' | 'resume', what: string): string {
  const wait = verb === 'resume' ? ' [--wait [--timeout 5m] [--red-timeout 1m]]' : '';
  return `Usage: kubectl release ${verb} NAME... [-n NAMESPACE]${wait}

${what} It is the same as
  kubectl patch release NAME --type=merge -p '{"spec":{"suspend":${verb === 'suspend'}}}'`;
}

/** The command that sets `spec.suspend` of Releases; the options of the one that clears it say how to wait, too. */
export function suspending(suspend: boolean, options: typeof CLUSTER_OPTIONS): Command {
  return async (args, terminal) => {
    const { values: flags, positionals } = readArguments(args, options as typeof options & typeof WAIT_OPTIONS);
    const names = namesOf(positionals);
    if (!suspend) patienceOf(flags);
    return withCluster(flags, async (cluster) => {
      for (const name of names) {
        await readRelease(cluster, name);
        const patched = await suspendRelease(cluster, name, suspend);
        terminal.out(`release.coxswain.dev/${name} ${suspend ? 'suspended' : 'resumed'}`);
        if (!suspend && flags.wait === true) await waitAndReport(cluster, patched, flags, terminal);
      }
      return 0;
    });
  };
}
