import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { WaitsForMemory } from '../../../../controller/pass/failures/errors.ts';
import { WorkingMemory } from '../../../../controller/pass/memory/working-memory.ts';

// Passes of several namespaces do what they like, at any time and in any order.

const MB = 1024 * 1024;
const LIMIT = 80 * MB;
const SMALL = 2 * MB;
const KEYS = ['a/1', 'a/2', 'a/3', 'b/1', 'b/2', 'c/1', 'd/1'];
const RUNS = 300;

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** What a pass holds, by part. */
type Held = Map<string, number>;

/** A memory with the passes that are at work in it; each ends where it has to. */
class Model {
  readonly atWork = new Map<string, Held>();
  readonly called = new Set<string>();
  readonly memory = new WorkingMemory({
    limitBytes: LIMIT,
    namespaceBytes: LIMIT / 2,
    onRoom: (key) => this.called.add(key),
  });

  begin(key: string): void {
    if (this.atWork.has(key)) return;
    this.called.delete(key);
    this.atWork.set(key, new Map());
    this.memory.begin(key);
  }

  /** Has the pass of a key do something, and end where it has to wait. Returns whether it goes on. */
  tries(key: string, act: (held: Held) => void): boolean {
    const held = this.atWork.get(key);
    if (!held) return false;
    try {
      act(held);
      return true;
    } catch (error) {
      expect(error).toBeInstanceOf(WaitsForMemory);
      this.end(key, 'waits');
      return false;
    }
  }

  hold(key: string, part: string, bytes: number): boolean {
    return this.tries(key, (held) => {
      this.memory.hold(key, part, bytes);
      held.set(part, bytes);
    });
  }

  end(key: string, how: 'over' | 'waits' = 'over'): void {
    if (this.atWork.delete(key)) this.memory.end(key, how);
  }

  /** What those hold who need room, apart from what is in memory anyway. */
  large(): number[] {
    const held = [...this.atWork.values()].map((parts) => [...parts.values()].reduce((sum, bytes) => sum + bytes, 0));
    return held.filter((bytes) => bytes > SMALL);
  }
}

/** Something that is done with the pass of a key. */
type Step = (model: Model) => void;

const key = fc.constantFrom(...KEYS);
const part = fc.constantFrom('record', 'new version');
const bytes = fc.oneof(fc.integer({ max: 4, min: 0 }), fc.integer({ max: 120, min: 0 })).map((mb) => mb * MB);
const step: fc.Arbitrary<Step> = fc.oneof(
  key.map(
    (one): Step =>
      (model) =>
        model.begin(one),
  ),
  fc.tuple(key, part, bytes).map(
    ([one, what, size]): Step =>
      (model) =>
        model.hold(one, what, size),
  ),
  fc.tuple(key, bytes).map(
    ([one, size]): Step =>
      (model) =>
        model.tries(one, () => model.memory.holdKept(one, 'kept', size)),
  ),
  fc.tuple(key, bytes).map(
    ([one, size]): Step =>
      (model) =>
        model.tries(one, (held) => {
          model.memory.holdOnly(one, 'record', size);
          held.clear();
          held.set('record', size);
        }),
  ),
  key.map(
    (one): Step =>
      (model) =>
        model.tries(one, () => model.memory.giveWay(one)),
  ),
  key.map(
    (one): Step =>
      (model) =>
        model.end(one),
  ),
  fc.constantFrom(1_000, 10_000, 200_000).map(
    (ms): Step =>
      () =>
        jest.advanceTimersByTime(ms),
  ),
);
const steps = fc.array(step, { maxLength: 60, size: 'max' });

test('more than the limit is held only by a pass that runs alone', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const model = new Model();
      for (const run of all) {
        run(model);
        const large = model.large();
        if (large.length > 1) expect(large.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(LIMIT);
      }
    }),
    { numRuns: RUNS },
  );
});

test('nothing is held, and nobody waits, once all passes are over', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const model = new Model();
      for (const run of all) run(model);
      for (const one of KEYS) model.begin(one);
      for (const one of KEYS) model.end(one);
      const { waiting, bytes: left } = model.memory;
      expect({ waiting, left, timers: jest.getTimerCount() }).toEqual({ waiting: 0, left: 0, timers: 0 });
    }),
    { numRuns: RUNS },
  );
});

/** A pass of others lasts so many seconds at most. */
const LASTS = 8;
/** In so many seconds each of the others may have had a turn, after those who fit have passed by. */
const BOUND = 10 + LASTS * (KEYS.length + 2);
/** How one of the others goes on: its passes follow each other without a gap; if it is called for, or by events too while it waits. */
interface Other {
  size: number;
  isKept: boolean;
  lasts: number;
  isEager: boolean;
}
const other: fc.Arbitrary<Other> = fc.record({
  size: fc.integer({ min: 1, max: 60 }).map((mb) => mb * MB),
  isKept: fc.boolean(),
  lasts: fc.integer({ min: 1, max: LASTS }),
  isEager: fc.boolean(),
});
const others = fc.array(other, { minLength: KEYS.length, maxLength: KEYS.length });

/** Lets a second go by for one of the others, of which a pass may have begun at an earlier one. */
function goOn(model: Model, one: string, { size, isKept, lasts, isEager }: Other, second: number): void {
  const isOver = (second + one.charCodeAt(0) + one.charCodeAt(2)) % lasts === 0;
  if (isOver) model.end(one);
  if (model.atWork.has(one) || !(isOver || isEager || model.called.has(one))) return;
  model.begin(one);
  if (isKept) model.memory.holdKept(one, 'kept', size);
  else model.hold(one, 'record', size);
}

test('each waiting key gets memory within a bounded time, whatever it needs and the others do', () => {
  fc.assert(
    fc.property(others, fc.constantFrom('a/victim', 'v/victim'), bytes, (all, victim, need) => {
      const model = new Model();
      const goOnAll = (second: number): void => {
        for (const [index, one] of KEYS.entries()) {
          const how = all[index];
          if (how) goOn(model, one, how, second);
        }
        jest.advanceTimersByTime(1_000);
      };
      for (let second = 0; second < LASTS; second += 1) goOnAll(second);
      model.begin(victim);
      if (model.hold(victim, 'record', need)) return;
      for (let second = LASTS; !model.called.has(victim); second += 1) {
        expect(second).toBeLessThan(LASTS + BOUND);
        goOnAll(second);
      }
      model.begin(victim);
      expect(model.hold(victim, 'record', need)).toBe(true);
    }),
    { numRuns: RUNS },
  );
});
