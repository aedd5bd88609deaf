import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { WaitsForMemory } from '../../../../controller/pass/failures/errors.ts';
import { isStaleRead } from '../../../../controller/pass/failures/failures.ts';
import { WorkingMemory } from '../../../../controller/pass/memory/working-memory.ts';

const MB = 1024 * 1024;

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** Passes that begin, hold what they are told to and end, in a memory of so many megabytes, of which a namespace may have so many. */
function passes(limitMb: number, namespaceMb = limitMb / 2) {
  const begun: string[] = [];
  const limits = { limitBytes: limitMb * MB, namespaceBytes: namespaceMb * MB };
  const memory = new WorkingMemory({ ...limits, onRoom: (key) => begun.push(key) });
  const holds = (key: string, mb: number, part = 'record'): boolean => {
    try {
      memory.hold(key, part, mb * MB);
      return true;
    } catch (error) {
      expect(error).toBeInstanceOf(WaitsForMemory);
      memory.end(key, 'waits');
      return false;
    }
  };
  return {
    memory,
    /** The keys that were told that there is room, since they were last asked for. */
    begun: () => begun.splice(0),
    begins: (key: string, mb: number): boolean => {
      memory.begin(key);
      return holds(key, mb);
    },
    holds,
    ends: (key: string) => memory.end(key, 'over'),
  };
}

test('passes hold what fits, and the next ones begin when others end', () => {
  const { begins, ends, begun, memory } = passes(100);
  expect(begins('a/1', 40)).toBe(true);
  expect(begins('b/1', 40)).toBe(true);
  expect(begins('c/1', 40)).toBe(false);
  expect(memory.bytes).toBe(80 * MB);
  ends('a/1');
  expect(begun()).toEqual(['c/1']);
  expect(begins('c/1', 40)).toBe(true);
  expect(memory.bytes).toBe(80 * MB);
  expect(begun()).toEqual([]);
});

test('a pass that runs alone may hold any amount, and no other begins meanwhile', () => {
  const { begins, holds, ends, begun } = passes(100);
  expect(begins('a/1', 90)).toBe(true);
  expect(holds('a/1', 900)).toBe(true);
  expect(begins('b/1', 10)).toBe(false);
  ends('a/1');
  expect(begun()).toEqual(['b/1']);
});

test('small passes are counted, but never wait', () => {
  const { begins, ends, begun, memory } = passes(100);
  begins('a/1', 96);
  for (let index = 0; index < 10; index += 1) expect(begins(`b/${index}`, 1)).toBe(true);
  expect(memory.bytes).toBe(106 * MB);
  expect(begins('c/1', 3)).toBe(false);
  for (let index = 0; index < 9; index += 1) ends(`b/${index}`);
  expect(begun()).toEqual(['c/1']);
});

test('kept memory counts for those who come later, but does not wait itself', () => {
  const { memory, begins, ends, begun } = passes(100);
  begins('a/1', 30);
  memory.holdKept('b/1', 'kept', 60 * MB);
  expect(memory.bytes).toBe(90 * MB);
  expect(begins('c/1', 30)).toBe(false);
  ends('b/1');
  expect(begun()).toEqual(['c/1']);
  expect(memory.bytes).toBe(60 * MB);
});

test('kept memory does not hold up a key that has waited for long', () => {
  const { memory, begins, begun } = passes(100);
  begins('a/1', 30);
  memory.holdKept('b/1', 'kept', 60 * MB);
  begins('c/1', 30);
  jest.advanceTimersByTime(10_000);
  expect(begun()).toEqual(['c/1']);
});

test('holders of kept memory, one after the other, do not keep a large pass from its turn', () => {
  const { memory, begins, ends, begun } = passes(80);
  begins('a/1', 10);
  memory.begin('e/1');
  memory.holdKept('e/1', 'kept', 3 * MB);
  expect(begins('evil/large', 90)).toBe(false);
  ends('a/1');
  expect(begun()).toEqual(['evil/large']);
});

test('namespaces take turns, and none gets more than half by several passes', () => {
  const { begins, ends, begun } = passes(100);
  for (const name of ['1', '2', '3', '4']) begins(`a/${name}`, 25);
  expect(begins('b/1', 25)).toBe(true);
  expect(begins('c/1', 25)).toBe(true);
  expect(begins('d/1', 25)).toBe(false);
  ends('a/1');
  // a/3 has waited for longer, but a has half of it once it has one more.
  expect(begun()).toEqual(['a/3']);
  ends('b/1');
  expect(begun()).toEqual(['d/1']);
  ends('c/1');
  expect(begun()).toEqual([]);
});

test('a pass that fits overtakes one that does not, until that one has waited for long', () => {
  const { begins, ends, begun } = passes(100);
  begins('a/1', 60);
  begins('b/1', 30);
  expect(begins('c/1', 90)).toBe(false);
  expect(begins('d/1', 5)).toBe(true);
  jest.advanceTimersByTime(10_000);
  expect(begins('e/1', 5)).toBe(false);
  ends('a/1');
  ends('d/1');
  expect(begun()).toEqual([]);
  ends('b/1');
  expect(begun()).toEqual(['c/1', 'e/1']);
});

test('where one namespace is watched, it may use everything', () => {
  const { begins } = passes(100, 100);
  expect(begins('a/1', 40)).toBe(true);
  expect(begins('a/2', 60)).toBe(true);
  expect(begins('a/3', 10)).toBe(false);
});

