import { FINALIZER, WAITS_FOR_OTHERS, type Release } from '../../crds/index.ts';
import { placeOfRelease } from '../charts/pushes.ts';
import { deploy, type DeployResult } from '../deploy/deploy.ts';
import { hold, holdRefused } from '../deploy/hold.ts';
import { resumeOrBegin, withHooksAsked } from '../deploy/operation.ts';
import { orphansChildren } from '../deploy/orphan.ts';
import { releaseFinalizer } from '../deploy/release-finalizer.ts';
import type { StatusServices } from '../status/services.ts';
import type { NeedsServices } from '../versions/services.ts';
import type { DeployServices } from '../deploy/services.ts';
import { deployTargetOf } from '../deploy/target.ts';
import { NOTHING, uninstall } from '../deploy/uninstall.ts';
import { orphanVersions, readVersions } from '../history/owned-versions.ts';
import { durationMs } from '../pass/duration.ts';
import { earliest } from '../pass/earliest.ts';
import { BackoffPending, type Failure } from '../pass/failures/failures.ts';
import type { Observed } from '../pass/observed.ts';
import { catchFailure } from '../pass/failures/catch-failure.ts';
import { withoutUndefined } from '../../resources/index.ts';
import { requireAccount } from '../plan/account.ts';
import type { Desired } from '../plan/desired.ts';
import { isOngoing, readyOf } from '../status/status-changes.ts';
import { progressOf, unionOf } from '../status/progress.ts';
import { report, type Findings, type Reported } from '../status/report.ts';
import { approvedChoice, waitingPlan, type Waiting } from '../approval/approval.ts';
import { approvalMessage } from '../approval/message.ts';
import type { ApprovalServices, PlanningServices } from '../approval/services.ts';
import type { Chosen, Committed } from '../versions/choose.ts';
import { previousTarget, stayingTarget } from '../versions/target-in-force.ts';
import { throwNamingMissingPermissions } from '../versions/inputs/missing-permissions.ts';
import { beginPass } from '../versions/observe.ts';
import type { Requeue } from './queue.ts';

/** What it takes to bring a Release to the version that it should be at. */
export type ReconcileServices = DeployServices & ApprovalServices;

/**
 * One pass over one Release: choose the version that it should be at, deploy it, report. If choosing fails, the version in force is kept in
 * place all the same. A pass never waits: what is under way brings the key back with an event.
 */
export async function reconcile(services: ReconcileServices, key: string): Promise<Requeue> {
  const observed = await beginPass(services, key);
  if (!observed) return forget(services, key);
  services.order.setWaiting(key, false);
  if (observed.token !== undefined) startAfresh(services, observed);
  const isDeleted = observed.release.metadata.deletionTimestamp !== undefined;
  const beganAt = performance.now();
  const { release, ...next } = await (isDeleted
    ? reconcileDeleted(services, observed, beganAt)
    : reconcileExisting(services, observed, beganAt));
  logWrites(services, key, release, beganAt);
  services.secrets.end(key);
  return { ...next, underWay: isOngoing(readyOf(release.status)) };
}

/** Forgets what would keep a pass from asking the registry, trying again and correcting at once. */
function startAfresh(
  { attempts, charts, repairs }: Pick<DeployServices, 'attempts' | 'charts' | 'repairs'>,
  { key, release }: Observed,
): void {
  attempts.forget(key);
  repairs.forget(key);
  const place = placeOfRelease(release);
  if (place) charts.forget(place);
}

/** What comes after a pass, and the Release as the pass has left it. */
type PassResult = Requeue & Pick<Observed, 'release'>;

/** Keeps a Release at its version, or brings it there. */
async function reconcileExisting(
  services: ReconcileServices,
  observed: Observed,
  beganAt: number,
): Promise<PassResult> {
  const { key } = observed;
  const findings = await deployVersion(services, observed);
  const { release, dueInMs } = await reportOutcome(services, findings, beganAt);
  const waitInMs = findings.dueAt === undefined ? undefined : Math.max(0, findings.dueAt - Date.now());
  const moreInMs = [waitInMs, services.charts.dueInMs(release), services.repairs.dueInMs(key)];
  return { release, ...requeueOf(dueInMs, retryInMsOf(services, findings), unservedInMs(findings), ...moreInMs) };
}

