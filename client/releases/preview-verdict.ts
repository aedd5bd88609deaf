import type { ReleasePreviewStatus } from '../../crds/index.ts';

/** Whether anything would change in the cluster. */
export function wouldChange({ counts }: ReleasePreviewStatus): boolean {
  return counts !== undefined && counts.create + counts.update + counts.recreate + counts.delete + counts.hooks > 0;
}

/** Why the change could not be made, or not be previewed completely; undefined if it could. */
export function obstacleOf({ counts, conditions = [] }: ReleasePreviewStatus): string | undefined {
  const complete = conditions.find(({ type }) => type === 'Complete');
  if (complete?.status === 'False') return `${complete.reason}: ${complete.message}`;
  const refused = counts?.refused ?? 0;
  return refused > 0 ? `the change would be refused for ${refused} object${refused === 1 ? '' : 's'}` : undefined;
}

/** `possible`, or the first reason why not and how many more there are. */
export function verdictOf(status: ReleasePreviewStatus): string {
  const { refusals = [], counts } = status;
  const [first] = refusals;
  if (first === undefined) return obstacleOf(status) ?? 'possible';
  const more = Math.max(refusals.length, counts?.refused ?? 0) - 1;
  const subject = `${first.object}: `;
  const message = first.message.startsWith(subject) ? first.message : `${subject}${first.message}`;
  // What `andMore` says; to load all of resources/ for it would make every command wait.
  return `${message}${more > 0 ? ` (and ${more} more)` : ''}`;
}
