import {
  conditionOf,
  type ConditionType,
  type Notice,
  type Notices,
  type Occasion,
  type Reason,
  type ReleaseStatus,
} from '../../crds/index.ts';
import { withoutUndefined } from '../../resources/index.ts';

/** How many notices a Release may have that are not sent yet; if there are more, the newest are kept. */
const MAX_PENDING = 10;
const MAX_CHARS = 1_000;

/** Why a Release is Stalled without anything being wrong, or without it being news. */
const NO_TROUBLE: ReadonlySet<Reason> = new Set(['ApprovalAwaited', 'RolledBack', 'Suspended']);

type Announced = { [Key in Exclude<keyof Notices, 'pending'>]?: string | undefined };

/** What notices are made from, beside the two statuses. */
export interface NoticeContext {
  /** Whether its health is flapping: then trouble, and its end, are reported once that is over. */
  isFlapping: boolean;
  /** Whether a notice is sent to everybody, or given up. */
  isDone: (notice: Notice) => boolean;
  now: Date;
}

/**
 * The status with what is new in it, compared with what was told before, among its notices, and without those that are done. Both are
 * stored by one write, so that no crash loses what is new. What a Release was like before it first had something to report is no news.
 * `status` is masked already.
 */
export function withNotices(
  status: ReleaseStatus,
  stored: ReleaseStatus | undefined,
  context: NoticeContext,
): ReleaseStatus {
  const { pending: before = [], ...kept } = stored?.notices ?? {};
  const announced: Announced = stored?.notices === undefined ? baselineOf(stored) : kept;
  const { occasions, now } = newNoticesIn(status, announced, context.isFlapping);
  if (occasions.length === 0 && stored?.notices === undefined) return status;
  const added = occasions.map((occasion) => noticeOf(occasion, status, context.now));
  const pending = [...before.filter((notice) => !context.isDone(notice)), ...added].slice(-MAX_PENDING);
  return { ...status, notices: withoutUndefined({ ...now, pending: pending.length === 0 ? undefined : pending }) };
}

/** What a Release would have reported by now, had there been somebody to tell. */
function baselineOf(stored: ReleaseStatus | undefined): Announced {
  return stored === undefined ? {} : newNoticesIn(stored, {}, false).now;
}

/** What there is to report, and what has been reported by then. */
interface NewNotices {
  occasions: Occasion[];
  now: Announced;
}

function newNoticesIn(status: ReleaseStatus, announced: Announced, isFlapping: boolean): NewNotices {
  const went = rollbackIn(status, announced);
  const awaited = approvalIn(status, went.now);
  const trouble = isFlapping ? { occasions: [], now: awaited.now } : healthIn(status, awaited.now);
  return { occasions: [...went.occasions, ...awaited.occasions, ...trouble.occasions], now: trouble.now };
}

/** A rollback that nobody asked for is reported once it is done, and itself says that the trouble that led to it is over. */
function rollbackIn(status: ReleaseStatus, announced: Announced): NewNotices {
  const at = conditionOf(status, 'Ready')?.reason === 'RolledBack' ? status.rolledBack?.at : undefined;
  if (at === undefined || at === announced.rolledBack) return { occasions: [], now: announced };
  const trouble = status.health === 'Red' ? announced.trouble : undefined;
  return {
    occasions: ['RolledBack'],
    now: { ...announced, rolledBack: at, trouble, operation: status.operation?.startedAt },
  };
}

/** A change that waits is reported once, however often its plan is made anew. */
function approvalIn({ plan: waiting }: ReleaseStatus, announced: Announced): NewNotices {
  const plan = waiting && `${waiting.operation} ${waiting.version}`;
  const isNew = plan !== undefined && plan !== announced.plan;
  return { occasions: isNew ? ['ApprovalAwaited'] : [], now: { ...announced, plan } };
}

function healthIn(status: ReleaseStatus, announced: Announced): NewNotices {
  const trouble = troubleIn(status);
  if (trouble !== undefined) {
    // Until it is Green, being Red is what somebody has to see to.
    const isKnown = trouble === announced.trouble || (announced.trouble === 'Red' && status.health !== 'Green');
    if (isKnown) return { occasions: [], now: announced };
    return { occasions: [trouble === 'Red' ? 'Red' : 'Stalled'], now: { ...announced, trouble } };
  }
  return isWell(status) ? wellIn(status, announced) : { occasions: [], now: announced };
}

function wellIn(status: ReleaseStatus, announced: Announced): NewNotices {
  const { status: isReady, reason } = conditionOf(status, 'Ready') ?? {};
  const operation = isReady === 'True' ? status.operation?.startedAt : announced.operation;
  const now = { ...announced, trouble: undefined, operation };
  if (announced.trouble !== undefined) return { occasions: ['Recovered'], now };
  return { occasions: operation === announced.operation || reason === 'Suspended' ? [] : ['Ready'], now };
}

/** What somebody has to see to: `Red`, or why nothing goes on. */
function troubleIn(status: ReleaseStatus): string | undefined {
  if (status.health === 'Red') return 'Red';
  const stalled = conditionOf(status, 'Stalled');
  return stalled && !NO_TROUBLE.has(stalled.reason) ? stalled.reason : undefined;
}

/** Ready, or Green and waiting for somebody. */
function isWell(status: ReleaseStatus): boolean {
  const ready = conditionOf(status, 'Ready');
  return ready?.status === 'True' || (status.health === 'Green' && ready !== undefined && NO_TROUBLE.has(ready.reason));
}

/** Which condition says why, for each occasion. */
const SAID_BY: Record<Occasion, ConditionType> = {
  Ready: 'Ready',
  Recovered: 'Ready',
  RolledBack: 'Ready',
  Red: 'Healthy',
  Stalled: 'Stalled',
  ApprovalAwaited: 'Ready',
};

function noticeOf(occasion: Occasion, status: ReleaseStatus, now: Date): Notice {
  const { reason = 'Progressing', message = '' } = conditionOf(status, SAID_BY[occasion]) ?? {};
  const { plan, version, chart, health } = status;
  const of = occasion === 'ApprovalAwaited' && plan ? plan : { version, chart };
  return withoutUndefined({
    occasion,
    at: now.toISOString(),
    version: of.version,
    chart: of.chart && `${of.chart.name}-${of.chart.version}`,
    health,
    reason,
    message: message.slice(0, MAX_CHARS).toWellFormed(),
  });
}
