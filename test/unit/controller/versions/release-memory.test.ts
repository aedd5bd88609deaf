import { expect, test } from '@jest/globals';
import { wholeRelease } from '../../../../controller/versions/observe.ts';
import { isOutline, ReleaseMemory } from '../../../../controller/versions/release-memory.ts';
import type { Release } from '../../../../crds/index.ts';
import { metered } from '../../../../turns/index.ts';

const SIZE = 64 * 1024;

function release(name: string, inline: string): Release {
  const chart = { registry: 'oci://charts.example.org', name: 'web', version: '^1.0.0', inline };
  const status = {
    conditions: [{ type: 'Ready', status: 'False', reason: 'ChartNotFound', message: 'x'.repeat(1_000) }],
  };
  const metadata = { name, namespace: 'shop', uid: name, resourceVersion: '1', generation: 1 };
  return {
    apiVersion: 'coxswain.dev/v1alpha1',
    kind: 'Release',
    metadata,
    spec: { chart, serviceAccountName: 'default', interval: '10m' },
    status,
  } as unknown as Release;
}

/** What no compression makes smaller. */
const dense = (bytes: number): string =>
  Array.from({ length: bytes / 8 }, (_, index) =>
    (Math.imul(index + 1, 0x9e3779b1) >>> 0).toString(36).padStart(8),
  ).join('');

test('Releases are kept whole while their namespace has room, and others as the outline that wakes them', () => {
  const memory = new ReleaseMemory(4 * SIZE);
  const kept = Array.from({ length: 10 }, (_, index) => {
    const one = memory.keep(release(`r${index}`, dense(SIZE)));
    memory.replaced(undefined, one);
    return one;
  });
  const whole = kept.filter((one) => !isOutline(one));
  expect(whole.length).toBeGreaterThan(0);
  expect(whole.length).toBeLessThan(5);
  expect(whole[0]).toEqual(release('r0', dense(SIZE)));
  const last = kept.at(-1);
  expect(last?.spec.chart).toEqual({ registry: 'oci://charts.example.org', name: 'web', version: '^1.0.0' });
  expect(last?.status?.conditions?.[0]).toMatchObject({ type: 'Ready', status: 'False', reason: 'ChartNotFound' });
  for (const one of kept) memory.replaced(one, undefined);
  expect(isOutline(memory.keep(release('later', dense(SIZE))))).toBe(false);
});

test('the time that decoding a Release takes is counted, as work in turns', async () => {
  const memory = new ReleaseMemory(4 * SIZE);
  const kept = memory.keep(release('web', dense(SIZE)));
  const services = { releases: { get: () => kept } } as unknown as Parameters<typeof wholeRelease>[0];
  let countedMs = 0;
  const whole = await metered(
    (ms) => (countedMs += ms),
    () => wholeRelease(services, 'shop/web'),
  );
  expect(whole).toEqual(release('web', dense(SIZE)));
  expect(countedMs).toBeGreaterThan(0);
});
