import type { Release, ReleasePlan } from '../../crds/index.ts';
import { summaryOf } from '../preview/preview-status.ts';

/** One line on a plan that waits: what it would do, what it takes the place of, and how to approve it. */
export function approvalMessage({ metadata, spec }: Pick<Release, 'metadata' | 'spec'>, plan: ReleasePlan): string {
  const { version, chart, counts, moved = [], replaces } = plan;
  const isRefused = replaces !== undefined && replaces === spec.approvedPlan;
  const anew = isRefused ? 'the plan that was approved is refused, and was made again' : 'the plan was made again';
  const why = moved.length === 0 ? '' : `; ${anew}, as this has changed since: ${moved.join(', ')}`;
  const subject = `version ${version}, ${chart.name}-${chart.version}, waits for approval`;
  return `${subject}: ${summaryOf(counts)}${why}; to approve it: kubectl release approve ${metadata.name}`;
}
