import { expect, test } from '@jest/globals';
import { followOffer, type Offer } from '../../../kube/index.ts';

function offer(digest: string): Offer {
  const kubeVersion = { gitVersion: 'v1.33.4', major: '1', minor: '33' };
  return { kubeVersion, names: new Set(), silentGroups: new Set(), digest };
}

/** Follows what gives these digests, one for each reading, and then the last again; returns what was told once `until` holds. */
async function told(digests: string[], until: (readings: number) => boolean): Promise<string[]> {
  let at = 0;
  const changes: string[] = [];
  const done = Promise.withResolvers<void>();
  const discovery = {
    offer: async () => offer(digests[Math.min(at, digests.length - 1)] ?? ''),
    refresh: async () => {
      at += 1;
      if (until(at)) done.resolve();
    },
  };
  const followed = followOffer(discovery, {
    intervalMs: 1,
    isWanted: () => true,
    onChange: ({ digest }) => changes.push(digest),
    onError: (error) => done.reject(error as Error),
  });
  await followed.settled();
  // Its timers keep no process alive.
  const alive = setInterval(() => undefined, 1_000);
  await done.promise;
  followed.stop();
  clearInterval(alive);
  return changes;
}

test('many changes in a row are reported once, when two readings agree', async () => {
  const changes = await told(['a', 'a', 'b', 'c', 'd', 'd'], (readings) => readings > 8);
  expect(changes).toEqual(['d']);
});

test('a change that is undone at once is not reported', async () => {
  expect(await told(['a', 'b', 'a', 'a'], (readings) => readings > 6)).toEqual([]);
});

test('changes that never settle are reported after some readings', async () => {
  const digests = Array.from({ length: 40 }, (_, i) => (i === 0 ? 'first' : String(i)));
  expect((await told(digests, (readings) => readings > 20)).length).toBeGreaterThan(0);
});

test('nothing is read while nobody is interested', async () => {
  let readings = 0;
  const discovery = { offer: async () => offer('a'), refresh: async () => void (readings += 1) };
  const asked = Promise.withResolvers<void>();
  let asks = 0;
  const isWanted = (): boolean => {
    if ((asks += 1) > 3) asked.resolve();
    return false;
  };
  const alive = setInterval(() => undefined, 1_000);
  const followed = followOffer(discovery, {
    intervalMs: 1,
    isWanted,
    onChange: () => undefined,
    onError: () => undefined,
  });
  await asked.promise;
  followed.stop();
  clearInterval(alive);
  expect(readings).toBe(0);
});
