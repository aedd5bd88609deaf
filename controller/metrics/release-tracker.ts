import { hasReached, type HealthColour, type Operation, type Release, type ReleaseStatus } from '../../crds/index.ts';
import type { Change } from '../../kube/index.ts';
import { keyOfRelease } from '../pass/key.ts';

/** The health of a Release: `Unknown` while none has been reported, or where only an outline of the Release is kept. */
export type ReportedHealth = HealthColour | 'Unknown';

/** In the order in which they are reported. */
export const HEALTHS: readonly ReportedHealth[] = ['Green', 'Yellow', 'Red', 'Unknown'];

/** How many Releases have which health. */
export type HealthCounts = Record<ReportedHealth, number>;

/** The operations that are reported. */
export const OPERATIONS: readonly Operation[] = ['Install', 'Adopt', 'Upgrade', 'Rollback', 'Delete'];

/** What is reported of operations as they go on; `seconds` are those since the operation began. */
export interface OperationObserver {
  began(operation: Operation): void;
  /** All objects are applied. */
  applied(seconds: number): void;
  /** All objects are applied, and Green. */
  ready(seconds: number): void;
}

interface Stage {
  operation: Operation;
  startedAt: string;
  isApplied: boolean;
  isReady: boolean;
}

const NEW_STAGE = { isApplied: false, isReady: false };

interface Known {
  namespace: string;
  health: ReportedHealth;
  stage: Stage | undefined;
}

/**
 * Follows all Releases by the changes of their statuses: counts their healths, and reports how far their operations are, each step once.
 * What was over before it was first seen is not reported.
 */
export class ReleaseTracker {
  readonly #known = new Map<string, Known>();
  readonly #counts = new Map<string, HealthCounts>();
  readonly #observer: OperationObserver;

  constructor(observer: OperationObserver) {
    this.#observer = observer;
  }

  /** How many Releases have which health, by namespace; a namespace without Releases is not among them. */
  get counts(): ReadonlyMap<string, HealthCounts> {
    return this.#counts;
  }

  /** Takes in a change of a Release, seen at this time. */
  take({ type, object }: Pick<Change<Release>, 'type' | 'object'>, nowMs: number): void {
    const { namespace, name } = object.metadata;
    const key = keyOfRelease(namespace, name);
    const before = this.#known.get(key);
    if (type === 'deleted') {
      if (before) this.#count(before, -1);
      this.#known.delete(key);
      return;
    }
    const { status } = object;
    const stage = stageOf(status);
    const known = { namespace, health: healthOf(status), stage: stage && withTold(stage, before, status) };
    this.#known.set(key, known);
    // In this order: a namespace that is counted stays where it is among the others, and so among those that are named.
    this.#count(known, 1);
    if (before) this.#count(before, -1);
    this.#tell(before, known.stage, nowMs);
  }

  #count({ namespace, health }: Known, sign: 1 | -1): void {
    const counts = this.#counts.get(namespace) ?? { Green: 0, Yellow: 0, Red: 0, Unknown: 0 };
    counts[health] += sign;
    const isEmpty = HEALTHS.every((each) => counts[each] === 0);
    if (isEmpty) this.#counts.delete(namespace);
    else this.#counts.set(namespace, counts);
  }

  #tell(before: Known | undefined, now: Stage | undefined, nowMs: number): void {
    if (!before || !now) return;
    const reported = before.stage?.startedAt === now.startedAt ? before.stage : NEW_STAGE;
    const seconds = Math.max(0, (nowMs - Date.parse(now.startedAt)) / 1000);
    if (reported === NEW_STAGE) this.#observer.began(now.operation);
    if (now.isApplied && !reported.isApplied) this.#observer.applied(seconds);
    if (now.isReady && !reported.isReady) this.#observer.ready(seconds);
  }
}

/** What has been reported once, or was over when it was first seen, is not reported again, whatever becomes of the Release afterwards. */
function withTold(now: Stage, before: Known | undefined, status: ReleaseStatus | undefined): Stage {
  if (!before) return { ...now, isReady: now.isReady || status?.operation?.phase === 'Done' };
  const { stage } = before;
  if (stage?.startedAt !== now.startedAt) return now;
  return { ...now, isApplied: now.isApplied || stage.isApplied, isReady: now.isReady || stage.isReady };
}

function healthOf(status: ReleaseStatus | undefined): ReportedHealth {
  const health = status?.health;
  return HEALTHS.find((each) => each === health) ?? 'Unknown';
}

/** Undefined where nothing goes on, or what is stored is not what the controller writes. A deletion ends with the Release itself. */
function stageOf(status: ReleaseStatus | undefined): Stage | undefined {
  const { type, startedAt = '', phase } = status?.operation ?? {};
  const operation = OPERATIONS.find((each) => each === type);
  if (!operation || Number.isNaN(Date.parse(startedAt))) return undefined;
  const isApplied = operation !== 'Delete' && hasReached(status?.operation, 'After');
  return { operation, startedAt, isApplied, isReady: isApplied && phase === 'Done' && saysReady(status) };
}

function saysReady(status: ReleaseStatus | undefined): boolean {
  return status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True') ?? false;
}
