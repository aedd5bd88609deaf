import { describe, expect, test } from '@jest/globals';
import { isSampled, rootOf, type Span } from '../../../../controller/traces/span.ts';
import { SpanQueue } from '../../../../controller/traces/span-queue.ts';

const span = (name: string): Span => ({
  ...rootOf('uid', '2026-01-01T00:00:00Z', 1),
  name,
  beganAt: 0,
  endedAt: 1,
  attributes: {},
});

const addAll = (queue: SpanQueue, namespace: string, names: string[]): number =>
  names.reduce((dropped, name) => dropped + queue.add(namespace, span(name)), 0);

describe('spans that wait', () => {
  test('are never more than there is room for, and the oldest of the namespace with most go', () => {
    const queue = new SpanQueue(5);
    expect(addAll(queue, 'quiet', ['a'])).toBe(0);
    expect(addAll(queue, 'loud', ['1', '2', '3', '4', '5', '6'])).toBe(2);
    expect(addAll(queue, 'other', ['b'])).toBe(1);
    expect(queue.size).toBe(5);
    expect(
      queue
        .take(10)
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(['4', '5', '6', 'a', 'b']);
    expect(queue.size).toBe(0);
  });

  test('are taken from the namespaces in turn', () => {
    const queue = new SpanQueue(100);
    addAll(queue, 'loud', ['1', '2', '3', '4']);
    addAll(queue, 'quiet', ['a', 'b']);
    expect(queue.take(3).map(({ name }) => name)).toEqual(['1', 'a', '2']);
    expect(queue.take(3).map(({ name }) => name)).toEqual(['b', '3', '4']);
  });
});

test('the root of a trace follows from what a Release stores, and differs for each operation', () => {
  const root = rootOf('uid', '2026-01-01T00:00:00.000Z', 3);
  expect(root).toEqual(rootOf('uid', '2026-01-01T00:00:00.000Z', 3));
  expect(root.traceId).toMatch(/^[0-9a-f]{32}$/);
  expect(root.spanId).toMatch(/^[0-9a-f]{16}$/);
  const others = [rootOf('uid', '2026-01-01T00:00:00.000Z', 4), rootOf('uid', '2026-01-01T00:00:00.001Z', 3)];
  for (const other of others) expect(other.traceId).not.toBe(root.traceId);
});

test('about the share of the traces that is asked for is kept', () => {
  const kept = (ratio: number): number =>
    Array.from({ length: 1000 }, (_, index) => rootOf('uid', 'now', index)).filter((root) => isSampled(root, ratio))
      .length;
  expect([kept(0), kept(1)]).toEqual([0, 1000]);
  expect(kept(0.25)).toBeGreaterThan(150);
  expect(kept(0.25)).toBeLessThan(350);
});
