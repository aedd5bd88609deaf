import { readHistory, readRecorded } from '../../../client/recorded/index.ts';
import { versionInForce } from '../../../client/releases/index.ts';
import type { Release } from '../../../crds/index.ts';
import { CLUSTER_OPTIONS } from '../../cluster-options.ts';
import { readRelease, withCluster, type Cluster } from '../../cluster.ts';
import { positionalsOf, readArguments, versionNumber } from '../../command.ts';
import type { Command } from '../../command.ts';
import { printableLines } from '../../terminal.ts';

/** `kubectl release notes`. */
export const usage = `Usage: kubectl release notes NAME [--version N] [-n NAMESPACE]

Prints what the chart's NOTES.txt gave for a version, by default for the one in force, as helm get notes does. It needs permission to get
Secrets, in which versions are kept.`;

/** Prints the notes of a version. */
export const run: Command = async (args, terminal) => {
  const { values: flags, positionals } = readArguments(args, { ...CLUSTER_OPTIONS, version: { type: 'string' } });
  const [name = ''] = positionalsOf(positionals, 1, ['NAME']);
  const asked = flags.version === undefined ? undefined : versionNumber(flags.version);
  return withCluster(flags, async (cluster) => {
    const notes = await notesOf(cluster, await readRelease(cluster, name), asked);
    if (notes === undefined) terminal.err(`the chart of release "${name}" has no notes`);
    else terminal.out(notes);
    return 0;
  });
};

/** The notes of a version, by default the one in force; undefined where the chart has none. Throws CliError, KubeError. */
export async function notesOf(cluster: Cluster, release: Release, version?: number): Promise<string | undefined> {
  const history = await readHistory(cluster, release.metadata.name, version ?? versionInForce(release));
  const { notes = '' } = await readRecorded(cluster, history);
  return notes.trim() === '' ? undefined : printableLines(notes.trimEnd());
}
