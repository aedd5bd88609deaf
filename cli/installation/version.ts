import { clientVersion } from './client-version.ts';
import { CLUSTER_OPTIONS } from '../cluster-options.ts';
import { withCluster } from '../cluster.ts';
import { positionalsOf, readArguments } from '../command.ts';
import type { Command } from '../command.ts';
import { CliError, reasonOf } from '../errors.ts';
import { printable } from '../terminal.ts';
import { controllerImage } from './controller-facts.ts';

/** `kubectl release version`. */
export const usage = `Usage: kubectl release version [--client] [-o json]

Prints the version of this command and, of the cluster, that of Kubernetes, the image of the controller, and whether the definition of
Releases fits this command, as far as you may see it.

  --client   ask no cluster
  -n, --namespace, --context, --kubeconfig, --as, --as-group: as in every kubectl command`;

/** Its options, for `readArguments`. */
export const options = {
  ...CLUSTER_OPTIONS,
  output: { type: 'string', short: 'o' },
  client: { type: 'boolean', default: false },
} as const;

/** Prints versions. */
export const run: Command = async (args, terminal) => {
  const { values: flags, positionals } = readArguments(args, options);
  positionalsOf(positionals, 0, []);
  if (flags.output !== undefined && flags.output !== 'json')
    throw new CliError('Usage', `-o ${flags.output} is not known: use json`);
  const versions: Record<string, string> = { client: await clientVersion(), node: process.versions.node };
  const tell = (): 0 => {
    if (flags.output === 'json') terminal.out(JSON.stringify(versions, undefined, 2));
    else for (const [what, version] of Object.entries(versions)) terminal.out(printable(`${what}: ${version}`));
    return 0;
  };
  if (flags.client) return tell();
  try {
    return await withCluster(flags, async ({ client }) => {
      const { discover } = await import('../../kube/index.ts');
      versions['kubernetes'] = (await discover(client).serverVersion()).gitVersion;
      versions['controller'] = (await controllerImage(client)).text;
      const { definition } = await import('./findings.ts');
      versions['definition'] = (await definition(client)).detail;
      return tell();
    });
  } catch (error) {
    tell();
    terminal.err(printable(`the cluster cannot be asked: ${reasonOf(error)}`));
    return 1;
  }
};
