import { describe, expect, test } from '@jest/globals';
import {
  objectsIn,
  releaseNamesIn,
  whyObjectIsNot,
  whyReleaseIsNot,
} from '../../../../../controller/versions/order/dependency.ts';
import { ReleaseError } from '../../../../../controller/pass/failures/errors.ts';
import { failureOf } from '../../../../../controller/pass/failures/failures.ts';
import type { Condition } from '../../../../../crds/index.ts';
import { object } from '../../../resources/objects.ts';
import { release } from '../../releases.ts';

test('a Release may be named with or without its kind, except for one of its conditions', () => {
  const full = { apiVersion: 'coxswain.dev/v1alpha1', kind: 'Release' };
  const secret = { apiVersion: 'v1', kind: 'Secret', name: 'c' };
  const dependsOn = [{ name: 'a' }, { ...full, name: 'b' }, secret, { ...full, name: 'd', condition: 'Healthy' }];
  expect(releaseNamesIn({ dependsOn })).toEqual(['a', 'b']);
  expect(objectsIn({ dependsOn }).map(({ name }) => name)).toEqual(['c', 'd']);
  expect(releaseNamesIn({})).toEqual([]);
});

describe('a Release', () => {
  const ready = (more: Partial<Condition>): Condition => ({
    type: 'Ready',
    status: 'True',
    reason: 'InstallSucceeded',
    message: '',
    observedGeneration: 1,
    lastTransitionTime: '',
    ...more,
  });
  test.each([
    [undefined, 'does not exist'],
    [release(), 'is not ready yet'],
    [release({}, { conditions: [ready({})] }), undefined],
    [release({}, { conditions: [ready({})] }, { generation: 2 }), 'is not ready yet'],
    [release({}, { conditions: [ready({ status: 'False', reason: 'Progressing' })] }), 'is not ready (Progressing)'],
    [release({}, { conditions: [ready({})] }, { deletionTimestamp: '2026-01-01T00:00:00Z' }), 'is being deleted'],
  ])('%#: %s', (given, expected) => {
    expect(whyReleaseIsNot(given)).toBe(expected);
  });
});

describe('another object', () => {
  const gadget = (status: object, metadata = {}): ReturnType<typeof object> =>
    object('Gadget/g', { status }, { generation: 2, ...metadata });
  const condition = (more: object): object => ({ conditions: [{ type: 'Open', status: 'True', ...more }] });
  test.each([
    [{ condition: 'Open' }, undefined, 'does not exist'],
    [{ condition: 'Open' }, gadget(condition({})), undefined],
    [{ condition: 'Open' }, gadget(condition({ observedGeneration: 2 })), undefined],
    [{ condition: 'Open' }, gadget(condition({ observedGeneration: 1 })), 'has not seen its latest change'],
    [{ condition: 'Open' }, gadget({ ...condition({}), observedGeneration: 1 }), 'has not seen its latest change'],
    [{ condition: 'Open' }, gadget(condition({ status: 'False' })), 'has no condition Open that is True'],
    [{ condition: 'Shut' }, gadget(condition({})), 'has no condition Shut that is True'],
    [{ condition: 'Open' }, gadget(condition({}), { deletionTimestamp: 'now' }), 'is being deleted'],
    [{ ready: 'status.members >= 3' }, gadget({ members: 3 }), undefined],
    [{ ready: 'status.members >= 3' }, gadget({ members: 2 }), 'is not ready: its expression is not true'],
    [{ ready: 'status.members >= 3' }, gadget({}), 'is not ready: its expression is not true'],
    [{ ready: 'status.members > ""' }, gadget({ members: 2 }), expect.stringContaining('has no value')],
    [{ ready: 'true' }, gadget({}, { deletionTimestamp: 'now' }), 'is being deleted'],
    [{ ready: 'true' }, undefined, 'does not exist'],
    [{}, object('ConfigMap/c'), undefined],
    [{}, gadget({ conditions: [{ type: 'Ready', status: 'True' }] }), undefined],
    [{}, object('Deployment/d', { spec: { replicas: 1 }, status: {} }), expect.stringContaining('is Yellow')],
  ])('%#: %j', (dependency, given, expected) => {
    expect(whyObjectIsNot(dependency, given, true)?.why).toEqual(expected);
  });

  test('is not evaluated where the expression cannot be parsed', () => {
    expect(() => whyObjectIsNot({ ready: 'status.' }, undefined, true)).toThrow(/1:8|expected|character/);
    expect(() => whyObjectIsNot({ ready: 'self.a' }, gadget({}), true)).toThrow('there is no variable self');
  });

  test('says when it may become ready by time alone', () => {
    const now = Date.parse('2026-01-01T00:10:00Z');
    const lastState = {
      terminated: { exitCode: 1, startedAt: '2026-01-01T00:08:50Z', finishedAt: '2026-01-01T00:09:50Z' },
    };
    const state = { running: { startedAt: '2026-01-01T00:09:55Z' } };
    const pod = object('Pod/p', {
      status: {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'True' }],
        containerStatuses: [{ name: 'c', ready: true, restartCount: 1, state, lastState }],
      },
    });
    const unready = whyObjectIsNot({}, pod, true, now);
    expect(unready?.changesAt).toBe(Date.parse('2026-01-01T00:11:55Z'));
    expect(whyObjectIsNot({}, pod, true, unready?.changesAt)).toBeUndefined();
    const error = new ReleaseError('DependencyNotReady', '', { retry: 'soon', changesAt: 1 });
    expect(failureOf(error)).toMatchObject({ reason: 'DependencyNotReady', changesAt: 1 });
  });

  test('is evaluated once, as long as it and the expression stay the same', () => {
    let reads = 0;
    const given = Object.defineProperty(gadget({}), 'status', {
      enumerable: true,
      get: () => {
        reads += 1;
        return { members: 3 };
      },
    });
    for (let time = 0; time < 3; time += 1)
      expect(whyObjectIsNot({ ready: 'status.members == 3' }, given, true)).toBeUndefined();
    expect(reads).toBe(1);
    expect(whyObjectIsNot({ ready: 'status.members == 4' }, given, true)).toBeDefined();
    expect(whyObjectIsNot({ ready: 'status.members == 3' }, given, true)).toBeUndefined();
  });
});
