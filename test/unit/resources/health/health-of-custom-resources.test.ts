import { describe, test } from '@jest/globals';
import { healthOf } from '../../../../resources/index.ts';
import type { HealthColour, KubeObject } from '../../../../resources/index.ts';
import { condition, expectHealth } from './health.ts';
import { object } from '../objects.ts';

describe('a custom resource', () => {
  const custom = (status?: Record<string, unknown>, apiVersion = 'example.dev/v1', kind = 'Gadget'): KubeObject => ({
    ...object(`${kind}/x`, status ? { status } : {}, { uid: 'u', generation: 2 }),
    apiVersion,
  });
  const conditions = (...list: Record<string, unknown>[]): Record<string, unknown> => ({ conditions: list });

  test.each<[string, Record<string, unknown>, HealthColour, string[]]>([
    ['degraded', conditions(condition('Degraded', 'True', 'NoQuorum')), 'Red', ['NoQuorum']],
    [
      'degraded and available',
      conditions(condition('Degraded', 'True', 'OneDown'), condition('Available', 'True')),
      'Yellow',
      ['OneDown'],
    ],
    ['not degraded', conditions(condition('Degraded', 'False'), condition('Ready', 'True')), 'Green', []],
    ['failed', conditions(condition('Failed', 'True')), 'Red', ['Failed']],
    ['that did not succeed', conditions(condition('Succeeded', 'False', 'TaskRunTimeout')), 'Red', ['TaskRunTimeout']],
    ['that may yet succeed', conditions(condition('Succeeded', 'Unknown', 'Running')), 'Yellow', ['Running']],
    ['that succeeded', conditions(condition('Succeeded', 'True')), 'Green', []],
    ['not healthy', conditions(condition('Healthy', 'False')), 'Yellow', ['is not Healthy']],
    ['of which readiness is unknown', conditions(condition('Ready', 'Unknown', 'Checking')), 'Yellow', ['Checking']],
    [
      'ready before the last change',
      conditions({ ...condition('Ready', 'True'), observedGeneration: 1 }),
      'Yellow',
      ['observed'],
    ],
    ['ready since the last change', conditions({ ...condition('Ready', 'True'), observedGeneration: 2 }), 'Green', []],
    ['in phase Failed', { phase: 'Failed', message: 'why' }, 'Red', ['Failed: why']],
    ['in phase PartiallyFailed', { phase: 'PartiallyFailed' }, 'Red', ['PartiallyFailed']],
    ['in state error', { state: 'error' }, 'Red', ['error']],
    ['not ready and in phase Error', { phase: 'Error', ...conditions(condition('Ready', 'False', 'X')) }, 'Red', ['X']],
    ['ready whatever its phase', { phase: 'Failed', ...conditions(condition('Ready', 'True')) }, 'Green', []],
    ['in phase Pending', { phase: 'Pending' }, 'Yellow', ['Pending']],
    [
      'available and being changed',
      { phase: 'Progressing', ...conditions(condition('Available', 'True')) },
      'Yellow',
      ['Progressing'],
    ],
    ['in a phase of its own', { phase: 'Cluster in healthy state' }, 'Green', []],
    ['failing over', { phase: 'Failing over' }, 'Green', []],
    ['running', { phase: 'Running' }, 'Green', []],
  ])('%s', (_name, status, colour, words) => {
    expectHealth(healthOf(custom(status), { pods: [], hasStatus: true }), colour, ...words);
  });

  test.each<[string, KubeObject, boolean, HealthColour]>([
    ['that nobody has seen', custom(), true, 'Yellow'],
    ['with an empty status', custom({}), true, 'Yellow'],
    ['of a kind without status', custom(), false, 'Green'],
    [
      'of a kind whose status is often empty',
      custom(undefined, 'monitoring.coreos.com/v1', 'ServiceMonitor'),
      true,
      'Green',
    ],
    ['of an extension of Kubernetes', custom(undefined, 'gateway.networking.k8s.io/v1', 'Gateway'), true, 'Yellow'],
    [
      'that is none: the API server itself serves it',
      custom(undefined, 'networking.k8s.io/v1', 'IPAddress'),
      true,
      'Green',
    ],
  ])('%s', (_name, given, hasStatus, colour) => {
    expectHealth(healthOf(given, { pods: [], hasStatus }), colour);
  });
});
