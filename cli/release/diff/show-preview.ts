import { askPreview, obstacleOf, wouldChange, type PreviewQuestion } from '../../../client/releases/index.ts';
import type { Cluster } from '../../cluster.ts';
import type { ExitCode } from '../../command.ts';
import { printable } from '../../terminal.ts';
import type { Terminal } from '../../terminal.ts';
import { printAs } from '../../output.ts';
import { previewReport } from './preview-report.ts';

/** Asks what a change would do and prints it: 0 if nothing, 3 if something, 1 if it would be refused or could not be found out. */
export async function showPreview(
  cluster: Cluster,
  question: PreviewQuestion,
  { output }: { readonly output?: string | undefined },
  terminal: Terminal,
): Promise<ExitCode> {
  const preview = await askPreview(cluster, question);
  const report = previewReport(preview, terminal);
  if (output !== undefined) await printAs(output, preview, terminal);
  else if (report !== '') terminal.out(report);
  const obstacle = obstacleOf(preview.status ?? {});
  if (obstacle !== undefined) terminal.err(`error: ${printable(obstacle)}`);
  if (obstacle !== undefined) return 1;
  return wouldChange(preview.status ?? {}) ? 3 : 0;
}
