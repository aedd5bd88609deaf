import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Attempts } from '../../../../controller/pass/failures/attempts.ts';
import { ReleaseError } from '../../../../controller/pass/failures/errors.ts';
import { KubeError } from '../../../../kube/index.ts';

const KEY = 'shop/web';
const STALLED = new ReleaseError('TemplateFailed', 'line 3');
const RETRIED = new ReleaseError('ApiUnavailable', 'no answer', { retry: 'soon' });

/** Attempts with a count of those that were really made. */
class Bench {
  intervalMs = 600_000;
  readonly attempts = new Attempts({
    intervalMs: (key) => (key === KEY ? this.intervalMs : 600_000),
    mask: async (_key, text) => text,
  });
  made = 0;

  /** The name of what the attempt threw; undefined where it succeeded. */
  async run(error?: Error, { name = 'choose', subject = 'same', key = KEY } = {}): Promise<string | undefined> {
    try {
      await this.attempts.run(`${key} ${name}`, subject, async () => {
        this.made += 1;
        if (error) throw error;
      });
      return undefined;
    } catch (thrown) {
      return (thrown as Error).name;
    }
  }
}

let bench: Bench;

beforeEach(() => {
  jest.useFakeTimers();
  bench = new Bench();
});
afterEach(() => void jest.useRealTimers());

describe('an attempt', () => {
  test('returns the result', async () => {
    expect(await bench.attempts.run(`${KEY} choose`, 'same', async () => 7)).toBe(7);
    expect(bench.attempts.dueInMs(KEY)).toBeUndefined();
  });

  test('that failed is not repeated at once, and reports the same failure', async () => {
    expect(await bench.run(STALLED)).toBe('ReleaseError');
    expect(await bench.run(STALLED)).toBe('BackoffPending');
    expect(bench.made).toBe(1);
    const again = bench.attempts.run(`${KEY} choose`, 'same', async () => 7);
    await expect(again).rejects.toMatchObject({ failure: { reason: 'TemplateFailed', message: 'line 3' } });
  });

  test('is repeated when what it depends on has changed', async () => {
    await bench.run(STALLED);
    expect(await bench.run(undefined, { subject: 'other' })).toBeUndefined();
    expect(await bench.run(STALLED)).toBe('ReleaseError');
    expect(bench.made).toBe(3);
  });

  test('does not count for others', async () => {
    await bench.run(STALLED);
    expect(await bench.run(undefined, { name: 'bring' })).toBeUndefined();
    expect(await bench.run(undefined, { key: 'shop/web2' })).toBeUndefined();
  });

  test.each<[string, ReleaseError, number, number[]]>([
    ['that needs somebody’s help', STALLED, 100_000, [5_000, 10_000, 20_000, 40_000, 80_000, 100_000, 100_000]],
    ['that needs somebody’s help, with a short interval', STALLED, 5_000, [5_000, 5_000, 5_000]],
    ['that may succeed by itself', RETRIED, 600_000, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]],
    ['that may succeed by itself, with a short interval', RETRIED, 5_000, [1_000, 2_000, 4_000, 5_000, 5_000]],
  ])(
    '%s is repeated after growing delays, none longer than the interval',
    async (_title, error, intervalMs, delays) => {
      bench.intervalMs = intervalMs;
      for (const delay of delays) {
        expect(await bench.run(error)).toBe('ReleaseError');
        await jest.advanceTimersByTimeAsync(delay * 0.5 - 1);
        expect(await bench.run(error)).toBe('BackoffPending');
        await jest.advanceTimersByTimeAsync(delay * 0.5 + 1);
      }
      expect(bench.made).toBe(delays.length);
    },
  );

  test('starts with short delays again after a success, and after a change', async () => {
    for (const _ of [1, 2, 3]) {
      await bench.run(STALLED);
      await jest.advanceTimersByTimeAsync(600_000);
    }
    await bench.run();
    await bench.run(STALLED);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(await bench.run(STALLED)).toBe('ReleaseError');
    await bench.run(STALLED, { subject: 'other' });
    await jest.advanceTimersByTimeAsync(5_000);
    expect(await bench.run(STALLED, { subject: 'other' })).toBe('ReleaseError');
  });

  test.each(['Conflict', 'Fenced'] as const)('that met %s does not count as failed', async (code) => {
    expect(await bench.run(new KubeError(code, 'edited'))).toBe('KubeError');
    expect(bench.attempts.dueInMs(KEY)).toBeUndefined();
    expect(await bench.run()).toBeUndefined();
  });
});

describe('dueInMs', () => {
  test('is when the first failed attempt is due', async () => {
    await bench.run(STALLED);
    await bench.run(RETRIED, { name: 'bring' });
    await bench.run(STALLED, { key: 'other/web' });
    const dueInMs = bench.attempts.dueInMs(KEY) ?? 0;
    expect(dueInMs).toBeGreaterThanOrEqual(500);
    expect(dueInMs).toBeLessThanOrEqual(1_000);
  });

  test('includes an attempt that was refused', async () => {
    await bench.run(RETRIED);
    bench.attempts.dueInMs(KEY);
    await jest.advanceTimersByTimeAsync(400);
    await bench.run(RETRIED);
    const dueInMs = bench.attempts.dueInMs(KEY) ?? 0;
    expect(dueInMs).toBeGreaterThanOrEqual(100);
    expect(dueInMs).toBeLessThanOrEqual(600);
  });

  test('is never negative', async () => {
    await bench.run(RETRIED);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(bench.attempts.dueInMs(KEY)).toBe(0);
  });

  test('ignores an attempt that is no longer made, which would call for endless passes', async () => {
    await bench.run(RETRIED, { name: 'bring' });
    bench.attempts.dueInMs(KEY);
    await jest.advanceTimersByTimeAsync(60_000);
    await bench.run(undefined, { name: 'choose' });
    expect(bench.attempts.dueInMs(KEY)).toBeUndefined();
  });

  test('does not confuse names that begin alike', async () => {
    await bench.run(STALLED, { key: 'shop/web2' });
    expect(bench.attempts.dueInMs('shop/web')).toBeUndefined();
    expect(bench.attempts.dueInMs('shop/web2')).toBeDefined();
  });
});

test('forget drops the attempts of one Release only', async () => {
  for (const key of [KEY, 'shop/web2']) for (const name of ['choose', 'bring']) await bench.run(STALLED, { key, name });
  bench.attempts.forget(KEY);
  expect(bench.attempts.dueInMs(KEY)).toBeUndefined();
  expect(await bench.run()).toBeUndefined();
  expect(await bench.run(STALLED, { key: 'shop/web2' })).toBe('BackoffPending');
});
