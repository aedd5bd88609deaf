import { describe, expect, test } from '@jest/globals';
import { contestedHealth, desiredOf, ignoredFields, keyOf, keyOfObject, planFor } from '../../../../resources/index.ts';
import type { FieldSet, KubeObject, Plan } from '../../../../resources/index.ts';
import { runThrough } from '../../../support/run-through.ts';
import { applied, lostTo, object, OWNER, OWNERSHIP } from '../objects.ts';

describe('ignoredFields', () => {
  test.each([
    ['/spec/replicas', '/spec/replicas', true],
    ['/spec', '/spec/replicas', true],
    ['/spec/replicas', '/spec', false],
    ['/spec/replicas', '/spec/replicasMax', false],
    ['/webhooks/*/clientConfig/caBundle', '/webhooks/0/clientConfig/caBundle', true],
    ['/webhooks/*/clientConfig/caBundle', '/webhooks/0/clientConfig', false],
    ['/webhooks/1/clientConfig', '/webhooks/0/clientConfig/caBundle', false],
    ['/data/*', '/data/a~1b', true],
    ['/data/a~1b', '/data/a~1b', true],
    ['/*/*', '/data', false],
    ['/metadata/labels', '/metadata/labels/app', true],
    // By these the object is known as the Release's.
    ['/metadata/labels', '/metadata/labels/coxswain.dev~1release', false],
    ['/metadata', '/metadata/annotations/coxswain.dev~1applied', false],
    ['/metadata', '/metadata/managedFields', false],
  ])('%s covers %s: %s', (path, pointer, expected) => {
    expect(ignoredFields(['/other', path], OWNERSHIP).covers(pointer)).toBe(expected);
  });

  test('takes time that does not grow with the number of patterns', () => {
    const patterns = Array.from({ length: 512 }, (_, at) =>
      at
        .toString(2)
        .padStart(9, '0')
        .split('')
        .map((bit) => (bit === '1' ? '/*' : '/a'))
        .join(''),
    );
    const { covers } = ignoredFields(
      patterns.map((pattern) => `${pattern}/end`),
      OWNERSHIP,
    );
    const pointers = Array.from({ length: 200 }, (_, at) => `${'/a'.repeat(9)}/x${at}`);
    expect(pointers.filter(covers)).toEqual([]);
    expect(covers(`${'/a'.repeat(9)}/end`)).toBe(true);
  });
});

const rotator = { manager: 'rotator' };
const given = (data: object): KubeObject => desiredOf(object('ConfigMap/c', { data }), OWNER, { namespaced: true });
const CONFIG = given({ a: '1', b: '1' });

function plan(desired: KubeObject, live: KubeObject | undefined, paths: readonly string[]): Plan {
  return runThrough(
    planFor({
      desired: [desired],
      inventory: [],
      live: (ref) => (live && keyOf(ref) === keyOfObject(live) ? live : undefined),
      owner: OWNER,
      isPaused: () => false,
      ignored: () => ignoredFields(paths, OWNERSHIP),
    }),
  );
}

describe('a field that is ignored', () => {
  test('is sent when the object is created', () => {
    expect(plan(CONFIG, undefined, ['/data/a']).writes).toMatchObject([{ type: 'create', object: CONFIG }]);
  });

  test('is not corrected, whoever owns it now, nor if somebody removed it', () => {
    expect(plan(CONFIG, lostTo(CONFIG, '/data/a', rotator), ['/data/a'])).toMatchObject({ writes: [], contests: [] });
    const live = applied(CONFIG);
    const share: FieldSet = live.metadata.managedFields?.[0]?.fieldsV1 ?? {};
    delete share['f:data']?.['f:a'];
    expect(plan(CONFIG, live, ['/data/*']).writes).toEqual([]);
    expect(plan(CONFIG, live, ['/data/b']).writes).toMatchObject([{ changes: ['/data/a'] }]);
  });

  test('is not sent with the next state if somebody else owns it', () => {
    const { writes } = plan(given({ a: '2', b: '2' }), lostTo(CONFIG, '/data/a', rotator), ['/data/a']);
    expect(writes).toMatchObject([{ type: 'update', object: { data: { b: '2' } } }]);
    expect(writes[0]).not.toHaveProperty(['object', 'data', 'a']);
  });

  test('is not sent with the next state if somebody else owns it too', () => {
    const live = applied(CONFIG);
    const { managedFields = [] } = live.metadata;
    const fieldsV1 = { 'f:data': { 'f:a': {} } };
    const both = {
      ...live,
      metadata: { ...live.metadata, managedFields: [...managedFields, { ...rotator, operation: 'Update', fieldsV1 }] },
    };
    const { writes } = plan(given({ a: '2', b: '2' }), both, ['/data']);
    expect(writes).toMatchObject([{ type: 'update', object: { data: { b: '2' } } }]);
    expect(writes[0]).not.toHaveProperty(['object', 'data', 'a']);
  });

  test('is sent with the next state as long as nobody else has set it', () => {
    const next = given({ a: '2', b: '1' });
    expect(plan(next, applied(CONFIG), ['/data/a']).writes).toMatchObject([{ type: 'update', object: next }]);
  });

  test('is never a label that marks the object as the Release’s', () => {
    const label = '/metadata/labels/coxswain.dev~1release-namespace';
    const { writes } = plan(CONFIG, lostTo(CONFIG, label, rotator), ['/metadata']);
    expect(writes).toMatchObject([{ type: 'update', changes: [label] }]);
  });
});

describe('the rule that would settle a contest', () => {
  const ref = { group: 'apps', version: 'v1', kind: 'Deployment', namespace: 'shop', name: 'web.a' };
  const contest = { ref, paths: ['/spec/replicas', '/spec/paused'], managers: ['scaler'], isOwned: false };

  test('is named, ready for pasting', () => {
    const rule =
      '{"target":{"group":"apps","kind":"Deployment","name":"web.a"},"paths":["/spec/replicas","/spec/paused"]}';
    expect(contestedHealth(contest).message).toContain(`scaler overwrites /spec/replicas (and 1 more)`);
    expect(contestedHealth(contest).message).toContain(`; to leave it to them, add to spec.ignore: ${rule}`);
    expect(contestedHealth({ ...contest, ref: { ...ref, group: '' } }).message).toContain('{"target":{"kind"');
  });

  test('is not named where there is none: for a deleted object, or an apply under our own name', () => {
    expect(contestedHealth({ ...contest, paths: [] }).message).not.toContain('spec.ignore');
    expect(contestedHealth({ ...contest, paths: ['/metadata/managedFields'] }).message).not.toContain('spec.ignore');
  });
});