test('a pass that needs more gets it if it fits, or else releases everything and begins again with it', () => {
  const { begins, holds, ends, begun, memory } = passes(100);
  begins('a/1', 40);
  begins('b/1', 20);
  expect(holds('a/1', 20, 'rendering')).toBe(true);
  expect(holds('b/1', 50, 'rendering')).toBe(false);
  expect(memory.bytes).toBe(60 * MB);
  ends('a/1');
  expect(begun()).toEqual(['b/1']);
  expect(memory.bytes).toBe(70 * MB);
  expect(begins('b/1', 20)).toBe(true);
  expect(holds('b/1', 50, 'rendering')).toBe(true);
});

test('two passes that both need more than is left run one after the other', () => {
  const { begins, holds, ends, begun } = passes(100);
  begins('a/1', 50);
  begins('b/1', 50);
  expect(holds('a/1', 100)).toBe(false);
  expect(holds('b/1', 100)).toBe(true);
  ends('b/1');
  expect(begun()).toEqual(['a/1']);
});

test('memory that a pass releases is for others', () => {
  const { begins, memory, begun } = passes(100);
  begins('a/1', 90);
  begins('b/1', 40);
  begins('c/1', 30);
  memory.holdOnly('a/1', 'other', 10 * MB);
  expect(begun()).toEqual(['b/1', 'c/1']);
  expect(memory.bytes).toBe(80 * MB);
});

test('a pass keeps its allowance, since it may need all of it again', () => {
  const { begins, holds, ends, begun } = passes(80);
  begins('a/1', 60);
  begins('b/1', 44);
  begins('c/1', 38);
  ends('a/1');
  expect(begun()).toEqual(['b/1']);
  expect(begins('b/1', 30)).toBe(true);
  expect(holds('b/1', 20)).toBe(true);
  expect(begun()).toEqual([]);
  expect(holds('b/1', 14, 'rendering')).toBe(true);
  expect(holds('b/1', 24, 'rendering')).toBe(true);
  ends('b/1');
  expect(begun()).toEqual(['c/1']);
});

test('a pass whose key gets memory while it is at work keeps it until it ends', () => {
  const { memory, begins, holds, ends, begun } = passes(80);
  begins('a/1', 70);
  begins('b/1', 60);
  // An event has it begun before there is room.
  memory.begin('b/1');
  ends('a/1');
  expect(begun()).toEqual([]);
  expect(holds('b/1', 60)).toBe(true);
  jest.advanceTimersByTime(60_000);
  expect(memory.bytes).toBe(60 * MB);
  expect(begins('c/1', 50)).toBe(false);
  ends('b/1');
  expect(begun()).toEqual(['c/1']);
});

test('a pass that no longer needs memory no longer waits', () => {
  const { begins, ends, begun, memory } = passes(100);
  begins('a/1', 90);
  begins('b/1', 40);
  ends('b/1');
  expect(memory.waiting).toBe(0);
  ends('a/1');
  expect(begun()).toEqual([]);
  expect(memory.bytes).toBe(0);
});

test('memory freed while a pass is ending is kept for the next one', () => {
  const { memory, begins, ends, begun } = passes(100);
  begins('a/1', 90);
  expect(() => memory.hold('b/1', 'record', 40 * MB)).toThrow(WaitsForMemory);
  ends('a/1');
  expect(begun()).toEqual([]);
  memory.end('b/1', 'waits');
  expect(begun()).toEqual(['b/1']);
  expect(memory.bytes).toBe(40 * MB);
  expect(begins('b/1', 40)).toBe(true);
  ends('b/1');
  expect(memory.bytes).toBe(0);
});

test('memory kept for a pass that does not begin goes to others', () => {
  const { begins, ends, begun } = passes(100);
  begins('a/1', 90);
  begins('b/1', 90);
  begins('c/1', 90);
  ends('a/1');
  expect(begun()).toEqual(['b/1']);
  jest.advanceTimersByTime(10_000);
  expect(begun()).toEqual(['c/1']);
  expect(begins('c/1', 90)).toBe(true);
  expect(begins('b/1', 90)).toBe(false);
  ends('c/1');
  expect(begun()).toEqual(['b/1']);
});

test('a pass that has held memory for long gives way to other namespaces, and continues when its turn comes', () => {
  const { memory, begins, ends, begun } = passes(100);
  begins('a/1', 90);
  jest.advanceTimersByTime(300_000);
  memory.giveWay('a/1');
  begins('a/2', 90);
  jest.advanceTimersByTime(10_000);
  memory.giveWay('a/1');
  begins('b/1', 90);
  memory.giveWay('a/1');
  jest.advanceTimersByTime(10_000);
  expect(() => memory.giveWay('a/1')).toThrow(WaitsForMemory);
  memory.end('a/1', 'waits');
  expect(begun()).toEqual(['b/1']);
  begins('b/1', 90);
  memory.giveWay('b/1');
  ends('b/1');
  expect(begun()).toEqual(['a/2']);
  begins('a/2', 90);
  ends('a/2');
  expect(begun()).toEqual(['a/1']);
});

test('a waiting pass is not a failed attempt', () => {
  expect(isStaleRead(new WaitsForMemory('no room'))).toBe(true);
});

test('reports how many wait, and how long the first of them has waited', () => {
  const { memory, begins, ends } = passes(100);
  expect(memory.longestWaitMs).toBe(0);
  begins('a/1', 90);
  begins('b/1', 90);
  jest.advanceTimersByTime(3_000);
  begins('c/1', 90);
  jest.advanceTimersByTime(4_000);
  begins('b/1', 95);
  expect([memory.waiting, memory.longestWaitMs]).toEqual([2, 7_000]);
  ends('a/1');
  expect([memory.waiting, memory.longestWaitMs]).toEqual([1, 4_000]);
});
