import { conditionOf, type OperationPhase, type Release, type ReleaseStatus } from '../../crds/index.ts';
import { withoutUndefined } from '../../resources/index.ts';
import { childOf, rootOf, type Attributes, type Span, type SpanContext } from './span.ts';
import { verdictIn } from './verdict.ts';

/** An operation as a Release stores it. */
export type CurrentOperation = NonNullable<ReleaseStatus['operation']>;

/** What a span is called that lasts as long as an operation is in a phase. */
const PHASE_NAMES: Record<OperationPhase, string> = {
  Before: 'hooks before',
  Beside: 'new colour',
  Applying: 'apply',
  After: 'hooks after',
  Testing: 'tests',
  Done: 'wait until Green',
};

/** Which Release a trace is about. */
export type Subject = Pick<Release['metadata'], 'namespace' | 'name' | 'uid'>;

/** What led to an operation, as far as that was seen. */
export interface Beginning {
  /** Milliseconds since the epoch. */
  at: number;
  trigger?: 'edit' | 'push' | undefined;
}

/** The trace of one operation, from what led to it until it is ready, has failed, or another one takes its place. */
export class OperationTrace {
  readonly root: SpanContext;
  readonly #operation: CurrentOperation;
  readonly #emit: (span: Span) => void;
  readonly #attributes: Attributes;
  readonly #beganAt: number;
  readonly #links: readonly SpanContext[];
  #phase: OperationPhase;
  #phaseSince: number;
  /** Why it is not ready yet, if not because it goes on. */
  #trouble: string | undefined;
  #end: 'ready' | 'failed' | undefined;

  /** `beginning` is undefined where the operation was begun before this process saw it. */
  constructor(metadata: Subject, operation: CurrentOperation, { beginning, links, emit, nowMs }: OperationContext) {
    const startedAt = Date.parse(operation.startedAt);
    this.root = rootOf(metadata.uid, operation.startedAt, operation.version);
    this.#operation = operation;
    this.#emit = emit;
    this.#links = links;
    this.#beganAt = Math.min(startedAt, beginning?.at ?? startedAt);
    this.#phase = operation.phase;
    this.#phaseSince = beginning === undefined ? nowMs : startedAt;
    this.#attributes = withoutUndefined({
      ...attributesOf(metadata),
      'coxswain.operation': operation.type,
      'coxswain.version': operation.version,
      'coxswain.version.from': operation.from,
      'coxswain.trigger': beginning?.trigger,
      'coxswain.resumed': beginning === undefined ? true : undefined,
    });
  }

  /** Whether it has become ready. */
  get isReady(): boolean {
    return this.#end === 'ready';
  }

  /** Takes in the status of the operation, seen at this time; `other` is why a change beside it fails. */
  take(status: ReleaseStatus, nowMs: number, other: string | undefined): void {
    const { operation } = status;
    if (this.#end !== undefined || operation === undefined) return;
    if (operation.phase !== this.#phase) {
      this.#endPhase(nowMs);
      this.#phase = operation.phase;
    }
    const verdict = verdictIn(status, other);
    const ready = conditionOf(status, 'Ready');
    this.#trouble = ready?.status === 'False' && ready.reason !== 'Progressing' ? ready.reason : undefined;
    if (verdict) this.#finish(nowMs, verdict.end === 'failed' ? verdict.reason : undefined, outcomeOf(status));
  }

  /** Another operation takes its place, or its Release is gone: which is what a deletion is for. */
  supersede(nowMs: number): void {
    if (this.#operation.type === 'Delete') this.#finish(nowMs);
    else this.#finish(nowMs, this.#trouble, { 'coxswain.superseded': true });
  }

  /** It is over; `error` is why it failed. */
  #finish(nowMs: number, error?: string, more: Attributes = {}): void {
    if (this.#end !== undefined) return;
    this.#end = error === undefined && more['coxswain.superseded'] === undefined ? 'ready' : 'failed';
    this.#endPhase(nowMs, error);
    this.#emit({
      ...this.root,
      name: this.#operation.type.toLowerCase(),
      beganAt: this.#beganAt,
      endedAt: nowMs,
      attributes: { ...this.#attributes, ...more },
      links: this.#links,
      error,
    });
  }

  #endPhase(nowMs: number, error?: string): void {
    const beganAt = this.#phaseSince;
    this.#phaseSince = nowMs;
    // Where nothing has to be waited for, the last phase is over when it begins.
    if (this.#phase === 'Done' && beganAt >= nowMs) return;
    const name = this.#operation.type === 'Delete' && this.#phase === 'Applying' ? 'delete' : PHASE_NAMES[this.#phase];
    this.#emit({ ...childOf(this.root), name, beganAt, endedAt: nowMs, attributes: {}, error });
  }
}

/** What the trace of an operation needs besides the operation. */
export interface OperationContext {
  beginning: Beginning | undefined;
  links: readonly SpanContext[];
  emit: (span: Span) => void;
  nowMs: number;
}

/** Which Release a trace is about, as attributes. */
export function attributesOf({ namespace, name, uid }: Subject): Attributes {
  return {
    'k8s.namespace.name': namespace,
    'coxswain.release.name': name,
    'coxswain.release.uid': uid,
  };
}

/** The chart is known once its version is in force. */
function outcomeOf({ operation, version, chart, health }: ReleaseStatus): Attributes {
  const isInForce = version === operation?.version;
  return withoutUndefined({
    'coxswain.chart.name': isInForce ? chart?.name : undefined,
    'coxswain.chart.version': isInForce ? chart?.version : undefined,
    'coxswain.health': health,
  });
}
