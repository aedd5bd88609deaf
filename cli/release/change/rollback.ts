import { CLUSTER_OPTIONS } from '../../cluster-options.ts';
import { readRelease, withCluster } from '../../cluster.ts';
import { positionalsOf, readArguments, versionNumber } from '../../command.ts';
import type { Command } from '../../command.ts';
import { printable } from '../../terminal.ts';
import { showPreview } from '../diff/show-preview.ts';
import { readHistories } from '../../../client/releases/index.ts';
import { goTo, historyIfVisible } from '../../../client/edits/index.ts';
import { alreadyRolledBack, versionBefore } from './version-before.ts';
import { WAIT_OPTIONS, patienceOf, waitAndReport } from '../wait.ts';

/** `kubectl release rollback`. */
export const usage = `Usage: kubectl release rollback NAME [VERSION] [-n NAMESPACE] [--wait [--timeout 5m] [--red-timeout 1m]]
       kubectl release rollback NAME [VERSION] --dry-run [-n NAMESPACE]

Goes back, or forward, to a recorded version. Without VERSION it is the one before: the version in force, if another one was begun or asked
for and is not in force; else the last that was Green, if that is another one; else the one that was in force when the present one was
made. After an automatic rollback, or while one is under way, it is the version that this goes to, and nothing is changed. It is the same as
  kubectl patch release NAME --type=merge -p '{"spec":{"version":VERSION}}'
The version keeps its number: nothing new is recorded. If VERSION is in force, and the content was edited since without success, or the
content was edited just before, the content of VERSION is written too, for which you need permission to get Secrets.

  --dry-run   change nothing: show what it would do, field by field; exits 3 if there are differences, and 1 if it would be refused`;

/** Its options, for `readArguments`. */
export const options = {
  ...CLUSTER_OPTIONS,
  ...WAIT_OPTIONS,
  'dry-run': { type: 'boolean', default: false },
} as const;

/** Sets `spec.version`, or shows what that would do. */
export const run: Command = async (args, terminal) => {
  const { values, positionals } = readArguments(args, options);
  const [name = '', version] = positionalsOf(positionals, 1, ['NAME', 'VERSION']);
  const asked = version === undefined ? undefined : versionNumber(version);
  patienceOf(values);
  return withCluster(values, async (cluster) => {
    const present = await readRelease(cluster, name);
    const histories = asked === undefined ? await readHistories(cluster, name) : [];
    const undone = asked === undefined ? alreadyRolledBack(present, histories) : undefined;
    if (undone !== undefined) {
      terminal.out(printable(undone));
      return 0;
    }
    const number = asked ?? versionBefore(present, histories);
    const history = await historyIfVisible(cluster, name, number);
    const question = { release: name, template: { spec: { ...present.spec, version: number } } };
    if (values['dry-run']) return showPreview(cluster, question, {}, terminal);
    const release = await goTo(cluster, present, number, history);
    terminal.out(`release.coxswain.dev/${name} set to version ${number}`);
    if (values.wait === true) await waitAndReport(cluster, release, values, terminal);
    return 0;
  });
};
