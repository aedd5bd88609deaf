import { reconcileRelease } from '../../client/releases/index.ts';
import { RECONCILE_ANNOTATION, RERUN_HOOKS_ANNOTATION } from '../../crds/index.ts';
import { CLUSTER_OPTIONS } from '../cluster-options.ts';
import { readRelease, withCluster } from '../cluster.ts';
import { positionalsOf, readArguments } from '../command.ts';
import type { Command } from '../command.ts';
import { WAIT_OPTIONS, patienceOf, waitAndReport } from './wait.ts';

/** `kubectl release reconcile`. */
export const usage = `Usage: kubectl release reconcile NAME [--rerun-hooks] [-n NAMESPACE] [--wait [--timeout 5m] [--red-timeout 1m]]

Makes the controller reconcile a release now: its chart reference is resolved again, drift is corrected, and what failed is retried.
With --wait, waits until that is done and the release is ready. It is the same as
  kubectl annotate release NAME --overwrite ${RECONCILE_ANNOTATION}="$(date +%s)"
It changes nothing else, and makes no version if nothing has changed.
With --rerun-hooks, hooks that failed run again; if none did, all hooks of the last operation do, with the objects applied between
them. For that, the annotation ${RERUN_HOOKS_ANNOTATION} is set to the same token.`;

/** Its options, for `readArguments`. */
export const options = {
  ...CLUSTER_OPTIONS,
  ...WAIT_OPTIONS,
  'rerun-hooks': { type: 'boolean', default: false },
} as const;

/** Sets the annotation to a token of its own. Throws ClientError NotReady for a suspended Release, which would not answer. */
export const run: Command = async (args, terminal) => {
  const { values, positionals } = readArguments(args, options);
  const [name = ''] = positionalsOf(positionals, 1, ['NAME']);
  patienceOf(values);
  return withCluster(values, async (cluster) => {
    const asked = await reconcileRelease(cluster, await readRelease(cluster, name), values['rerun-hooks']);
    terminal.out(`release.coxswain.dev/${name} reconcile requested`);
    if (values.wait === true) await waitAndReport(cluster, asked, values, terminal);
    return 0;
  });
};
