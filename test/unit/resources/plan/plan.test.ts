import { describe, expect, test } from '@jest/globals';
import { desiredOf, keyOf, keyOfObject, planFor, refOf } from '../../../../resources/index.ts';
import type { KubeObject, Owner, Plan } from '../../../../resources/index.ts';
import { compared } from '../../../support/compared.ts';
import { runThrough } from '../../../support/run-through.ts';
import { applied, lostTo, object, OWNER, OWNERSHIP } from '../objects.ts';

function desired(given: KubeObject, owner: Owner = OWNER): KubeObject {
  return desiredOf(given, owner, { namespaced: true });
}

interface Given {
  desired?: KubeObject[];
  inventory?: KubeObject[];
  live?: KubeObject[];
  unownable?: string[];
  paused?: string[];
  isAppliedByOthers?: boolean;
}

/** The plan, which is the same whether or not it is known already which objects are in sync. */
function plan(given: Given): Plan {
  const whole = planWith(given, () => false);
  const isInSync = (desired: KubeObject, live: KubeObject): boolean => compared(desired, live, OWNERSHIP).length === 0;
  expect(planWith(given, isInSync)).toEqual(whole);
  return whole;
}

function planWith(given: Given, isInSync: (desired: KubeObject, live: KubeObject) => boolean): Plan {
  const live = new Map((given.live ?? []).map((item) => [keyOfObject(item), item]));
  return runThrough(
    planFor({
      desired: given.desired ?? [],
      inventory: (given.inventory ?? []).map(refOf),
      live: (ref) => live.get(keyOf(ref)),
      owner: OWNER,
      unownable: () => given.unownable ?? [],
      isInSync,
      isAppliedByOthers: () => given.isAppliedByOthers ?? false,
      isPaused: (_object, path) => given.paused?.includes(path) ?? false,
    }),
  );
}

/** The writes as `verb Kind/name`. */
function verbs({ writes }: Plan): string[] {
  return writes.map(({ type, ref }) => `${type} ${ref.kind}/${ref.name}`);
}

const config = (value: string): KubeObject => desired(object('ConfigMap/c', { data: { a: value } }));
const service = desired(object('Service/s', { spec: { type: 'ClusterIP' } }));
const deployment = desired(object('Deployment/d', { spec: { replicas: 1 } }));
const labels = { 'coxswain.dev/release': 'web', 'coxswain.dev/release-namespace': 'shop' };

