import type { Condition, ConditionType, Health, Operation, Reason } from '../crds/index.ts';
import type { Failure } from './failures.ts';

/** What the conditions of a Release are summed up from. */
export interface Situation {
  generation: number;
  /** RFC 3339. */
  now: string;
  previous: Condition[];
  health: Health;
  /** One line: the cause of the health, or what is awaited. */
  cause: string;
  operation: { type: Operation; done: boolean; timedOut: boolean };
  /** `version 3, podinfo-6.7.1`. */
  subject: string;
  suspended: boolean;
  failure: Failure | undefined;
}

type Verdict = Pick<Condition, 'status' | 'reason' | 'message'>;

const DONE_REASONS: Record<Operation, Reason> = {
  install: 'InstallSucceeded',
  upgrade: 'UpgradeSucceeded',
  rollback: 'RollbackSucceeded',
  delete: 'Uninstalling',
};

/**
 * The conditions as kstatus reads them: Ready always; Reconciling while the controller is at work or waits for children;
 * Stalled where only a change by somebody else helps. Reconciling and Stalled are absent otherwise.
 */
export function conditionsOf(situation: Situation): Condition[] {
  const verdicts: [ConditionType, Verdict | undefined][] = [
    ['Ready', readyOf(situation)],
    ['Reconciling', reconcilingOf(situation)],
    ['Stalled', stalledOf(situation)],
  ];
  return verdicts.flatMap(([type, verdict]) => (verdict ? [dated(type, verdict, situation)] : []));
}

function readyOf({ failure, operation, health, cause, subject, suspended }: Situation): Verdict {
  if (failure) return { status: 'False', reason: failure.reason, message: failure.message };
  if (operation.type === 'delete') return { status: 'False', reason: 'Uninstalling', message: cause };
  if (health === 'Red') return { status: 'False', reason: 'Unhealthy', message: cause };
  if (operation.timedOut) return { status: 'False', reason: 'TimedOut', message: cause };
  if (!operation.done || health === 'Yellow') return { status: 'False', reason: 'Progressing', message: cause };
  if (suspended)
    return { status: 'True', reason: 'Suspended', message: `${subject}; suspended: changes and drift wait` };
  return { status: 'True', reason: DONE_REASONS[operation.type], message: subject };
}

function reconcilingOf(situation: Situation): Verdict | undefined {
  const { failure, health, operation, suspended, cause } = situation;
  if (stalledOf(situation) || (suspended && !failure)) return undefined;
  const busy = failure !== undefined || !operation.done || health !== 'Green';
  return busy ? { status: 'True', reason: 'Progressing', message: failure?.message ?? cause } : undefined;
}

function stalledOf({ failure, health, operation, cause }: Situation): Verdict | undefined {
  if (failure)
    return failure.stalled ? { status: 'True', reason: failure.reason, message: failure.message } : undefined;
  if (operation.timedOut && health !== 'Green') return { status: 'True', reason: 'TimedOut', message: cause };
  return undefined;
}

function dated(type: ConditionType, verdict: Verdict, { previous, now, generation }: Situation): Condition {
  const before = previous.find((condition) => condition.type === type);
  const lastTransitionTime = before?.status === verdict.status ? before.lastTransitionTime : now;
  return { type, ...verdict, observedGeneration: generation, lastTransitionTime };
}
