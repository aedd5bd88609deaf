import type {
  HealthColour,
  Operation,
  Reason,
  Release,
  ReleasePlan,
  ReleaseStatus,
  ResourceStatus,
} from '../../crds/index.ts';
import { releaseHealthOf, yellow, withoutUndefined } from '../../resources/index.ts';
import { inTurns } from '../../turns/index.ts';
import { childrenInSteps, staysReadyUntilKnown, type ChildrenHealth } from './children-health.ts';
import { conditionsOf } from './conditions.ts';
import { recordFlapping } from './flapping.ts';
import { healthChecksOf, type HealthChecks } from './health-checks.ts';
import type { Observed } from '../pass/observed.ts';
import type { StatusServices } from './services.ts';
import { durationMs } from '../pass/duration.ts';
import { earliest } from '../pass/earliest.ts';
import type { Failure } from '../pass/failures/failures.ts';
import { maskedStatus } from '../masking/status.ts';
import { rowsOf, withinRoom, type ChildrenFindings } from './rows.ts';
import { isOngoing, logLinesOf, newDrift, newPlan, readyOf, verdictForEvent } from './status-changes.ts';
import { observedContentOf } from '../history/observed-content.ts';
import { statusChangeOf } from './status-rate-limiter.ts';
import { awaitedTests, progressOf, type Progress, type Waiting } from './progress.ts';
import { rollbackInMs, withOutcome, withRollback } from './failed-version.ts';
import { statusDiffers, summariesOf, summaryOf, writeStatus } from './status.ts';

/** What a pass has found out, for the status to report. */
export interface Findings extends ChildrenFindings {
  failure?: Failure | undefined;
  /** What the operation waits for, if no object of the inventory shows it. */
  waiting?: Waiting | undefined;
  /** What is asked for and not done, because of suspension or throttling, in words. */
  pending?: string | undefined;
  /** What an edit asks for and what waits for approval, in words. */
  approval?: string | undefined;
  /** The plan that waits for approval; undefined where that was not looked for: then the stored one stays until another operation begins. */
  plan?: ReleasePlan | 'none' | undefined;
}

/** By what the health is judged, and whether it is flapping. */
interface Judgement {
  checks: Pick<HealthChecks, 'problem'>;
  isFlapping: boolean;
}

/** How soon a status has to be stored: what the controller goes on from, at once; mere detail, together with what follows. */
export type Urgency = 'now' | 'soon';

/** What became of a report. */
export interface Reported {
  release: Release;
  /** Milliseconds until another pass is due, for what was not written yet or for the timeout. */
  dueInMs: number | undefined;
}

/**
 * Brings the status up to date. Writes nothing where nothing changed; a mere detail, or a flapping health, soon after another write is left
 * to the pass that is then due. Returns the Release as stored.
 */
export async function report(
  services: StatusServices,
  observed: Observed,
  found: Findings,
  urgency: Urgency,
): Promise<Reported> {
  const findings = withRollback(observed, found);
  const now = new Date();
  const stored = observed.release.status;
  const mask = (text: string): Generator<undefined, string> => services.secrets.maskInSteps(observed.key, text);
  const checks = healthChecksOf(observed.release.spec.healthChecks);
  const children = await inTurns(childrenInSteps(services, observed, findings, checks, now));
  // What is not known yet is no news about what was healthy.
  if (urgency === 'soon' && staysReadyUntilKnown(observed.release, findings, children))
    return { release: observed.release, dueInMs: 0 };
  const flappingMs = services.rateLimiter.flappingMs(observed.key);
  const made = statusOf(observed, { ...findings, checks, isFlapping: flappingMs !== undefined }, children, now);
  const judged = withOutcome(observed, findings, made, now);
  const masked = await inTurns(maskedStatus(judged, stored, mask));
  const status = services.notices.withNotices(observed.release, masked, flappingMs !== undefined, now);
  const followInMs = children && askWhy(services, observed, withAwaited(children, findings.waiting), now);
  const rollbackMs = rollbackInMs(observed, findings, status, now);
  const timeoutMs = untilTimeoutMs(observed.release, status, now);
  const dueInMs = earliest(timeoutMs, followInMs, flappingMs, rollbackMs);
  if (!statusDiffers(status, stored)) return { release: observed.release, dueInMs };
  const change = statusChangeOf(status, stored);
  const waitMs = urgency === 'now' ? 0 : services.rateLimiter.waitMs(observed.key, change);
  if (waitMs > 0) return { release: observed.release, dueInMs: earliest(waitMs, followInMs, rollbackMs) };
  const release = await writeStatus(services.client, services.releases, observed.release, status);
  announce(services, observed, status, now);
  services.rateLimiter.wrote(observed.key, change);
  // The status has to say so, too.
  const again = flappingMs === undefined && recordFlapping(services, observed.key, release) ? 1 : undefined;
  return { release, dueInMs: earliest(dueInMs, again) };
}

