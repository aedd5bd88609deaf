import type { ReleasePlan } from '../../crds/index.ts';
import { digestOfJson } from '../../resources/index.ts';
import type { Observed } from '../pass/observed.ts';
import { controlDigest } from '../status/control-digest.ts';
import { openScope, planIn } from '../plan/scope.ts';
import { revisionOf } from '../preview/object-state.ts';
import { progressOf } from '../status/progress.ts';
import { chooseVersion, commitChoice, type Chosen, type Committed } from '../versions/choose.ts';
import { stayingTarget } from '../versions/target-in-force.ts';
import type { Target } from '../versions/target.ts';
import { draftPlan, isStillPlanned, planOf, type PlanDraft } from './make-plan.ts';
import type { ApprovalServices, PlanningServices } from './services.ts';

/** A version that must not be brought into force before its plan is approved. */
export interface Waiting {
  target: Target;
  /** Whether an edit of the spec asks for it. */
  isAsked: boolean;
  /** Whether a plan of it was approved that is not what would happen any more. */
  isRefused: boolean;
}

/** The version to deploy: the one that was chosen or, while that waits for approval, the one that the Release stays at. */
export interface ApprovedChoice extends Committed {
  waiting?: Waiting;
}

/** The changes that wait. */
const NEEDS_APPROVAL: ReadonlySet<Chosen['change']> = new Set(['new', 'user', 'interruption'] as const);

/**
 * Chooses the version that a Release should be at, and claims it; with `approval: Manual`, only if `spec.approvedPlan` names its plan and that
 * still is what would happen. Throws as chooseVersion, draftPlan and commitChoice.
 */
export async function approvedChoice(services: ApprovalServices, read: Observed): Promise<ApprovedChoice> {
  const chosen = await chooseVersion(services, read);
  const { target, observed, change } = chosen;
  const isManual = observed.release.spec.approval === 'Manual';
  if (!isManual || target === undefined || !NEEDS_APPROVAL.has(change)) return commitChoice(services, chosen);
  const verdict = await verdictOn(services, observed, target);
  if (verdict === 'approved') return commitChoice(services, chosen);
  return {
    target: await stayingTarget(services, observed),
    observed,
    inherited: [],
    isClaimable: false,
    waiting: { target, isAsked: isAsked(chosen), isRefused: verdict === 'refused' },
  };
}

/** Nobody asked for what came of changed data or another chart. */
function isAsked({ change, target }: Chosen): boolean {
  return change === 'user' || target?.history.spec.cause === 'Edit';
}

async function verdictOn(
  services: PlanningServices,
  observed: Observed,
  target: Target,
): Promise<'approved' | 'refused' | 'unanswered'> {
  const { spec, status: { plan } = {} } = observed.release;
  if (plan === undefined || plan.digest !== spec.approvedPlan) return 'unanswered';
  if (plan.version !== target.version) return 'refused';
  return isStillPlanned(plan, await attemptDraft(services, observed, target)) ? 'approved' : 'refused';
}

/** The plan of what waits, and when it is due to be looked at again, in milliseconds since 1970. */
export interface PlanInStatus {
  plan: ReleasePlan;
  dueAt?: number;
}

/** How soon an approval is looked at again that was refused because of drift, which is corrected by now. */
const AGAIN_MS = 1_000;

/**
 * The plan of a version that waits; made anew if what it goes on from has moved, by dry run, and not more often than after a growing pause.
 * Throws ReleaseError, KubeError.
 */
export async function waitingPlan(
  services: PlanningServices,
  observed: Observed,
  { target, isRefused }: Waiting,
): Promise<PlanInStatus> {
  const { key, release } = observed;
  const { plans } = services;
  const before = release.status?.plan;
  const basis = await basisOf(services, observed, target);
  const standing = isRefused ? undefined : standingPlan(services, observed, target, basis);
  if (standing) return standing;
  const draft = await attemptDraft(services, observed, target);
  plans.made(key, target.version, basis);
  const isSame = before !== undefined && isStillPlanned(before, draft);
  const plan = isSame ? before : await planOf(services, observed, draft, { before, now: new Date().toISOString() });
  if (!isSettled(plan)) return { plan, dueAt: Date.now() + plans.pauseMs(key, target.version) };
  return isSame && isRefused ? { plan, dueAt: Date.now() + AGAIN_MS } : { plan };
}

/** The plan in the status, as long as it need not be looked at again, or not yet. */
function standingPlan(
  { plans }: Pick<PlanningServices, 'plans'>,
  { key, release }: Observed,
  { version }: Target,
  basis: string,
): PlanInStatus | undefined {
  const { plan } = release.status ?? {};
  if (plan?.version !== version) return undefined;
  if (isSettled(plan) && plans.isMadeFrom(key, basis)) return { plan };
  const pauseMs = plans.pauseMs(key, version);
  return pauseMs > 0 ? { plan, dueAt: Date.now() + pauseMs } : undefined;
}

/** What is refused, say by a quota, may be accepted without any object having changed. */
function isSettled({ counts }: ReleasePlan): boolean {
  return counts.refused === 0;
}

/** Drafts a plan, unless that failed a moment ago. Throws as draftPlan; BackoffPending. */
async function attemptDraft(services: PlanningServices, observed: Observed, target: Target): Promise<PlanDraft> {
  const { key, release } = observed;
  const subject = `${target.version} ${release.metadata.generation}`;
  return services.attempts.run(`${key} plan`, subject, () => draftPlan(services, observed, target));
}

/** A digest of what a plan depends on as far as the caches show: while it is the same, no dry run is needed. */
async function basisOf(services: PlanningServices, observed: Observed, target: Target): Promise<string> {
  const { release } = observed;
  const { inventory } = progressOf(release.status);
  const scope = await openScope(services, observed, target.desired, inventory);
  const { writes, refusals, waiting } = await planIn(scope, services, observed, target.desired, inventory);
  const facts = writes.map((write) => [
    write.type,
    write.ref,
    revisionOf(scope.live(write.ref)),
    write.type === 'update' ? write.changes : [],
  ]);
  const { operation, history } = target;
  return digestOfJson([history.metadata.uid, operation, controlDigest(release.spec), facts, refusals, waiting]);
}
