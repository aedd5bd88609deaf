import { condition } from './health.ts';
import { conditions, failed, testStatuses } from './statuses.ts';

// Statuses of objects that work, or are about to, and that say something which sounds like a failure.

testStatuses([
  [
    'pxc.percona.com/v1 PerconaXtraDBCluster',
    'ready, with an error among its past states',
    { state: 'ready', ...conditions(failed('error', 'True', 'ErrorReconcile'), failed('ready', 'True')) },
    'Green',
  ],
  [
    'pxc.percona.com/v1 PerconaXtraDBCluster',
    'being upgraded, with an error among its past states',
    { state: 'initializing', ...conditions(failed('error', 'True', 'ErrorReconcile'), failed('ready', 'True')) },
    'Yellow',
  ],
  [
    'kubevirt.io/v1 KubeVirt',
    'degraded for long and available',
    { phase: 'Deployed', ...conditions(condition('Available', 'True'), failed('Degraded', 'True', 'SomeNotReady')) },
    'Yellow',
    'SomeNotReady',
  ],
  ['kibana.k8s.elastic.co/v1 Kibana', 'starting', { health: 'red', count: 1 }, 'Yellow', 'red'],
  [
    'pkg.crossplane.io/v1 Provider',
    'whose Deployment is starting',
    conditions(
      failed('Installed', 'True', 'ActivePackageRevision'),
      failed('Healthy', 'False', 'UnhealthyPackageRevision'),
    ),
    'Yellow',
    'UnhealthyPackageRevision',
  ],
  [
    's3.crossplane.io/v1 Bucket',
    'that is ready and whose change fails',
    conditions(failed('Ready', 'True', 'Available'), failed('Synced', 'False', 'ReconcileError', 'throttled')),
    'Yellow',
    'ReconcileError: throttled',
  ],
  [
    'operators.coreos.com/v1alpha1 Subscription',
    'whose namespace has another catalog that fails',
    { state: 'AtLatestKnown', ...conditions(failed('CatalogSourcesUnhealthy', 'True', 'UnhealthyCatalogSourceFound')) },
    'Green',
  ],
  [
    'clickhouse.altinity.com/v1 ClickHouseInstallation',
    'completed, with the error that it had before',
    { status: 'Completed', error: 'FAILED to reconcile' },
    'Green',
    'FAILED to reconcile',
  ],
  [
    'redhatcop.redhat.io/v1alpha1 Policy',
    'that succeeded after an error that it keeps',
    conditions(
      failed('ReconcileSuccess', 'True', 'LastReconcileCycleSucceded'),
      failed('ReconcileError', 'True', 'LastReconcileCycleFailed', 'connection refused'),
    ),
    'Green',
  ],
  [
    'gateway.networking.k8s.io/v1 HTTPRoute',
    'of more parents than are looked at',
    {
      parents: Array.from({ length: 10 }, (_, index) =>
        conditions(
          ...Array.from({ length: 63 }, () => condition('Accepted', 'True')),
          failed(index === 9 ? 'ResolvedRefs' : 'Accepted', index === 9 ? 'False' : 'True', 'BackendNotFound'),
        ),
      ),
    },
    'Green',
  ],
  ['k8ssandra.io/v1alpha1 K8ssandraCluster', 'without an error', { error: 'None' }, 'Green'],
  [
    'gateway.networking.k8s.io/v1 Gateway',
    'whose certificate is still being issued',
    {
      ...conditions(condition('Accepted', 'True'), condition('Programmed', 'True')),
      listeners: [
        conditions(
          failed('Accepted', 'True'),
          failed('Programmed', 'False', 'Invalid'),
          failed('ResolvedRefs', 'False', 'InvalidCertificateRef', 'no Secret web-tls'),
        ),
      ],
    },
    'Yellow',
  ],
  [
    'example.dev/v1 Widget',
    'one of whose nodes failed',
    conditions(failed('NodeFailed', 'True', 'Lost', 'node 2')),
    'Red',
    'Lost: node 2',
  ],
]);