/**
 * Begins to read what may say why children are not healthy; returns in how many milliseconds to look again, for that or because their
 * health changes.
 */
function askWhy(
  { objectEvents, podLogs }: Pick<StatusServices, 'objectEvents' | 'podLogs'>,
  { key, user }: Observed,
  { eventSubjects, runs, changesAt }: ChildrenHealth,
  now: Date,
): number | undefined {
  const logsInMs = podLogs.read(key, user, runs);
  const changeInMs = changesAt === undefined ? undefined : Math.max(0, changesAt - now.getTime());
  return earliest(logsInMs, changeInMs, objectEvents.follow(key, user, eventSubjects));
}

function withAwaited(children: ChildrenHealth, waiting: Waiting | undefined): ChildrenHealth {
  return { ...children, eventSubjects: [...(waiting?.eventSubjects ?? []), ...children.eventSubjects] };
}

function statusOf(
  observed: Observed,
  findings: Findings & Judgement,
  children: ChildrenHealth | undefined,
  now: Date,
): ReleaseStatus {
  const { release, histories } = observed;
  const { progress, failure, waiting, pending, approval } = findings;
  const { version, chart, operation, hooks, tests } = progress;
  const { spec, status: stored = {} } = release;
  const resources = rowsOf(findings, children?.resources, stored.resources);
  const { health, message, reason } = healthOfAll(progress, resources, { failure, waiting });
  const cause = causeOf(message ?? waitingFor(progress, approval), findings);
  const conditions = conditionsOf({
    generation: release.metadata.generation,
    now: now.toISOString(),
    previous: stored.conditions ?? [],
    health,
    healthReason: reason,
    cause,
    operation,
    timedOut: hasTimedOut(release, health, progress, now),
    subject: subjectOf(progress),
    suspended: spec.suspend,
    blocked: blockOf(findings),
    pending,
    approval,
    failure,
    reportedDrift: spec.drift === 'Report' && operation?.type !== 'Delete' ? { found: findings.drift } : undefined,
  });
  return withoutUndefined({
    observedGeneration: release.metadata.generation,
    lastHandledReconcile: observed.token ?? stored.lastHandledReconcile,
    version,
    chart,
    health,
    message: messageOf(findings, health, cause),
    conditions,
    ...seenIn(progress),
    observedContent: observedContentOf(release),
    plan: planIn(findings, stored),
    operation,
    hooks,
    tests,
    resources: withinRoom(resources),
    history: summariesOf(histories, stored.history ?? [], version, tests),
  });
}

/** What counts as seen: only something else asks for a version. */
function seenIn({ inputs, followed, cluster, leftContent }: Progress): Partial<ReleaseStatus> {
  return { inputs, followed, cluster, leftContent } as Partial<ReleaseStatus>;
}

function causeOf(message: string, { isFlapping, checks: { problem } }: Judgement): string {
  return isFlapping ? `${problem ?? message}; its health comes and goes` : (problem ?? message);
}

/** Why children that are not healthy stay so until somebody acts. */
function blockOf({ contests = [], scope, checks }: Findings & Judgement): Reason | undefined {
  if (scope && scope.unserved.size > 0) return 'KindNotFound';
  if (checks.problem !== undefined) return 'HealthCheckInvalid';
  return contests.length > 0 ? 'DriftContested' : undefined;
}

function subjectOf({ version, chart, followed }: Progress): string {
  if (!chart) return 'no version';
  const follows = followed?.range === '*' ? '; follows the newest version' : followed && `; follows ${followed.range}`;
  return `version ${version}, ${chart.name}-${chart.version}${follows ?? ''}`;
}

/** A plan goes once its operation begins; a pass that failed before it knew keeps it. */
function planIn({ plan, progress }: Findings, stored: ReleaseStatus): ReleasePlan | undefined {
  if (plan !== undefined) return plan === 'none' ? undefined : plan;
  const [now, before] = [progress.operation, stored.operation];
  return now?.type === before?.type && now?.version === before?.version ? stored.plan : undefined;
}

function messageOf(
  { failure, progress, approval, pending = approval ?? '' }: Findings,
  health: HealthColour,
  cause: string,
): string {
  if (failure) return failure.message;
  return health === 'Green' && progress.operation?.phase === 'Done' ? pending : cause;
}