/** Deletes what belongs to a Release that is being deleted, and at last removes its finalizer; its versions are deleted by then. */
async function reconcileDeleted(services: DeployServices, observed: Observed, beganAt: number): Promise<PassResult> {
  const { key, release, histories } = observed;
  // The finalizer is gone, removed by the controller or by hand; others are not ours.
  if (!release.metadata.finalizers?.includes(FINALIZER)) return { release };
  if (await orphansChildren(services.client, services.histories, release)) {
    // The garbage collector does this too, for those that it knows of, if it was asked to orphan.
    const isBySpec = release.spec.uninstall?.orphan === true;
    await orphanVersions(services.client, isBySpec ? await readVersions(services.client, release) : histories);
    services.log('info', 'deleted, children orphaned', { release: key });
    await releaseFinalizer(services, observed);
    return { release };
  }
  const ended = await uninstall(services, observed);
  const findings = { ...ended, failure: await withAllMissingPermissions(services, ended, NOTHING) };
  if (findings.progress.operation?.phase === 'Done') {
    await releaseFinalizer(services, ended.observed);
    return { release };
  }
  const reported = await reportOutcome(services, findings, beganAt);
  return {
    release: reported.release,
    ...requeueOf(reported.dueInMs, retryInMsOf(services, findings), unservedInMs(findings)),
  };
}

/** The outcome of a pass: what the status is to report, and the Release as it is by then. */
interface Outcome extends Findings, Pick<DeployResult, 'observed' | 'retryInMs'> {}

/** Logs what was written, then reports the outcome in the status. */
async function reportOutcome(
  services: StatusServices & Pick<DeployServices, 'writes'>,
  outcome: Outcome,
  beganAt: number,
): Promise<Reported> {
  const { key, release } = outcome.observed;
  logWrites(services, key, release, beganAt);
  const reported = await report(services, outcome.observed, outcome, 'soon');
  services.notices.send(key, reported.release);
  services.children.releaseUnusedWatches(key);
  return reported;
}

/** Logs what the pass has written, if anything. */
function logWrites(
  { log, writes }: Pick<DeployServices, 'log' | 'writes'>,
  key: string,
  release: Release,
  beganAt: number,
): void {
  const counts = writes.take(key);
  if (!counts) return;
  const { version, operation } = release.status ?? {};
  const durationMs = Math.round(performance.now() - beganAt);
  log('info', 'applied', { release: key, version: operation?.version ?? version, ...counts, durationMs });
}

/** The delay before another pass after a failure outside an attempt, such as a failed read. */
const UNATTEMPTED_RETRY_MS = { soon: 5_000, later: 60_000 };
const UNSERVED_RETRY_MS = 30_000;

/** No event announces that a kind is served again. */
function unservedInMs({ scope }: Findings): number | undefined {
  return (scope?.unserved.size ?? 0) > 0 ? UNSERVED_RETRY_MS : undefined;
}

function retryInMsOf(
  { attempts }: Pick<DeployServices, 'attempts'>,
  { observed: { key, release }, failure, retryInMs }: Outcome,
): number | undefined {
  const changeInMs = failure?.changesAt === undefined ? undefined : Math.max(0, failure.changesAt - Date.now());
  const dueInMs = earliest(attempts.dueInMs(key), retryInMs, changeInMs);
  if (dueInMs !== undefined || !failure || WAITS_FOR_OTHERS.has(failure.reason)) return dueInMs;
  return Math.min(UNATTEMPTED_RETRY_MS[failure.retry], durationMs(release.spec.interval));
}

async function deployVersion(services: ReconcileServices, read: Observed): Promise<Outcome & Pick<Chosen, 'dueAt'>> {
  const { failure: absent } = await catchFailure(() => requireAccount(services, read.release));
  if (absent) return withoutAccount(services, read, absent);
  const { value, failure } = await catchFailure(() => approvedChoice(services, read));
  const chosen = value ?? { target: await stayingTarget(services, read), observed: read, inherited: [] };
  const outcome = { ...(await deployChosen(services, chosen, failure)), ...dueOf(value) };
  // What is only delayed keeps the plan that it has, until it is made anew.
  if (!value || value.dueAt !== undefined) return outcome;
  return value.waiting ? withPlan(services, outcome, value.waiting) : withoutPlan(services, outcome);
}

function dueOf({ pending, approval, dueAt }: Partial<Chosen> = {}): Pick<Chosen, 'pending' | 'approval' | 'dueAt'> {
  return withoutUndefined({ pending, approval, dueAt });
}

