import { expect, test } from '@jest/globals';
import { healthOf } from '../../../../resources/index.ts';
import type { HealthColour } from '../../../../resources/index.ts';
import { condition } from './health.ts';
import { object } from '../objects.ts';

// Statuses of the common operators, as their documentation shows them.

type Row = [kind: string, what: string, status: Record<string, unknown>, colour: HealthColour, words?: string];

const LONG_AGO = '2026-01-01T00:00:00Z';
const failed = (...texts: Parameters<typeof condition>): Record<string, unknown> => ({
  ...condition(...texts),
  lastTransitionTime: LONG_AGO,
});
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
  [
    'cert-manager.io/v1 Certificate',
    'whose issuing failed',
    conditions(
      condition('Ready', 'False', 'DoesNotExist', 'Issuing certificate as Secret does not exist'),
      failed('Issuing', 'False', 'Failed', 'the order is invalid'),
    ),
    'Red',
    'Failed: the order is invalid',
  ],
  [
    'cert-manager.io/v1 Certificate',
    'whose renewal failed and that is valid still',
    conditions(condition('Ready', 'True', 'Ready'), failed('Issuing', 'False', 'Failed', 'the order is invalid')),
    'Green',
    'Failed: the order is invalid',
  ],
  [
    'external-secrets.io/v1 ExternalSecret',
    'that could not be read for long',
    conditions(failed('Ready', 'False', 'SecretSyncedError', 'could not get secret data from provider')),
    'Red',
    'SecretSyncedError: could not get',
  ],
  [
    'argoproj.io/v1alpha1 Rollout',
    'aborted, with its own words',
    {
      phase: 'Degraded',
      message: 'RolloutAborted: metric "errors" assessed Failed',
      ...conditions(condition('Healthy', 'False', 'RolloutHealthy', 'Rollout is not healthy')),
    },
    'Red',
    'Degraded: RolloutAborted: metric',
  ],
  [
    'argoproj.io/v1alpha1 Rollout',
    'of a spec that is refused',
    conditions(condition('Available', 'True'), failed('InvalidSpec', 'True', 'InvalidSpec', 'no strategy')),
    'Red',
    'InvalidSpec: no strategy',
  ],
  [
    'argoproj.io/v1alpha1 Rollout',
    'not observed, whose generation is a text',
    { observedGeneration: '1', phase: 'Healthy' },
    'Yellow',
    'has not observed',
  ],
  [
    'postgresql.cnpg.io/v1 Cluster',
    'that works and cannot archive',
    conditions(
      condition('Ready', 'True', 'ClusterIsReady'),
      failed('ContinuousArchiving', 'False', 'ContinuousArchivingFailing', 'no bucket'),
    ),
    'Green',
    'ContinuousArchivingFailing: no bucket',
  ],
  [
    'pxc.percona.com/v1 PerconaXtraDBCluster',
    'in error, with two messages',
    { state: 'error', message: ['no password', 'no volume'] },
    'Red',
    'error: no password; no volume',
  ],
  [
    'gateway.networking.k8s.io/v1 HTTPRoute',
    'whose Service is missing',
    {
      parents: [
        conditions(condition('Accepted', 'True'), failed('ResolvedRefs', 'False', 'BackendNotFound', 'no Service web')),
      ],
    },
    'Red',
    'BackendNotFound: no Service web',
  ],
  [
    'gateway.networking.k8s.io/v1 HTTPRoute',
    'refused before it was changed',
    { parents: [conditions({ ...failed('Accepted', 'False', 'NoMatchingParent'), observedGeneration: 1 })] },
    'Green',
  ],
  [
    'gateway.networking.k8s.io/v1 Gateway',
    'that no controller has taken',
    conditions(condition('Accepted', 'Unknown', 'Pending', 'Waiting for controller')),
    'Yellow',
    'Pending: Waiting for controller',
  ],
  ['elasticsearch.k8s.elastic.co/v1 Elasticsearch', 'red', { health: 'red', phase: 'Ready' }, 'Red', 'red'],
  [
    'elasticsearch.k8s.elastic.co/v1 Elasticsearch',
    'yellow, as one of a single node always is',
    { health: 'yellow', phase: 'Ready' },
    'Green',
    'yellow',
  ],
  [
    'elasticsearch.k8s.elastic.co/v1 Elasticsearch',
    'yellow while it is changed',
    { health: 'yellow', phase: 'ApplyingChanges' },
    'Yellow',
    'ApplyingChanges',
  ],
  ['elasticsearch.k8s.elastic.co/v1 Elasticsearch', 'green', { health: 'green', phase: 'Ready' }, 'Green'],
  [
    'rabbitmq.com/v1beta1 RabbitmqCluster',
    'with members missing',
    conditions(condition('ReconcileSuccess', 'True'), condition('AllReplicasReady', 'False', 'NotAllPodsReady', '1/3')),
    'Yellow',
    'NotAllPodsReady: 1/3',
  ],
  [
    'snapshot.storage.k8s.io/v1 VolumeSnapshot',
    'that failed',
    { readyToUse: false, error: { message: 'no snapshot class', time: LONG_AGO } },
    'Red',
    'no snapshot class',
  ],
  ['snapshot.storage.k8s.io/v1 VolumeSnapshot', 'being taken', { readyToUse: false }, 'Yellow', 'is not ready'],
  ['source.toolkit.fluxcd.io/v1 HelmRepository', 'of type oci, which has no status', {}, 'Green'],
  [
    'example.dev/v1 Widget',
    'that found nothing wrong',
    conditions(failed('NoErrors', 'True', 'AllGood'), failed('Degraded', 'False', 'NoErrorsFound')),
    'Green',
  ],
  ['example.dev/v1 Widget', 'of too few replicas', { readyReplicas: 2 }, 'Yellow', '2 of 3 replicas are ready'],
];

test.each(ROWS.map((row) => [row[0], row[1], row] as const))('%s, %s', (_kind, _what, row) => {
  const [versionAndKind, , status, colour, words] = row;
  const [apiVersion = '', kind = ''] = versionAndKind.split(' ');
  const bare = object(`${kind}/x`, { spec: { instances: 3, replicas: 3 }, status });
  const live = { ...bare, apiVersion, metadata: { ...bare.metadata, generation: 2 } };
  const health = healthOf(live, { pods: [], hasStatus: true, now: Date.parse(LONG_AGO) + 3_600_000 });
  expect(health.health).toBe(colour);
  if (words !== undefined) expect(health.message).toContain(words);
});