/** What is in force and yet refused, or whose hook or test failed, is broken, whatever its objects say. */
const BROKEN: readonly Reason[] = ['HookFailed', 'TestFailed', 'ApplyFailed'];

/** A health with its cause, and the reason where that is a failure. */
interface HealthOfAll {
  health: HealthColour;
  message?: string;
  reason?: Reason;
}

/** What fails before anything is in force is Red; afterwards the colour is that of the objects, and of the hook that is awaited. */
function healthOfAll(
  progress: Progress,
  resources: ResourceStatus[],
  { failure, waiting }: Pick<Findings, 'failure' | 'waiting'>,
): HealthOfAll {
  if (failure && (progress.version === undefined || BROKEN.includes(failure.reason))) {
    return { health: failure.stalled ? 'Red' : 'Yellow', message: failure.message, reason: failure.reason };
  }
  const health = childrenHealthOf(
    resources.filter(({ standby }) => !standby),
    failure,
  );
  if (health.health === 'Red' || progress.operation?.phase === 'Done') return health;
  return waiting ?? (health.health === 'Green' ? { health: 'Yellow' } : health);
}

/** What nobody may look at any more is not known to be healthy. */
function childrenHealthOf(resources: ResourceStatus[], failure: Failure | undefined): HealthOfAll {
  const health = releaseHealthOf(resources);
  const isUnseen = failure?.reason === 'ServiceAccountNotFound' && health.health === 'Green';
  return isUnseen ? { ...yellow(failure.message), reason: failure.reason } : health;
}

const NOUNS: Record<Operation, string> = {
  Install: 'install of',
  Adopt: 'adoption of',
  Upgrade: 'upgrade to',
  Rollback: 'rollback to',
  Delete: 'deletion of',
};

function waitingFor({ operation, hooks }: Progress, approval = 'nothing is installed yet'): string {
  const running = hooks.find((hook) => hook.phase === 'Running');
  if (running) return `waiting for hook ${running.kind}/${running.name}`;
  return operation ? `${NOUNS[operation.type]} version ${operation.version} under way` : approval;
}

function hasTimedOut(release: Release, health: HealthColour, progress: Progress, now: Date): boolean {
  if (health === 'Green') return false;
  const since = notReadySince(release, progress);
  return since !== undefined && now.getTime() - since > durationMs(release.spec.timeout);
}

/** When the present wait began: with the operation, or with the loss of readiness after it. */
function notReadySince(release: Release, progress: Pick<Progress, 'operation' | 'tests'>): number | undefined {
  // Tests have a timeout of their own.
  if (awaitedTests(progress)) return undefined;
  const { operation } = progress;
  const ready = readyOf(release.status);
  const lost = ready && ready.status !== 'True' ? Date.parse(ready.lastTransitionTime) : undefined;
  const begun = operation && Date.parse(operation.startedAt);
  if (lost === undefined) return undefined;
  return Math.max(lost, begun ?? lost);
}

function untilTimeoutMs(release: Release, status: ReleaseStatus, now: Date): number | undefined {
  const since = notReadySince({ ...release, status }, progressOf(status));
  const isStalled = status.conditions?.some((condition) => condition.type === 'Stalled') ?? false;
  if (since === undefined || isStalled) return undefined;
  const leftMs = since + durationMs(release.spec.timeout) - now.getTime();
  return leftMs < 0 ? undefined : Math.max(1_000, leftMs + 100);
}

/** Announces a changed verdict by an event and a log line, and an operation that begins by a log line only. */
function announce(
  services: Pick<StatusServices, 'events' | 'log'>,
  { key, release, histories }: Observed,
  status: ReleaseStatus,
  now: Date,
): void {
  for (const { level, message, facts } of logLinesOf(release.status, status, histories.map(summaryOf), now)) {
    services.log(level, message, { release: key, ...facts });
  }
  const drift = newDrift(release.status, status);
  if (drift) services.events.record({ object: release, type: 'Warning', reason: drift.reason, message: drift.message });
  const ready = verdictForEvent(release.status, status);
  const planned = newPlan(release.status, status);
  if (planned !== undefined)
    services.events.record({ object: release, type: 'Normal', reason: 'PlanReady', message: planned });
  if (!ready || planned !== undefined || ready.reason === 'ApprovalAwaited') return;
  const isWaiting = isOngoing(ready) || ready.reason === 'DependencyNotReady';
  const type = ready.status === 'True' || isWaiting ? 'Normal' : 'Warning';
  services.events.record({ object: release, type, reason: ready.reason, message: ready.message });
}
