import { expect, test } from '@jest/globals';
import { FinishedPreviews, leftMsOf, UnansweredPreviews } from '../../../../controller/preview/lifetime.ts';

const NOW = Date.parse('2026-01-01T00:10:00Z');

test.each([
  ['2026-01-01T00:10:00Z', 600_000],
  ['2026-01-01T00:01:00Z', 60_000],
  ['2025-12-31T23:00:00Z', -3_600_000],
  ['2026-01-01T09:00:00Z', 600_000],
])('a preview that was created at %s has %d ms left', (creationTimestamp, left) => {
  const preview = { apiVersion: 'v1', kind: 'ReleasePreview', metadata: { name: 'a', creationTimestamp } };
  expect(leftMsOf(preview, NOW)).toBe(left);
});

test('among the finished previews of a namespace, those beyond twenty are named, oldest first', () => {
  const finished = new FinishedPreviews();
  finished.add('other/preview/x', { name: 'x', namespace: 'other', generation: 1 });
  for (let at = 0; at < 22; at += 1)
    finished.add(`shop/preview/${at}`, { name: `${at}`, namespace: 'shop', generation: 1 });
  finished.add('shop/preview/0', { name: '0', namespace: 'shop', generation: 2 });
  expect(finished.beyondLimit('shop')).toEqual(['shop/preview/1', 'shop/preview/2']);
  expect(finished.beyondLimit('other')).toEqual([]);
  finished.forget('shop/preview/1');
  expect(finished.beyondLimit('shop')).toEqual(['shop/preview/2']);
});

test('an edited preview is not finished', () => {
  const finished = new FinishedPreviews();
  finished.add('shop/preview/a', { name: 'a', namespace: 'shop', generation: 1 });
  expect(finished.has('shop/preview/a', { name: 'a', generation: 1 })).toBe(true);
  expect(finished.has('shop/preview/a', { name: 'a', generation: 2 })).toBe(false);
});

test('a preview that cannot be answered is retried after growing delays, and at once if it was edited', () => {
  const unanswered = new UnansweredPreviews();
  const metadata = { name: 'a', generation: 1 };
  const due = (): number => unanswered.dueInMs('shop/preview/a', metadata);
  expect(due()).toBe(0);
  const delays = Array.from({ length: 3 }, () => {
    unanswered.tried('shop/preview/a', metadata);
    return due();
  });
  expect(delays).toEqual(delays.toSorted((a, b) => a - b));
  expect(new Set(delays).size).toBe(3);
  expect(unanswered.dueInMs('shop/preview/a', { ...metadata, generation: 2 })).toBe(0);
  expect(unanswered.tried('shop/preview/a', metadata)).toBe(4);
  unanswered.forget('shop/preview/a');
  expect(due()).toBe(0);
});