describe('planFor', () => {
  test('creates everything in install order', () => {
    const result = plan({ desired: [deployment, service, config('1')] });
    expect(verbs(result)).toEqual(['create ConfigMap/c', 'create Service/s', 'create Deployment/d']);
    expect(result.writes[0]).toMatchObject({ object: config('1') });
    expect(result).toMatchObject({ waiting: [], refusals: [] });
  });

  test('has nothing to do if everything is as desired', () => {
    const all = [config('1'), service, deployment];
    expect(plan({ desired: all, inventory: all, live: all.map((item) => applied(item)) })).toEqual({
      writes: [],
      waiting: [],
      contests: [],
      refusals: [],
    });
  });

  test('updates what differs, creates what is missing, then deletes what is no longer wanted', () => {
    const old = [applied(config('1')), applied(service), applied(desired(object('Secret/old')))];
    const result = plan({ desired: [config('2'), deployment, service], inventory: old, live: old });
    expect(verbs(result)).toEqual(['update ConfigMap/c', 'create Deployment/d', 'delete Secret/old']);
    expect(result.writes[0]).toMatchObject({ changes: ['/metadata/annotations/coxswain.dev~1applied'] });
    expect(result.writes[2]).toMatchObject({ uid: 'uid-of-old' });
  });

  test('an object that moved to another version of its API is updated, not deleted', () => {
    const inventory = [{ ...deployment, apiVersion: 'apps/v1beta1' }];
    expect(plan({ desired: [deployment], inventory, live: [applied(deployment)] }).writes).toEqual([]);
  });

  test('corrects what was edited by hand, with the fields as the reason', () => {
    const live = applied(deployment);
    const edited = [
      { manager: 'coxswain', operation: 'Apply', fieldsV1: live.metadata.managedFields?.[0]?.fieldsV1 ?? {} },
    ];
    delete edited[0]?.fieldsV1['f:spec'];
    const result = plan({ desired: [deployment], live: [applied(deployment, { managedFields: edited })] });
    expect(result.writes).toEqual([{ type: 'update', ref: refOf(deployment), object: deployment, changes: ['/spec'] }]);
    expect(
      plan({ desired: [deployment], live: [applied(deployment, { managedFields: edited })], unownable: ['/spec'] })
        .writes,
    ).toEqual([]);
  });

  test('corrects an apply by somebody else under our field manager, less often if it keeps happening', () => {
    const given = { desired: [deployment], live: [applied(deployment)], isAppliedByOthers: true };
    const changes = ['/metadata/managedFields'];
    expect(plan(given).writes).toMatchObject([{ type: 'update', object: deployment, changes }]);
    const paused = plan({ ...given, paused: changes });
    expect(paused.writes).toEqual([]);
    expect(paused.contests).toMatchObject([{ paths: changes, managers: ['coxswain'] }]);
  });

  describe('an uninstall', () => {
    const all = [config('1'), deployment, service];

    test('deletes everything in uninstall order', () => {
      const result = plan({ inventory: all, live: all.map((item) => applied(item)) });
      expect(verbs(result)).toEqual(['delete Service/s', 'delete Deployment/d', 'delete ConfigMap/c']);
    });

    test('leaves out missing objects and waits for those being deleted', () => {
      const going = applied(deployment, { deletionTimestamp: '2026-01-01T00:00:00Z' });
      const result = plan({ inventory: all, live: [going] });
      expect(result.writes).toEqual([]);
      expect(result.waiting).toEqual([refOf(deployment)]);
    });

    test.each(['keep', ' Keep '])('leaves what the resource policy %j keeps', (policy) => {
      const kept = applied(
        desired(object('PersistentVolumeClaim/p', {}, { annotations: { 'helm.sh/resource-policy': policy } })),
      );
      expect(plan({ inventory: [kept], live: [kept] })).toEqual({
        writes: [],
        waiting: [],
        contests: [],
        refusals: [],
      });
    });

    test('never deletes an object that the Release does not own', () => {
      const others = [
        object('ConfigMap/c', {}, { namespace: 'shop' }),
        object('ConfigMap/c', {}, { namespace: 'shop', labels: { ...labels, 'coxswain.dev/release': 'other' } }),
        object(
          'ConfigMap/c',
          {},
          { namespace: 'shop', labels: { ...labels, 'coxswain.dev/release-namespace': 'other' } },
        ),
      ];
      for (const live of others) expect(plan({ inventory: [config('1')], live: [live] }).writes).toEqual([]);
    });
  });

  test('waits for an object that is being deleted', () => {
    const live = applied(config('1'), { deletionTimestamp: '2026-01-01T00:00:00Z' });
    expect(plan({ desired: [config('1')], live: [live] })).toEqual({
      writes: [],
      waiting: [refOf(live)],
      contests: [],
      refusals: [],
    });
  });

  describe('an existing object', () => {
    test.each<[string, Record<string, unknown>, string]>([
      ['of nobody', {}, 'was not created by this Release'],
      [
        'of Helm',
        { annotations: { 'meta.helm.sh/release-name': 'w', 'meta.helm.sh/release-namespace': 'n' } },
        'Helm release n/w',
      ],
      ['of another Release', { labels: { ...labels, 'coxswain.dev/release': 'other' } }, 'the Release shop/other'],
      ['of a Release elsewhere', { labels: { ...labels, 'coxswain.dev/release-namespace': 'n' } }, 'the Release n/web'],
    ])('%s is refused', (_name, metadata, words) => {
      const live = object('ConfigMap/c', {}, { namespace: 'shop', ...metadata });
      const { writes, refusals } = plan({ desired: [config('1')], inventory: [config('1')], live: [live] });
      expect(writes).toEqual([]);
      expect(refusals).toMatchObject([{ code: 'AlreadyExists', ref: { name: 'c' } }]);
      expect(refusals[0]?.message).toContain(words);
    });

    test('may not be deleted if another Release owns it, or did', () => {
      const others = { namespace: 'shop', labels: { ...labels, 'coxswain.dev/release': 'other' } };
      const { refusals } = plan({ desired: [config('1')], live: [object('ConfigMap/c', {}, others)] });
      expect(refusals[0]?.message).toMatch(
        /remove it from that Release \(if that Release was deleted, create one with the same name first\)/,
      );
      expect(refusals[0]?.message).not.toMatch(/delete it/);
    });

    test('is not taken over for carrying our labels, and no message suggests that', () => {
      const live = object('ConfigMap/c', {}, { namespace: 'shop', labels });
      const { writes, refusals } = plan({ desired: [config('1')], inventory: [config('1')], live: [live] });
      expect(writes).toEqual([]);
      expect(refusals).toMatchObject([{ code: 'AlreadyExists' }]);
      expect(refusals[0]?.message).not.toContain('label');
      expect(plan({ inventory: [config('1')], live: [live] }).writes).toEqual([]);
    });

    test('is ours if we applied it, even if its ownership was lost in a backup', () => {
      const { managedFields: _, ...metadata } = config('1').metadata;
      const live = { ...config('1'), metadata };
      expect(verbs(plan({ desired: [config('1')], live: [live] }))).toEqual(['update ConfigMap/c']);
    });

    test('and all refusals are reported at once', () => {
      const live = [object('ConfigMap/c', {}, { namespace: 'shop' }), object('Service/s', {}, { namespace: 'shop' })];
      expect(plan({ desired: [config('1'), service], live }).refusals).toHaveLength(2);
    });
  });

  describe('our own object whose labels somebody edited', () => {
    const fieldsV1 = { 'f:metadata': { 'f:annotations': {} }, 'f:data': {} };
    const edited = (release: Record<string, string>): KubeObject =>
      applied(config('1'), { labels: release, managedFields: [{ manager: 'coxswain', operation: 'Apply', fieldsV1 }] });

    test.each([{}, { 'coxswain.dev/release': 'forged' }])('to %j is corrected', (release) => {
      const result = plan({ desired: [config('1')], inventory: [config('1')], live: [edited(release)] });
      expect(verbs(result)).toEqual(['update ConfigMap/c']);
    });

    test('is not ours if the inventory does not list it', () => {
      expect(plan({ desired: [config('1')], live: [edited({})] }).refusals).toHaveLength(1);
    });

    test('is another Release’s if that one applied the label', () => {
      const other = { ...OWNER, name: 'other' };
      const live = applied(desired(object('ConfigMap/c', { data: {} }), other));
      expect(plan({ desired: [config('1')], inventory: [config('1')], live: [live] }).refusals).toHaveLength(1);
    });
  });

  describe('an autoscaled Deployment', () => {
    const autoscaler = desired(
      object('HorizontalPodAutoscaler/h', { spec: { scaleTargetRef: { kind: 'Deployment', name: 'd' } } }),
    );
    const live = lostTo(deployment, '/spec/replicas', { manager: 'kube-controller-manager', subresource: 'scale' });
    const next = desired(object('Deployment/d', { spec: { replicas: 1, paused: false } }));

    test('is updated without its replicas', () => {
      const { writes } = plan({
        desired: [next, autoscaler],
        inventory: [autoscaler],
        live: [live, applied(autoscaler)],
      });
      expect(writes).toMatchObject([{ type: 'update', object: { spec: { paused: false } } }]);
      expect(writes[0]).not.toHaveProperty(['object', 'spec', 'replicas']);
    });

    test('gets them back when the autoscaler goes', () => {
      const { writes } = plan({
        desired: [next],
        inventory: [autoscaler],
        live: [live, applied(autoscaler)],
      });
      expect(writes).toMatchObject([{ type: 'update', object: { spec: { replicas: 1 } } }, { type: 'delete' }]);
    });
  });

  describe('what was corrected too often', () => {
    const two = desired(object('ConfigMap/c', { data: { a: '1', b: '1' } }));
    const rotator = { manager: 'rotator' };

    test('is left as it is, and reported with its manager, while other fields are corrected', () => {
      const live = lostTo(two, ['/data/a', '/data/b'], rotator);
      const { writes, contests } = plan({ desired: [two], live: [live], paused: ['/data/a'] });
      expect(writes).toMatchObject([{ type: 'update', changes: ['/data/b'], object: { data: { b: '1' } } }]);
      expect(writes[0]).not.toHaveProperty(['object', 'data', 'a']);
      expect(contests).toEqual([{ ref: refOf(two), paths: ['/data/a'], managers: ['rotator'], isOwned: false }]);
    });

    test('is not created again for now', () => {
      const { writes, contests } = plan({ desired: [two], paused: [''] });
      expect(writes).toEqual([]);
      expect(contests).toEqual([{ ref: refOf(two), paths: [], managers: [], isOwned: false }]);
    });
  });
});
