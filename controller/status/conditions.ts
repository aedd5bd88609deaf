import type {
  Condition,
  ConditionType,
  HealthColour,
  Operation,
  Reason,
  Release,
  ReleaseStatus,
} from '../../crds/index.ts';
import type { Failure } from '../pass/failures/failures.ts';
import { driftMessage, type Drifted } from '../plan/drift.ts';

/** What the conditions of a Release are derived from. */
export interface ConditionsInput {
  generation: number;
  /** RFC 3339. */
  now: string;
  previous: Condition[];
  health: HealthColour;
  /** Why the health is not Green, where no child is the cause. */
  healthReason?: Reason | undefined;
  /** One line: the cause of the health, or what is awaited. */
  cause: string;
  operation: ReleaseStatus['operation'];
  /** Whether children have not been Green for longer than `spec.timeout`. */
  timedOut: boolean;
  /** `version 3, podinfo-6.7.1`. */
  subject: string;
  suspended: boolean;
  /** Why children stay unhealthy until somebody acts: others undo corrections, or their kind is not served. */
  blocked?: Reason | undefined;
  /** What is asked for and not done, in words. */
  pending?: string | undefined;
  /** What an edit asks for and what waits for approval, in words. */
  approval?: string | undefined;
  failure: Failure | undefined;
  /** What differs and is left as it is, if that is to be reported; undefined within it if that was not looked for. */
  reportedDrift?: { found: readonly Drifted[] | undefined } | undefined;
}

type ConditionVerdict = Pick<Condition, 'status' | 'reason' | 'message'>;

const DONE_REASONS: Record<Operation, Reason> = {
  Install: 'InstallSucceeded',
  Adopt: 'AdoptSucceeded',
  Upgrade: 'UpgradeSucceeded',
  Rollback: 'RollbackSucceeded',
  Delete: 'Uninstalling',
};

/**
 * The conditions as kstatus reads them: Ready and Healthy always; Drifted where drift is to be reported; Reconciling while the controller
 * is at work or waits for children; Stalled where only a change by somebody else helps. The last three are absent otherwise.
 */
export function conditionsOf(input: ConditionsInput): Condition[] {
  const verdicts: [ConditionType, ConditionVerdict | undefined][] = [
    ['Ready', readyOf(input)],
    ['Healthy', healthyOf(input)],
    ['Drifted', driftedOf(input)],
    ['Reconciling', reconcilingOf(input)],
    ['Stalled', stalledOf(input)],
  ];
  return verdicts.flatMap(([type, verdict]) => (verdict ? [dated(type, verdict, input)] : []));
}

function readyOf(input: ConditionsInput): ConditionVerdict {
  const { failure, operation, cause, subject, suspended, pending, approval } = input;
  if (failure) return { status: 'False', reason: failure.reason, message: failure.message };
  if (suspended && pending !== undefined) return { status: 'False', reason: 'Suspended', message: pending };
  if (approval !== undefined) return { status: 'False', reason: 'ApprovalAwaited', message: approval };
  const hindrance = hindranceOf(input);
  if (hindrance || !operation) return { status: 'False', reason: hindrance ?? 'Progressing', message: cause };
  if (suspended)
    return {
      status: 'True',
      reason: 'Suspended',
      message: `${subject}; suspended: changes are not applied and drift is not corrected`,
    };
  const message = pending === undefined ? subject : `${subject}; ${pending}`;
  return { status: 'True', reason: DONE_REASONS[operation.type], message };
}

function hindranceOf({ operation, health, timedOut, blocked }: ConditionsInput): Reason | undefined {
  if (operation?.type === 'Delete') return 'Uninstalling';
  if (blocked === 'KindNotFound') return blocked;
  if (health === 'Red') return 'Unhealthy';
  if (blocked) return blocked;
  if (timedOut) return 'TimedOut';
  return operation?.phase === 'Done' && health === 'Green' ? undefined : 'Progressing';
}

function healthyOf(input: ConditionsInput): ConditionVerdict {
  const { health, healthReason, cause, blocked, timedOut } = input;
  if (health === 'Green') return { status: 'True', reason: 'Healthy', message: 'every child is Green' };
  if (health === 'Red') return { status: 'False', reason: healthReason ?? 'Unhealthy', message: cause };
  const reason = healthReason ?? awaitedBefore(input) ?? blocked ?? (timedOut ? 'TimedOut' : 'Progressing');
  return { status: 'Unknown', reason, message: cause };
}

/** What nothing is installed for yet is not late. */
function awaitedBefore({ approval, operation }: Pick<ConditionsInput, 'approval' | 'operation'>): Reason | undefined {
  return approval !== undefined && operation === undefined ? 'ApprovalAwaited' : undefined;
}

function driftedOf({ reportedDrift, failure, suspended, cause }: ConditionsInput): ConditionVerdict | undefined {
  if (!reportedDrift) return undefined;
  const { found } = reportedDrift;
  if (found === undefined) {
    const reason = failure?.reason ?? (suspended ? 'Suspended' : 'Progressing');
    return { status: 'Unknown', reason, message: failure?.message ?? (suspended ? 'suspended' : cause) };
  }
  if (found.length === 0) return { status: 'False', reason: 'InSync', message: 'no child differs' };
  return { status: 'True', reason: 'DriftDetected', message: driftMessage(found) };
}

function reconcilingOf(input: ConditionsInput): ConditionVerdict | undefined {
  const { failure, suspended, cause } = input;
  if (stalledOf(input) || (suspended && !failure)) return undefined;
  const isBusy = failure !== undefined || hindranceOf(input) !== undefined;
  return isBusy ? { status: 'True', reason: 'Progressing', message: failure?.message ?? cause } : undefined;
}

function stalledOf({
  failure,
  timedOut,
  blocked,
  cause,
  suspended,
  pending,
  approval,
}: ConditionsInput): ConditionVerdict | undefined {
  if (failure)
    return failure.stalled ? { status: 'True', reason: failure.reason, message: failure.message } : undefined;
  if (suspended && pending !== undefined) return { status: 'True', reason: 'Suspended', message: pending };
  if (approval !== undefined) return { status: 'True', reason: 'ApprovalAwaited', message: approval };
  if (blocked) return { status: 'True', reason: blocked, message: cause };
  return timedOut ? { status: 'True', reason: 'TimedOut', message: cause } : undefined;
}

function dated(
  type: ConditionType,
  verdict: ConditionVerdict,
  { previous, now, generation }: Pick<ConditionsInput, 'previous' | 'now' | 'generation'>,
): Condition {
  const before = previous.find((condition) => condition.type === type);
  const lastTransitionTime = before?.status === verdict.status ? before.lastTransitionTime : now;
  return { type, ...verdict, observedGeneration: generation, lastTransitionTime };
}

/** The conditions of a Release whose pass has no room in memory, so that it found out nothing; no child is looked at meanwhile. */
export function waitingConditions({ metadata, status = {} }: Release, message: string, now: string): Condition[] {
  const { conditions: previous = [] } = status;
  const reason = metadata.deletionTimestamp === undefined ? 'Progressing' : 'Uninstalling';
  const told = { previous, now, generation: metadata.generation };
  const kept = previous.filter(({ type }) => type === 'Healthy' || type === 'Drifted');
  return [
    dated('Ready', { status: 'False', reason, message }, told),
    ...(kept.length > 0 ? kept : [dated('Healthy', { status: 'Unknown', reason, message }, told)]),
    dated('Reconciling', { status: 'True', reason: 'Progressing', message }, told),
  ];
}
