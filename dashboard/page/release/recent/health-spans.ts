import type { EventRow, ReleaseRow, ShownHealth } from '../../../api/index.ts';

/** A time in which a Release was of one colour, in milliseconds. */
export interface HealthSpan {
  readonly health: ShownHealth;
  readonly from: number;
  readonly to: number;
}

const ONGOING: ReadonlySet<string> = new Set(['Progressing', 'Uninstalling', 'ApprovalAwaited', 'DependencyNotReady']);
/** Warnings beside what a Release is. */
const ASIDE: ReadonlySet<string> = new Set([
  'CertificateRenewalDue',
  'ChartWarning',
  'ClusterChanged',
  'DefinitionKept',
  'DriftContested',
  'DriftDetected',
  'DuplicateEntries',
  'FeedsItself',
  'Flapping',
  'KeylessEntries',
  'NoticeFailed',
  'TestFailed',
  'VolumeKept',
]);

/**
 * The colours of a Release up to now, as the events about itself tell them: what an event says is so until the next. Before the first event,
 * nothing is known. The colour that it has is known for itself.
 */
export function spansOf(
  events: readonly EventRow[],
  row: Pick<ReleaseRow, 'name' | 'health' | 'changed'>,
  nowMs: number,
): readonly HealthSpan[] {
  const told = events.flatMap((event) => {
    const health = event.object === `Release/${row.name}` ? healthIn(event) : undefined;
    return health === undefined ? [] : [{ health, at: Date.parse(event.at) }];
  });
  const changed = Date.parse(row.changed);
  const known = [...told.filter(({ at }) => at < changed), { health: row.health, at: changed }];
  const starts = known
    .toSorted((left, right) => left.at - right.at)
    .filter(({ health }, index, all) => health !== all[index - 1]?.health);
  return starts.map(({ health, at }, index) => ({
    health,
    from: at,
    to: starts[index + 1]?.at ?? Math.max(nowMs, at),
  }));
}

/** What of the spans is in the last hours. */
export function lastOf(spans: readonly HealthSpan[], sinceMs: number): readonly HealthSpan[] {
  return spans.filter(({ to }) => to > sinceMs).map((span) => ({ ...span, from: Math.max(span.from, sinceMs) }));
}

function healthIn({ type, reason }: EventRow): ShownHealth | undefined {
  if (reason.endsWith('Succeeded')) return 'Green';
  if (ONGOING.has(reason)) return 'Yellow';
  return type === 'Warning' && !ASIDE.has(reason) ? 'Red' : undefined;
}
