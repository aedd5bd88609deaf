import { expect, test } from '@jest/globals';
import { KnownVersions } from '../../../../controller/history/known-versions.ts';
import type { Release, ReleaseHistory } from '../../../../crds/index.ts';
import type { KubeClient } from '../../../../kube/index.ts';

const NOBODY = {
  listAt: () => {
    throw new Error('nothing had to be read');
  },
} as unknown as KubeClient;

function release(name: string): Release {
  return { metadata: { name, namespace: 'shop' } } as unknown as Release;
}

function history(name: string, version: number, more: object = {}): ReleaseHistory {
  return {
    metadata: { name: `${name}-v${version}`, namespace: 'shop', uid: `${name} ${version}`, managedFields: [{}] },
    spec: { release: name, version, description: 'd'.repeat(500), changes: [], ...more },
  } as unknown as ReleaseHistory;
}

function learnt(versions: KnownVersions, histories: readonly ReleaseHistory[]): ReleaseHistory[] {
  return histories.flatMap((one) => {
    const kept = versions.keep(one);
    if (kept) versions.replaced(undefined, kept);
    return kept ?? [];
  });
}

test('versions are found by the Release in their names', async () => {
  const versions = new KnownVersions();
  const [first, second] = learnt(versions, [history('web', 1), history('web', 2), history('web-v2', 1)]);
  expect(await versions.of(NOBODY, release('web'))).toEqual([first, second]);
  expect(await versions.of(NOBODY, release('web-v2'))).toHaveLength(1);
  expect(await versions.of(NOBODY, release('other'))).toEqual([]);
  versions.replaced(first, undefined);
  expect(await versions.of(NOBODY, release('web'))).toEqual([second]);
});

test('everything about a version is kept except its changes and the sources of its values', async () => {
  const valuesFrom = [{ kind: 'Secret', name: 'a'.repeat(253), key: 'b' }];
  const changes = [{ object: 'ConfigMap/a', path: '/data/a', change: 'Added' }];
  const versions = new KnownVersions();
  const [kept] = learnt(versions, [history('web', 1, { valuesFrom, changes })]);
  const { managedFields: _, ...metadata } = history('web', 1).metadata;
  expect(kept).toEqual({ metadata, spec: { ...history('web', 1).spec, valuesFrom: [], changes: [] } });
});

test('a namespace with more versions than fit has them read, and takes up no room of others', async () => {
  const versions = new KnownVersions(20_000);
  const many = Array.from({ length: 100 }, (_, index) => history('web', index + 1));
  const kept = learnt(versions, many);
  expect(kept.length).toBeGreaterThan(5);
  expect(kept.length).toBeLessThan(20);
  const reader = { listAt: async () => ({ items: many }) } as unknown as KubeClient;
  expect(await versions.of(reader, release('web'))).toHaveLength(100);
  // What is known already stays so when it changes.
  for (const one of kept) expect(versions.keep(one, one)).toEqual(one);

  const elsewhere = history('api', 1);
  learnt(versions, [{ ...elsewhere, metadata: { ...elsewhere.metadata, namespace: 'other' } }]);
  const other = { metadata: { name: 'api', namespace: 'other' } } as unknown as Release;
  expect(await versions.of(NOBODY, other)).toHaveLength(1);
});
