import { describe, expect, test } from '@jest/globals';

import type { ObjectEvent } from '../../../../kube/events/event-series.ts';
import { SeriesTracker } from '../../../../kube/events/event-series.ts';

const MINUTE = 60_000;

function event(message: string, name = 'web'): ObjectEvent {
  return {
    object: { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop', uid: name } },
    type: 'Warning',
    reason: 'Failed',
    message,
  };
}

describe('a series tracker', () => {
  test('counts repeats until ten minutes after the last', () => {
    const tracker = new SeriesTracker();
    const first = tracker.track(event('a'), 0);
    expect(tracker.track(event('a'), 9 * MINUTE)).toBe(first);
    expect(tracker.track(event('a'), 18 * MINUTE)).toBe(first);
    expect(first).toMatchObject({ count: 3, firstAtMs: 0, lastAtMs: 18 * MINUTE });
    expect(tracker.track(event('a'), 29 * MINUTE)).toMatchObject({ count: 1, firstAtMs: 29 * MINUTE });
    expect(tracker.track(event('b'), 29 * MINUTE)).toMatchObject({ count: 1 });
  });

  test('combines different messages with one reason after ten', () => {
    const tracker = new SeriesTracker();
    const messages = Array.from({ length: 13 }, (_, index) => tracker.track(event(`m${index}`), index)?.event.message);
    expect(messages.slice(8)).toEqual([
      'm8',
      'm9',
      '(combined from similar events): m10',
      '(combined from similar events): m11',
      '(combined from similar events): m12',
    ]);
    expect(tracker.track(event('m0'), 20)).toMatchObject({ count: 2, event: { message: 'm0' } });
    expect(tracker.track(event('m13'), 20)).toMatchObject({ count: 4 });
    expect(tracker.track(event('m14'), 15 * MINUTE)?.event.message).toBe('m14');
  });

  test('gives an object 25 events, then one in five minutes, and does not affect others', () => {
    const tracker = new SeriesTracker();
    const passed = (nowMs: number, tries: number): number =>
      Array.from({ length: tries }, () => tracker.track(event('a'), nowMs)).filter((series) => series !== undefined)
        .length;
    expect(passed(0, 100)).toBe(25);
    expect(tracker.track(event('a', 'other'), 0)).toBeDefined();
    expect(passed(4 * MINUTE, 10)).toBe(0);
    expect(passed(5 * MINUTE, 10)).toBe(1);
    expect(passed(25 * MINUTE, 10)).toBe(4);
  });

  test('keeps only the identity of an object, however large it is', () => {
    const { object, ...rest } = event('a');
    const spec = { values: 'x'.repeat(1_000) };
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(spec) };
    const large = { ...object, metadata: { ...object.metadata, resourceVersion: '7', annotations }, spec };
    expect(new SeriesTracker().track({ ...rest, object: large }, 0)?.event.object).toEqual({
      ...object,
      metadata: { ...object.metadata, resourceVersion: '7' },
    });
  });

  test('cuts a message to 1024 bytes between characters', () => {
    const message = new SeriesTracker().track(event('😀'.repeat(1_000)), 0)?.event.message ?? '';
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(1_024);
    expect(message).toMatch(/^(?:😀)+…$/u);
  });

  test('stays bounded under a flood of objects', () => {
    const tracker = new SeriesTracker();
    for (let index = 0; index < 20_000; index += 1) tracker.track(event('a', `object-${index}`), index);
    // The oldest are forgotten, so that their next event is news again; the latest are not.
    expect(tracker.track(event('a', 'object-0'), 20_000)).toMatchObject({ count: 1 });
    expect(tracker.track(event('a', 'object-19999'), 20_000)).toMatchObject({ count: 2 });
  });
});
