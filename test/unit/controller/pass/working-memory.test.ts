import { expect, jest, test } from '@jest/globals';
import { WaitsForMemory } from '../../../../controller/pass/failures/errors.ts';
import { isStaleRead } from '../../../../controller/pass/failures/failures.ts';
import { WorkingMemory } from '../../../../controller/pass/memory/working-memory.ts';

const MB = 1024 * 1024;

/** Passes that begin, hold what they are told to and end, in a memory of so many megabytes. */
function passes(limitMb: number) {
  const begun: string[] = [];
  const memory = new WorkingMemory({ limitBytes: limitMb * MB, onRoom: (key) => begun.push(key) });
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

test('passes hold what there is room for, and the next ones begin when others end', () => {
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

test('a pass that is alone has room for whatever it holds, and nobody else meanwhile', () => {
  const { begins, holds, ends, begun } = passes(100);
  expect(begins('a/1', 90)).toBe(true);
  expect(holds('a/1', 900)).toBe(true);
  expect(begins('b/1', 10)).toBe(false);
  ends('a/1');
  expect(begun()).toEqual(['b/1']);
});

test('small passes neither wait nor count', () => {
  const { begins, memory } = passes(100);
  begins('a/1', 500);
  expect(begins('b/1', 1)).toBe(true);
  expect(begins('a/2', 1)).toBe(true);
  expect(memory.bytes).toBe(500 * MB);
});

test('what is in memory anyway counts for those who come later, and does not wait', () => {
  const { memory, begins, ends, begun } = passes(100);
  begins('a/1', 60);
  memory.holdKept('b/1', 'kept', 60 * MB);
  expect(memory.bytes).toBe(120 * MB);
  expect(begins('c/1', 30)).toBe(false);
  ends('a/1');
  expect(begun()).toEqual(['c/1']);
  ends('b/1');
  expect(memory.bytes).toBe(30 * MB);
});

test('namespaces take turns, and none has more than half by several passes', () => {
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

test('what is too large for the room that is left is not passed by for ever', () => {
  const { begins, ends, begun } = passes(100);
  begins('a/1', 60);
  begins('b/1', 30);
  expect(begins('c/1', 90)).toBe(false);
  expect(begins('d/1', 5)).toBe(false);
  ends('a/1');
  expect(begun()).toEqual([]);
  ends('b/1');
  expect(begun()).toEqual(['c/1', 'd/1']);
});

test('a pass that turns out to need more has it where there is room, else lets go of all and is begun again with it', () => {
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

test('two passes that both need more than is left go one after the other', () => {
  const { begins, holds, ends, begun } = passes(100);
  begins('a/1', 50);
  begins('b/1', 50);
  expect(holds('a/1', 100)).toBe(false);
  expect(holds('b/1', 100)).toBe(true);
  ends('b/1');
  expect(begun()).toEqual(['a/1']);
});

test('what a pass gives back is for others', () => {
  const { begins, memory, begun } = passes(100);
  begins('a/1', 90);
  begins('b/1', 40);
  memory.hold('a/1', 'record', 50 * MB);
  expect(begun()).toEqual(['b/1']);
  begins('c/1', 30);
  memory.holdOnly('a/1', 'other', 10 * MB);
  expect(begun()).toEqual(['c/1']);
  expect(memory.bytes).toBe(80 * MB);
});

test('a pass that needs no room any more waits no longer', () => {
  const { begins, ends, begun, memory } = passes(100);
  begins('a/1', 90);
  begins('b/1', 40);
  ends('b/1');
  expect(memory.waiting).toBe(0);
  ends('a/1');
  expect(begun()).toEqual([]);
  expect(memory.bytes).toBe(0);
});

test('room that comes while a pass is ending is kept for the next one', () => {
  const { memory, begins, ends, begun } = passes(100);
  begins('a/1', 90);
  expect(() => memory.hold('b/1', 'record', 40 * MB)).toThrow(WaitsForMemory);
  ends('a/1');
  expect(begun()).toEqual(['b/1']);
  memory.end('b/1', 'waits');
  expect(memory.bytes).toBe(40 * MB);
  expect(begins('b/1', 40)).toBe(true);
  ends('b/1');
  expect(memory.bytes).toBe(0);
});

test('room that is kept for a pass which does not begin goes to others', () => {
  jest.useFakeTimers();
  try {
    const { begins, ends, begun } = passes(100);
    begins('a/1', 90);
    begins('b/1', 90);
    begins('c/1', 90);
    ends('a/1');
    expect(begun()).toEqual(['b/1']);
    jest.advanceTimersByTime(60_000);
    expect(begun()).toEqual(['c/1']);
    expect(begins('c/1', 90)).toBe(true);
    expect(begins('b/1', 90)).toBe(false);
    ends('c/1');
    expect(begun()).toEqual(['b/1']);
  } finally {
    jest.useRealTimers();
  }
});

test('a pass that has had room for long gives way to other namespaces, and goes on when it is its turn again', () => {
  jest.useFakeTimers();
  try {
    const { memory, begins, ends, begun } = passes(100);
    begins('a/1', 90);
    jest.advanceTimersByTime(300_000);
    memory.giveWay('a/1');
    begins('a/2', 90);
    memory.giveWay('a/1');
    begins('b/1', 90);
    expect(() => memory.giveWay('a/1')).toThrow(WaitsForMemory);
    memory.end('a/1', 'waits');
    expect(begun()).toEqual(['a/2']);
    begins('a/2', 90);
    memory.giveWay('a/2');
    ends('a/2');
    expect(begun()).toEqual(['b/1']);
    begins('b/1', 90);
    ends('b/1');
    expect(begun()).toEqual(['a/1']);
  } finally {
    jest.useRealTimers();
  }
});

test('a pass that waits is no failed attempt', () => {
  expect(isStaleRead(new WaitsForMemory('no room'))).toBe(true);
});