/** Brings the cluster to the version that was chosen. `failure` is why another could not be chosen. */
async function deployChosen(
  services: DeployServices,
  { target, observed, inherited }: Pick<Committed, 'target' | 'observed' | 'inherited'>,
  failure: Failure | undefined,
): Promise<Outcome> {
  const { release } = observed;
  if (!target) return { observed, progress: progressOf(release.status), scope: undefined, failure };
  const deployTarget = deployTargetOf(target);
  const now = new Date().toISOString();
  const resumed = resumeOrBegin(release, deployTarget, now);
  const begun = withHooksAsked(observed, resumed, now);
  const inventory = unionOf(begun.inventory, inherited);
  const deployment = await holdingPrevious(
    services,
    await deploy(services, observed, deployTarget, { ...begun, inventory }),
  );
  return {
    ...deployment,
    failure: failure ?? (await withAllMissingPermissions(services, deployment, deployTarget.desired)),
  };
}

/** With the plan of a change that waits for approval; it is made once the version in force is as it should be. */
async function withPlan(
  services: PlanningServices,
  outcome: Outcome,
  waiting: Waiting,
): Promise<Outcome & Pick<Chosen, 'dueAt'>> {
  const { observed } = outcome;
  const { value, failure } = await catchFailure(() => waitingPlan(services, observed, waiting));
  if (!value) return { ...outcome, failure: outcome.failure ?? failure };
  const message = approvalMessage(observed.release, value.plan);
  return { ...outcome, ...value, ...(waiting.isAsked ? { approval: message } : { pending: message }) };
}

function withoutPlan({ plans }: Pick<ReconcileServices, 'plans'>, outcome: Outcome): Outcome {
  plans.forget(outcome.observed.key);
  return { ...outcome, plan: 'none' };
}

/** Nothing is read or written for a Release whose service account does not exist. */
function withoutAccount(
  { objectEvents }: Pick<DeployServices, 'objectEvents'>,
  observed: Observed,
  failure: Failure,
): Outcome {
  objectEvents.forget(observed.key);
  return { observed, progress: progressOf(observed.release.status), scope: undefined, failure };
}

/** The failure; one for a missing permission also names all the others that are missing. */
async function withAllMissingPermissions(
  services: NeedsServices & Pick<DeployServices, 'attempts'>,
  { observed, failure }: DeployResult,
  wanted: Desired,
): Promise<Failure | undefined> {
  if (failure?.reason !== 'Forbidden') return failure;
  return (
    await catchFailure(() => throwNamingMissingPermissions(services, observed, new BackoffPending(failure), wanted))
  ).failure;
}

/** If the first hooks of the next version failed, keeps the previous one in place; if objects of it were refused, those of versions before. */
async function holdingPrevious(services: DeployServices, deployment: DeployResult): Promise<DeployResult> {
  const { observed } = deployment;
  const { held, keep } = heldInstead(deployment);
  let kept = deployment;
  for (const version of held) {
    const { value: running } = await catchFailure(() => previousTarget(services, observed, version));
    if (running) kept = await keep(services, observed, deployTargetOf(running), kept);
  }
  return kept;
}

/**
 * The versions that are held in place of one that failed, and how: for one that was refused in part, what is still as in the version that
 * the operation goes on from, and what is still as in the one in force, since it was refused before too.
 */
function heldInstead({ progress, failure, refused }: DeployResult): { held: Set<number>; keep: typeof hold } {
  const { phase, from, version } = progress.operation ?? {};
  if (failure && phase === 'Before') return { held: versionsAmong(from), keep: hold };
  const isPartly = phase === 'Applying' && refused !== undefined && progress.version !== version;
  return { held: isPartly ? versionsAmong(from, progress.version) : versionsAmong(), keep: holdRefused };
}

function versionsAmong(...versions: (number | undefined)[]): Set<number> {
  return new Set(versions.filter((version) => version !== undefined));
}

function requeueOf(...delaysMs: (number | undefined)[]): Requeue {
  const afterMs = earliest(...delaysMs);
  return afterMs === undefined ? {} : { afterMs };
}

function forget(
  services: Pick<
    ReconcileServices,
    | 'answers'
    | 'children'
    | 'objectEvents'
    | 'attempts'
    | 'inputs'
    | 'notices'
    | 'order'
    | 'plans'
    | 'rateLimiter'
    | 'repairs'
    | 'secrets'
  >,
  key: string,
): Requeue {
  services.children.forget(key);
  services.objectEvents.forget(key);
  services.attempts.forget(key);
  services.inputs.forget(key);
  services.notices.forget(key);
  services.answers.set(key, undefined);
  services.rateLimiter.forget(key);
  services.repairs.forget(key);
  services.plans.forget(key);
  services.secrets.end(key);
  services.order.setWaiting(key, false);
  return {};
}
