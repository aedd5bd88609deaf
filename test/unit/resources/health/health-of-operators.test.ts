import { expect, test } from '@jest/globals';
import { healthOf } from '../../../../resources/index.ts';
import type { HealthColour } from '../../../../resources/index.ts';
import { condition } from './health.ts';
import { object } from '../objects.ts';

// Statuses of the common operators, as their documentation shows them.

type Row = [kind: string, what: string, status: Record<string, unknown>, colour: HealthColour, words?: string];

const conditions = (...list: Record<string, unknown>[]): Record<string, unknown> => ({ conditions: list });

const ROWS: readonly Row[] = [
  ['cert-manager.io/v1 Certificate', 'issued', conditions(condition('Ready', 'True', 'Ready')), 'Green'],
  [
    'cert-manager.io/v1 Certificate',
    'being issued',
    conditions(
      condition('Issuing', 'True', 'DoesNotExist'),
      condition('Ready', 'False', 'DoesNotExist', 'Issuing certificate as Secret does not exist'),
    ),
    'Yellow',
    'DoesNotExist: Issuing certificate',
  ],
  ['acme.cert-manager.io/v1 Challenge', 'that failed', { state: 'invalid', reason: 'no record' }, 'Red', 'invalid'],
  [
    'external-secrets.io/v1 ExternalSecret',
    'synced',
    conditions(condition('Ready', 'True', 'SecretSynced', 'secret synced')),
    'Green',
  ],
  [
    'external-secrets.io/v1 ExternalSecret',
    'that cannot be read',
    conditions(condition('Ready', 'False', 'SecretSyncedError', 'could not get secret data from provider')),
    'Yellow',
    'SecretSyncedError',
  ],
  [
    'argoproj.io/v1alpha1 Rollout',
    'healthy',
    { phase: 'Healthy', ...conditions(condition('Available', 'True'), condition('Healthy', 'True')) },
    'Green',
  ],
  [
    'argoproj.io/v1alpha1 Rollout',
    'paused in a canary',
    {
      phase: 'Paused',
      message: 'CanaryPauseStep',
      ...conditions(condition('Available', 'True'), condition('Healthy', 'False', 'RolloutHealthy', 'is not healthy')),
    },
    'Yellow',
    'is not healthy',
  ],
  [
    'argoproj.io/v1alpha1 Rollout',
    'degraded',
    {
      phase: 'Degraded',
      ...conditions(condition('Available', 'True'), condition('Healthy', 'False', 'RolloutAborted', 'is aborted')),
    },
    'Red',
    'RolloutAborted',
  ],
  ['kafka.strimzi.io/v1 Kafka', 'ready', conditions(condition('Ready', 'True')), 'Green'],
  [
    'kafka.strimzi.io/v1 Kafka',
    'being created',
    conditions(condition('NotReady', 'True', 'Creating', 'Kafka cluster is being deployed')),
    'Yellow',
    'Creating: Kafka cluster',
  ],
  [
    'postgresql.cnpg.io/v1 Cluster',
    'healthy',
    { phase: 'Cluster in healthy state', ...conditions(condition('Ready', 'True', 'ClusterIsReady')) },
    'Green',
  ],
  [
    'postgresql.cnpg.io/v1 Cluster',
    'failing over',
    { phase: 'Failing over', ...conditions(condition('Ready', 'False', 'ClusterIsNotReady', 'Cluster Is Not Ready')) },
    'Yellow',
    'ClusterIsNotReady',
  ],
  ['pxc.percona.com/v1 PerconaXtraDBCluster', 'ready', { state: 'ready', ready: 6, size: 6 }, 'Green'],
  ['pxc.percona.com/v1 PerconaXtraDBCluster', 'starting', { state: 'initializing' }, 'Yellow', 'initializing'],
  ['pxc.percona.com/v1 PerconaXtraDBCluster', 'stopping', { state: 'stopping' }, 'Yellow', 'stopping'],
  ['pxc.percona.com/v1 PerconaXtraDBCluster', 'in error', { state: 'error', message: ['x'] }, 'Red', 'error'],
  ['mysql.oracle.com/v2 InnoDBCluster', 'online', { cluster: { status: 'ONLINE', onlineInstances: 3 } }, 'Green'],
  [
    'mysql.oracle.com/v2 InnoDBCluster',
    'with members missing',
    { cluster: { status: 'ONLINE', onlineInstances: 2 } },
    'Yellow',
    'ONLINE: 2 of 3 members are online',
  ],
  [
    'mysql.oracle.com/v2 InnoDBCluster',
    'without a quorum',
    { cluster: { status: 'NO_QUORUM', onlineInstances: 1 } },
    'Red',
    'NO_QUORUM: 1 of 3',
  ],
  ['mysql.oracle.com/v2 InnoDBCluster', 'that nobody has seen', {}, 'Yellow', 'no status yet'],
  [
    'keda.sh/v1alpha1 ScaledObject',
    'ready and idle',
    conditions(condition('Ready', 'True', 'ScaledObjectReady'), condition('Active', 'False', 'ScalerNotActive')),
    'Green',
  ],
  [
    'keda.sh/v1alpha1 ScaledObject',
    'whose scaler fails',
    conditions(condition('Ready', 'False', 'ScaledObjectCheckFailed', 'failed to ensure that HPA is correct')),
    'Yellow',
    'ScaledObjectCheckFailed',
  ],
  [
    'monitoring.coreos.com/v1 Prometheus',
    'available',
    conditions(condition('Available', 'True'), condition('Reconciled', 'True')),
    'Green',
  ],
  [
    'monitoring.coreos.com/v1 Prometheus',
    'with pods missing',
    conditions(condition('Available', 'Degraded', 'SomePodsNotReady', 'shard 0'), condition('Reconciled', 'True')),
    'Yellow',
    'SomePodsNotReady',
  ],
  [
    'monitoring.coreos.com/v1 Prometheus',
    'of an invalid configuration',
    conditions(condition('Available', 'True'), condition('Reconciled', 'False', 'ReconciliationFailed', 'bad')),
    'Yellow',
    'ReconciliationFailed: bad',
  ],
];

test.each(ROWS.map((row) => [row[0], row[1], row] as const))('%s, %s', (_kind, _what, row) => {
  const [versionAndKind, , status, colour, words] = row;
  const [apiVersion = '', kind = ''] = versionAndKind.split(' ');
  const live = { ...object(`${kind}/x`, { spec: { instances: 3 }, status }), apiVersion };
  const health = healthOf(live, { pods: [], hasStatus: true });
  expect(health.health).toBe(colour);
  if (words !== undefined) expect(health.message).toContain(words);
});
