import { maskedText, maskOf, readHistory, readRecorded } from '../../../client/recorded/index.ts';
import { versionInForce } from '../../../client/releases/index.ts';
import type { Release } from '../../../crds/index.ts';
import { atOnce } from '../../../resources/index.ts';
import { CLUSTER_OPTIONS } from '../../cluster-options.ts';
import { readRelease, withCluster, type Cluster } from '../../cluster.ts';
import { positionalsOf, readArguments, versionNumber } from '../../command.ts';
import type { Command } from '../../command.ts';
import { printableLines } from '../../terminal.ts';

/** `kubectl release notes`. */
export const usage = `Usage: kubectl release notes NAME [--version N] [--show-secrets] [-n NAMESPACE]

Prints what the chart's NOTES.txt gave for a version, as helm get notes does. It needs permission to get Secrets, in which versions are kept.

  --version N             the version; default: the one in force
  --show-secrets          show what came from Secrets, which is *** otherwise`;

/** Its options, for `readArguments`. */
export const options = {
  ...CLUSTER_OPTIONS,
  version: { type: 'string' },
  'show-secrets': { type: 'boolean', default: false },
} as const;

/** Prints the notes of a version. */
export const run: Command = async (args, terminal) => {
  const { values: flags, positionals } = readArguments(args, options);
  const [name = ''] = positionalsOf(positionals, 1, ['NAME']);
  const asked = flags.version === undefined ? undefined : versionNumber(flags.version);
  return withCluster(flags, async (cluster) => {
    const notes = await notesOf(cluster, await readRelease(cluster, name), {
      version: asked,
      showSecrets: flags['show-secrets'],
    });
    if (notes === undefined) terminal.err(`the chart of release "${name}" has no notes`);
    else terminal.out(notes);
    return 0;
  });
};

/** Which notes, and how; by default those of the version in force, with secrets masked. */
interface NotesOptions {
  readonly version?: number | undefined;
  readonly showSecrets?: boolean;
}

/** The notes of a version; undefined where the chart has none. Throws CliError, KubeError. */
export async function notesOf(
  cluster: Cluster,
  release: Release,
  { version = versionInForce(release), showSecrets = false }: NotesOptions = {},
): Promise<string | undefined> {
  const recorded = await readRecorded(cluster, await readHistory(cluster, release.metadata.name, version));
  const { notes = '' } = recorded;
  if (notes.trim() === '') return undefined;
  return printableLines((showSecrets ? notes : atOnce(maskedText(notes, atOnce(maskOf(recorded))))).trimEnd());
}
