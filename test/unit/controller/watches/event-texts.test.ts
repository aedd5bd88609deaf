import { expect, test } from '@jest/globals';
import { EventTexts } from '../../../../controller/watches/event-texts.ts';
import type { KubeObject } from '../../../../resources/index.ts';

function event(uid: string, reason: string, more: Record<string, unknown> = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${uid}.1`, creationTimestamp: '2026-01-01T00:00:00Z' },
    involvedObject: { uid },
    type: 'Warning',
    reason,
    message: 'why',
    ...more,
  };
}

const reasonsOf = (texts: EventTexts, uid: string): string[] => texts.about(uid).map(({ reason }) => reason);

test('keeps the newest Warning and the newest other Event about an object, by whichever time they have', () => {
  const texts = new EventTexts(10, () => false);
  texts.take(event('a', 'Second', { lastTimestamp: '2026-01-02T00:00:00Z' }));
  texts.take(event('a', 'First'));
  texts.take(event('a', 'Normal', { type: 'Normal', eventTime: '2026-01-04T00:00:00.000000Z' }));
  texts.take(event('a', 'Third', { series: { lastObservedTime: '2026-01-03T00:00:00.000000Z' } }));
  expect(reasonsOf(texts, 'a')).toEqual(['Third', 'Normal']);
  expect(texts.about('b')).toEqual([]);
});

test('names the object of an Event only if it says something new', () => {
  const texts = new EventTexts(10, () => false);
  const later = { lastTimestamp: '2026-01-02T00:00:00Z' };
  expect(texts.take(event('a', 'Failed'))).toBe('a');
  expect(texts.take(event('a', 'Failed', later))).toBeUndefined();
  expect(texts.take(event('a', 'Older'))).toBeUndefined();
  expect(texts.take(event('a', 'Failed', { ...later, message: 'else' }))).toBe('a');
  expect(texts.take(event('', 'Failed'))).toBeUndefined();
});

test('is bounded, in number and in length, and keeps what is wanted', () => {
  const texts = new EventTexts(3, (uid) => uid === 'wanted');
  for (const uid of ['wanted', 'a', 'b', 'c', 'd'])
    texts.take(event(uid, 'x'.repeat(9_999), { message: 'y'.repeat(9_999) }));
  expect(['wanted', 'a', 'b', 'c', 'd'].filter((uid) => texts.about(uid).length > 0)).toEqual(['wanted', 'c', 'd']);
  expect(JSON.stringify(texts.about('wanted')).length).toBeLessThan(800);
});

test.each([[{ involvedObject: null }], [{ reason: 7, message: {}, type: [] }], [{ lastTimestamp: 'never' }]])(
  'accepts a malformed Event: %j',
  (more) => {
    const texts = new EventTexts(3, () => false);
    expect(() => texts.take(event('a', 'Failed', more))).not.toThrow();
  },
);
