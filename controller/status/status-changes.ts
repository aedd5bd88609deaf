import { conditionOf, type Condition, type HistorySummary, type ReleaseStatus } from '../../crds/index.ts';
import { withoutUndefined } from '../../resources/index.ts';

/** A line for the log. */
export interface LogLine {
  level: 'info' | 'warn';
  message: string;
  facts: Record<string, unknown>;
}

/** Whether a Ready condition says that the controller is not done yet, and nothing worse. */
export function isOngoing(ready: Condition | undefined): boolean {
  return ready?.reason === 'Progressing' || ready?.reason === 'Uninstalling';
}

/** The Ready condition of a status. */
export function readyOf(status: ReleaseStatus | undefined): Condition | undefined {
  return conditionOf(status, 'Ready');
}

/** The Ready condition of `after` where it says something other than that of `before`; what merely goes on is no news. */
export function newVerdict(before: ReleaseStatus | undefined, after: ReleaseStatus): Condition | undefined {
  const [ready, known] = [readyOf(after), readyOf(before)];
  const isNews = known?.reason !== ready?.reason || (gistOf(known) !== gistOf(ready) && !isOngoing(ready));
  return isNews ? ready : undefined;
}

/** What is new if it changes. Of what is Red that is where the cause is: its words change with each attempt. */
function gistOf(ready: Condition | undefined): string | undefined {
  return ready?.reason === 'Unhealthy' ? ready.message.split(': ', 2).join(': ') : ready?.message;
}

/**
 * The new verdict, for an event. That an operation has begun is not one, unless it is a deletion: another event says how it ends. During
 * many installs at once such events would be a tenth of all requests.
 */
export function verdictForEvent(before: ReleaseStatus | undefined, after: ReleaseStatus): Condition | undefined {
  const ready = newVerdict(before, after);
  const { type, phase } = after.operation ?? {};
  const isBeginning = isOngoing(ready) && phase !== 'Done' && type !== 'Delete';
  return isBeginning ? undefined : ready;
}

/** The Drifted condition of `after` if it reports drift that `before` did not. */
export function newDrift(before: ReleaseStatus | undefined, after: ReleaseStatus): Condition | undefined {
  const [drifted, known] = [after, before].map((status) => conditionOf(status, 'Drifted'));
  return drifted?.status === 'True' && drifted.message !== known?.message ? drifted : undefined;
}

/** What `after` says of a plan that `before` did not have. */
export function newPlan(before: ReleaseStatus | undefined, after: ReleaseStatus): string | undefined {
  const { plan } = after;
  return plan === undefined || plan.digest === before?.plan?.digest ? undefined : readyOf(after)?.message;
}

/**
 * What the log says of a change of status: a line for each operation that begins, with what it leads to and why, and one for each verdict.
 * Nothing is said twice, and a change of mere detail is not logged. `recorded` are the versions that exist.
 */
export function logLinesOf(
  before: ReleaseStatus | undefined,
  after: ReleaseStatus,
  recorded: readonly HistorySummary[],
  now: Date,
): LogLine[] {
  const lines = [beginningOf(before ?? {}, after, recorded), verdictOf(before, after, now)];
  return lines.filter((line) => line !== undefined);
}

function beginningOf(
  before: ReleaseStatus,
  { operation }: ReleaseStatus,
  recorded: readonly HistorySummary[],
): LogLine | undefined {
  if (!operation || operation.startedAt === before.operation?.startedAt) return undefined;
  const { type, version } = operation;
  const from = before.version === version ? undefined : before.version;
  // The chart of what is deleted was logged when it was installed.
  const row = recorded.find((each) => each.version === version && type !== 'Delete');
  const what = row && { chart: row.chart, why: row.description };
  return { level: 'info', message: type.toLowerCase(), facts: withoutUndefined({ version, from, ...what }) };
}

function verdictOf(before: ReleaseStatus | undefined, after: ReleaseStatus, now: Date): LogLine | undefined {
  const ready = newVerdict(before, after);
  if (!ready || isOngoing(ready)) return undefined;
  const { version, health, operation } = after;
  if (ready.status !== 'True') {
    const facts = withoutUndefined({ version, reason: ready.reason, health, cause: ready.message });
    return { level: 'warn', message: 'not ready', facts };
  }
  const isEnd = before?.operation?.phase !== 'Done' || readyOf(before)?.status !== 'True';
  const durationMs = isEnd && operation ? now.getTime() - Date.parse(operation.startedAt) : undefined;
  return { level: 'info', message: 'ready', facts: withoutUndefined({ version, reason: ready.reason, durationMs }) };
}
