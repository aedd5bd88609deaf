import type { Release } from '../../crds/index.ts';
import type { Change as ObjectChange } from '../../kube/index.ts';
import { keyOfRelease } from '../pass/key.ts';
import { withSteps, type Step } from '../pass/step.ts';
import { Change, isTold } from './change.ts';
import {
  attributesOf,
  OperationTrace,
  type Beginning,
  type CurrentOperation,
  type Subject,
} from './operation-trace.ts';
import { isSampled, rootOf, type Span } from './span.ts';
import { stalledIn, verdictIn } from './verdict.ts';

/** Where spans go; never throws, and nobody waits for it. */
export interface SpanSink {
  add(namespace: string, span: Span): void;
  stop(): Promise<void>;
}

/** What is known of a Release whose operations are traced. */
interface Followed {
  readonly subject: Subject;
  generation: number | undefined;
  /** When and by what a change was first seen whose operation has not begun. */
  beginning: Beginning | undefined;
  readonly change: Change;
  trace: OperationTrace | undefined;
  startedAt: string | undefined;
  /** Why nothing goes on, and for which generation of the Release. */
  stalled: { generation: number; reason: string } | undefined;
  /** What was told of a change that failed before an operation began, so that trying it again is not told again. */
  told: string | undefined;
}

/**
 * Makes traces of what becomes of Releases: a trace for each operation, from the push or the edit that led to it until it is ready or has
 * failed. Passes report their steps by `inStep`; everything else comes from the watch. What is kept here only makes traces more complete:
 * their ids follow from the Releases.
 */
export class Traces {
  readonly #followed = new Map<string, Followed>();
  readonly #sink: SpanSink;
  readonly #ratio: number;

  /** `ratio` is the share of the traces that is told. */
  constructor(sink: SpanSink, ratio = 1) {
    this.#sink = sink;
    this.#ratio = ratio;
  }

  /** Takes in a change of a Release, seen at this time. */
  take({ type, object }: Pick<ObjectChange<Release>, 'type' | 'object'>, nowMs: number): void {
    const { namespace, name } = object.metadata;
    const key = keyOfRelease(namespace, name);
    if (type === 'deleted') return this.#forget(key, nowMs);
    const known = this.#followed.get(key);
    if (known && known.subject.uid !== object.metadata.uid) this.#forget(key, nowMs);
    const followed = this.#followed.get(key) ?? this.#follow(key, object, nowMs);
    const { generation } = object.metadata;
    // What a pass writes into the spec, as it claims a version, is no edit.
    const isEdited = generation !== followed.generation && followed.change.beganAt === undefined;
    if (isEdited) followed.beginning ??= { at: nowMs, trigger: 'edit' };
    followed.generation = generation;
    const stalled = stalledIn(object.status);
    followed.stalled = stalled && { generation: stalled.observedGeneration, reason: stalled.reason };
    this.#takeOperation(followed, object, nowMs);
    this.#tellFailedChange(followed, nowMs);
  }

  /** A push was reported that affects these Releases. */
  pushed(keys: readonly string[], nowMs: number): void {
    for (const key of keys) {
      const followed = this.#followed.get(key);
      if (followed) followed.beginning ??= { at: nowMs, trigger: 'push' };
    }
  }

  /** Does the work of a pass over a key, and notes its steps. */
  async pass<T>(key: string, work: () => Promise<T>): Promise<T> {
    const done = new Set<Step>();
    const record = (step: Step): void => {
      if (!isTold(step)) return;
      done.add(step);
      this.#followed.get(key)?.change.add(step);
    };
    try {
      return await withSteps(record, work);
    } finally {
      this.#endPass(key, done);
    }
  }

  /** Sends what is left. */
  async stop(): Promise<void> {
    await this.#sink.stop();
  }

  #follow(key: string, { metadata, status }: Release, nowMs: number): Followed {
    const isNew = status?.observedGeneration === undefined;
    const followed: Followed = {
      subject: { namespace: metadata.namespace, name: metadata.name, uid: metadata.uid },
      generation: metadata.generation,
      beginning: isNew ? { at: nowMs, trigger: 'edit' } : undefined,
      change: new Change(),
      trace: undefined,
      startedAt: undefined,
      stalled: undefined,
      told: undefined,
    };
    this.#followed.set(key, followed);
    // What is over was told by whoever saw it.
    if (status && verdictIn(status)) followed.startedAt = status.operation?.startedAt;
    return followed;
  }

  #takeOperation(followed: Followed, { status }: Release, nowMs: number): void {
    const operation = status?.operation;
    if (!operation || Number.isNaN(Date.parse(operation.startedAt))) return;
    if (operation.startedAt !== followed.startedAt) this.#begin(followed, operation, nowMs);
    followed.trace?.take(status, nowMs, followed.change.failure);
  }

  #begin(followed: Followed, operation: CurrentOperation, nowMs: number): void {
    const { trace: before, change, subject } = followed;
    const links = before === undefined || before.isReady ? [] : [before.root];
    before?.supersede(nowMs);
    const isResumed = [followed.startedAt, followed.beginning, change.beganAt].every((seen) => seen === undefined);
    const beginning = isResumed ? undefined : beginningOf(followed, Date.parse(operation.startedAt));
    const emit = (span: Span): void => this.#emit(followed, span);
    followed.trace = new OperationTrace(subject, operation, { beginning, links, emit, nowMs });
    followed.startedAt = operation.startedAt;
    followed.beginning = undefined;
    followed.told = undefined;
    for (const span of change.take(followed.trace.root)) emit(span);
  }

  #endPass(key: string, done: ReadonlySet<Step>): void {
    const followed = this.#followed.get(key);
    if (!followed) return;
    followed.change.endPass(done);
    if (followed.change.beganAt === undefined) followed.beginning = undefined;
    this.#tellFailedChange(followed, Date.now());
  }

  /** Where nothing goes on and no operation was begun, the change is over. */
  #tellFailedChange(followed: Followed, nowMs: number): void {
    const { change, stalled, generation, subject } = followed;
    const { failure } = change;
    if (failure === undefined || stalled === undefined || stalled.generation !== generation) return;
    const { at, trigger } = beginningOf(followed, nowMs);
    const root = rootOf(subject.uid, `change ${at}`, 0);
    const spans = change.take(root);
    followed.beginning = undefined;
    const told = `${generation} ${failure}`;
    if (told === followed.told) return;
    followed.told = told;
    for (const span of spans) this.#emit(followed, span);
    const attributes = { ...attributesOf(subject), ...(trigger && { 'coxswain.trigger': trigger }) };
    this.#emit(followed, { ...root, name: 'change', beganAt: at, endedAt: nowMs, attributes, error: failure });
  }

  #forget(key: string, nowMs: number): void {
    this.#followed.get(key)?.trace?.supersede(nowMs);
    this.#followed.delete(key);
  }

  #emit({ subject }: Pick<Followed, 'subject'>, span: Span): void {
    if (isSampled(span, this.#ratio)) this.#sink.add(subject.namespace, span);
  }
}

/** What was seen first of the change, or its first step. */
function beginningOf({ beginning, change }: Pick<Followed, 'beginning' | 'change'>, otherwise: number): Beginning {
  const at = Math.min(beginning?.at ?? otherwise, change.beganAt ?? otherwise);
  return { at, trigger: beginning?.trigger };
}
