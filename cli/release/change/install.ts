import { CLUSTER_OPTIONS } from '../../cluster-options.ts';
import { findRelease, withCluster } from '../../cluster.ts';
import { positionalsOf, readArguments } from '../../command.ts';
import type { Command } from '../../command.ts';
import { CliError } from '../../errors.ts';
import { patienceOf } from '../wait.ts';
import { CHANGE_OPTIONS, CHANGE_USAGE, createRelease } from './creation.ts';
import { secretValuesOf } from './secret-values.ts';

/** `kubectl release install`. */
export const usage = `Usage: kubectl release install NAME CHART [options]

Creates a release, as kubectl create release does; kubectl release upgrade changes it later.

  kubectl release install web oci://HOST/SPACE/NAME --version 1.2.3 --set replicas=3 --wait
  kubectl release install web NAME --repo https://HOST/PATH -f values.yaml
  kubectl release install web ./chart

  CHART                    oci://HOST/SPACE/NAME[:VERSION][@DIGEST], a name in --repo, or a directory or an archive: kept in the Release
  --version VERSION        a version, or a range that is followed; default: the newest stable one is followed
${CHANGE_USAGE}`;

/** Its options, for `readArguments`. */
export const options = { ...CLUSTER_OPTIONS, ...CHANGE_OPTIONS } as const;

/** Creates a Release, or shows what it would create. Throws CliError NotReady where there is one already. */
export const run: Command = async (args, terminal) => {
  const { values: flags, positionals } = readArguments(args, options);
  const [name = '', chart = ''] = positionalsOf(positionals, 2, ['NAME', 'CHART']);
  patienceOf(flags);
  const secrets = await secretValuesOf(name, flags, flags['dry-run']);
  return withCluster(flags, async (cluster) => {
    if ((await findRelease(cluster, name)) === undefined)
      return createRelease(cluster, { name, chart, secrets }, flags, terminal);
    throw new CliError('NotReady', `release "${name}" exists already in namespace "${cluster.namespace}"`, {
      next: `Change it: kubectl release upgrade ${name} ${chart}`,
    });
  });
};
