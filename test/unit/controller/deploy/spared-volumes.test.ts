import { expect, test } from '@jest/globals';
import { sparingVolumes } from '../../../../controller/deploy/objects/spared-volumes.ts';
import type { Plan, PlannedWrite } from '../../../../resources/index.ts';
import { release } from '../releases.ts';

const of = (kind: string, group = ''): PlannedWrite['ref'] => ({
  group,
  version: 'v1',
  kind,
  namespace: 'shop',
  name: 'x',
});
const deletion = (kind: string, group?: string): PlannedWrite => ({ type: 'delete', ref: of(kind, group) });
const claim = deletion('PersistentVolumeClaim');
const volume = deletion('PersistentVolume');
const created: PlannedWrite = {
  type: 'create',
  ref: of('PersistentVolumeClaim'),
  object: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'x' } },
};
const others = [created, deletion('ConfigMap'), deletion('PersistentVolume', 'example.dev')];
const plan: Plan = { writes: [claim, volume, ...others], waiting: [], contests: [], refusals: [] };

test('an automatic rollback deletes no volumes and no claims, but everything else as usual', () => {
  const rolledBack = { version: 2, to: 1, reason: 'Unhealthy', message: '', at: '2026-01-01T00:00:00Z' } as const;
  const sparing = sparingVolumes(release({ version: 1 }, { rolledBack }), plan);
  expect(sparing.plan).toEqual({ ...plan, writes: others });
  expect(sparing.spared).toEqual([claim.ref, volume.ref]);
});

test('any other plan is carried out completely', () => {
  expect(sparingVolumes(release({ version: 1 }, {}), plan)).toEqual({ plan, spared: [] });
});
