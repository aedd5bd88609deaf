import type { ReleasePlan } from '../../crds/index.ts';
import { printable } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { previewReport } from './diff/preview-report.ts';

/** A plan that waits for approval, as a preview is shown, with its digest and what has moved since the one before it. */
export function planReport(plan: ReleasePlan, terminal: Terminal): string {
  const { digest, moved = [] } = plan;
  return [
    terminal.style('heading', `plan ${printable(digest)}`),
    ...(moved.length === 0 ? [] : [printable(`made again, as this has changed: ${moved.join(', ')}`)]),
    previewReport({ status: plan }, terminal),
  ].join('\n');
}
