import { describe, expect, test } from '@jest/globals';

import { stalledBeforePush, waitStateOf } from '../../../../cli/release/progress.ts';
import { durationMs } from '../../../../cli/release/wait.ts';
import { RECONCILE_ANNOTATION, type Condition } from '../../../../crds/index.ts';
import { releaseWith } from './release-objects.ts';

const condition = (type: Condition['type'], status: Condition['status'], observedGeneration: number): Condition => ({
  type,
  status,
  reason: 'Progressing',
  message: `${type} message`,
  observedGeneration,
  lastTransitionTime: '2026-01-01T00:00:00Z',
});

describe('progressOf', () => {
  test('is ready when the generation is', () => {
    expect(waitStateOf(releaseWith({ conditions: [condition('Ready', 'True', 2)] }), { generation: 2 })).toEqual({
      state: 'ready',
      message: '',
    });
  });

  test('does not take the conditions of an earlier generation', () => {
    const release = releaseWith({ conditions: [condition('Ready', 'True', 1), condition('Stalled', 'True', 1)] });
    expect(waitStateOf(release, { generation: 2 })).toEqual({
      state: 'underWay',
      message: 'waiting for the controller',
    });
  });

  test('waits for the answer to a token, unless the Release is suspended', () => {
    const release = releaseWith({ lastHandledReconcile: 'one', conditions: [condition('Ready', 'True', 1)] });
    const asked = (token: string, suspend = false) => {
      const metadata = { ...release.metadata, annotations: { [RECONCILE_ANNOTATION]: token } };
      return waitStateOf({ ...release, metadata, spec: { ...release.spec, suspend } }, { generation: 1 }).state;
    };
    expect([asked('one'), asked('two'), asked('two', true)]).toEqual(['ready', 'underWay', 'ready']);
  });

  test('reports what is under way', () => {
    const release = releaseWith({ conditions: [condition('Ready', 'False', 2)] });
    expect(waitStateOf(release, { generation: 2 })).toEqual({ state: 'underWay', message: 'Ready message' });
  });

  test('reports why it is stalled', () => {
    const release = releaseWith({ conditions: [condition('Ready', 'False', 2), condition('Stalled', 'True', 2)] });
    expect(waitStateOf(release, { generation: 2 })).toEqual({
      state: 'stalled',
      message: 'Progressing: Stalled message',
    });
  });

  test('waits for the version of the chart that is named', () => {
    const chart = { name: 'web', version: '1.1.0', digest: 'sha256:0' };
    const release = releaseWith({ chart, conditions: [condition('Ready', 'True', 2)] });
    const message = 'ready with 1.1.0, waiting for 1.2.0';
    expect(waitStateOf(release, { generation: 2, chartVersion: '1.2.0' })).toEqual({ state: 'underWay', message });
    expect(waitStateOf(release, { generation: 2, chartVersion: '1.1.0' }).state).toBe('ready');
  });

  test('assumes that an awaited version which is not found was pushed just now', () => {
    const missing: Condition = { ...condition('Stalled', 'True', 2), reason: 'ChartVersionNotFound' };
    const release = releaseWith({ conditions: [condition('Ready', 'False', 2), missing] });
    const message = 'ChartVersionNotFound: Stalled message';
    expect(waitStateOf(release, { generation: 2, chartVersion: '1.2.0' })).toEqual({ state: 'underWay', message });
    expect(waitStateOf(release, { generation: 2 })).toEqual({ state: 'stalled', message });
  });

  test('is red where something is broken, unless that is the version before the awaited one', () => {
    const chart = { name: 'web', version: '1.1.0', digest: 'sha256:0' };
    const broken: Condition = { ...condition('Ready', 'False', 2), reason: 'Unhealthy' };
    const release = releaseWith({ chart, conditions: [broken] });
    expect(waitStateOf(release, { generation: 2 })).toEqual({ state: 'red', message: 'Ready message' });
    expect(waitStateOf(release, { generation: 2, chartVersion: '1.1.0' }).state).toBe('red');
    expect(waitStateOf(release, { generation: 2, chartVersion: '1.2.0' }).state).toBe('underWay');
  });

  test('waits for the controller where there is no status', () => {
    expect(waitStateOf(releaseWith({}), { generation: 1 }).state).toBe('underWay');
  });
});

describe('stalledBeforePush', () => {
  const since = Date.parse('2026-01-01T00:00:00Z');
  const stalled = releaseWith({ conditions: [condition('Stalled', 'True', 2)] });

  test('is a failure from before the push', () => {
    expect(stalledBeforePush(stalled, since + 120_000)).toContain('Stalled message');
  });

  test('is undefined for a failure that the push may have caused, and without a failure', () => {
    expect(stalledBeforePush(stalled, since + 30_000)).toBeUndefined();
    expect(stalledBeforePush(releaseWith({}), since)).toBeUndefined();
    const ready = releaseWith({ conditions: [condition('Ready', 'True', 2)] });
    expect(stalledBeforePush(ready, since + 120_000)).toBeUndefined();
  });
});

describe('durationMs', () => {
  test.each([
    ['90s', 90_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['1.5s', 1_500],
    ['250ms', 250],
    ['9999h', 2 ** 31 - 1],
  ])('%s is %i ms', (text, expected) => {
    expect(durationMs(text)).toBe(expected);
  });

  test.each(['', '5', 'm', '5d', '-5s', '5m x', '99999999h'])('%j is refused', (text) => {
    expect(() => durationMs(text)).toThrow(expect.objectContaining({ code: 'Usage' }));
  });
});
