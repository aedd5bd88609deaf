import { expect, test } from '@jest/globals';
import { Tolerated } from '../../../../controller/plan/tolerated.ts';
import { APPLIED_ANNOTATION } from '../../../../crds/index.ts';
import type { KubeObject } from '../../../../resources/index.ts';

function live(uid: string, applied: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 's', uid, annotations: { [APPLIED_ANNOTATION]: applied } },
  };
}

test('tolerates what one object did not take of one applied state, and of no other', () => {
  const tolerated = new Tolerated();
  tolerated.note(live('1', 'sha256:a'), ['/spec/a']);
  expect(tolerated.pathsOf(live('1', 'sha256:a'))).toEqual(['/spec/a']);
  expect(tolerated.pathsOf(live('1', 'sha256:b'))).toEqual([]);
  expect(tolerated.pathsOf(live('2', 'sha256:a'))).toEqual([]);
  expect(tolerated.pathsOf(undefined)).toEqual([]);
});

test('forgets what is taken later', () => {
  const tolerated = new Tolerated();
  tolerated.note(live('1', 'sha256:a'), ['/spec/a']);
  tolerated.note(live('1', 'sha256:a'), []);
  expect(tolerated.pathsOf(live('1', 'sha256:a'))).toEqual([]);
});

test('remembers 20000 objects, the latest', () => {
  const tolerated = new Tolerated();
  for (let uid = 0; uid <= 20_000; uid += 1) tolerated.note(live(`${uid}`, 'sha256:a'), ['/spec/a']);
  expect(tolerated.pathsOf(live('0', 'sha256:a'))).toEqual([]);
  expect(tolerated.pathsOf(live('1', 'sha256:a'))).toEqual(['/spec/a']);
  expect(tolerated.pathsOf(live('20000', 'sha256:a'))).toEqual(['/spec/a']);
});
