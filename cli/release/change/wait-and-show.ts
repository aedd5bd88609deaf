import type { Release } from '../../../crds/index.ts';
import type { Cluster } from '../../cluster.ts';
import type { ExitCode } from '../../command.ts';
import type { Terminal } from '../../terminal.ts';
import { waitAndReport, waitUntilReady, type PatienceFlags } from '../wait.ts';

/** What a command that changed a Release does after it with `--wait`: follows it, and shows it with its notes. */
export async function waitAndShow(
  cluster: Cluster,
  changed: Release,
  flags: PatienceFlags & { readonly output?: string | undefined },
  terminal: Terminal,
): Promise<ExitCode> {
  const isData = flags.output !== undefined;
  const ready = await (isData ? waitUntilReady : waitAndReport)(cluster, changed, flags, terminal);
  if (isData) return 0;
  const { notesOf } = await import('../recorded/notes.ts');
  // A user who may not read them has the release all the same.
  const notes = await notesOf(cluster, ready).catch(() => undefined);
  if (notes !== undefined) terminal.out(`\n${notes}`);
  return 0;
}
