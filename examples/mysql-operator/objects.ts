import { randomBytes } from 'node:crypto';

import { GROUP, type Backup, type Cluster } from './kinds.ts';
import type { Applied } from './kubernetes.ts';

/** The label of a pod that names its cluster. */
export const CLUSTER_LABEL = 'mysql.example.dev/cluster';

/** The label of a pod that says whether it is the primary. */
export const ROLE_LABEL = 'mysql.example.dev/role';

const PORT = 3306;

/** The names of a cluster's members, which are its pods. */
export function memberNames({ metadata, spec }: Cluster): string[] {
  return Array.from({ length: spec.members }, (_, index) => `${metadata.name}-${index}`);
}

/** The name by which members find each other. */
export function hostOf({ metadata }: Cluster, member: string): string {
  return `${member}.${metadata.name}-members.${metadata.namespace}.svc.cluster.local`;
}

/**
 * The Secret with the passwords: `password` of the user `app`, and the operator's own; to be created once. It stays when the cluster goes, as
 * the claims with its data do: the accounts in them have these passwords.
 */
export function secretOf(cluster: Cluster): Applied {
  const [password, own] = [randomBytes(15).toString('hex'), randomBytes(15).toString('hex')];
  const statements = [
    'SET SESSION sql_log_bin = 0;',
    'CREATE DATABASE IF NOT EXISTS app;',
    `CREATE USER IF NOT EXISTS app@'%' IDENTIFIED BY '${password}';`,
    "GRANT ALL ON app.* TO app@'%';",
    `CREATE USER IF NOT EXISTS operator@'%' IDENTIFIED BY '${own}';`,
    "GRANT ALL ON *.* TO operator@'%';",
  ];
  const stringData = { password, 'operator-password': own, 'init.sql': `${statements.join('\n')}\n` };
  const metadata = { name: secretName(cluster), namespace: cluster.metadata.namespace };
  return { apiVersion: 'v1', kind: 'Secret', metadata, stringData };
}

/** The name of the Secret with a cluster's passwords. */
export function secretName({ metadata }: Cluster): string {
  return `${metadata.name}-passwords`;
}

/** What a cluster consists of: a Service for the primary, one for reading, one by which members find each other, and the members. */
export function objectsOf(cluster: Cluster): Applied[] {
  const { name } = cluster.metadata;
  return [
    serviceOf(cluster, name, { [ROLE_LABEL]: 'primary' }),
    serviceOf(cluster, `${name}-replicas`, { [ROLE_LABEL]: 'replica' }),
    serviceOf(cluster, `${name}-members`, {}, { clusterIP: 'None', publishNotReadyAddresses: true }),
    membersOf(cluster),
  ];
}

function serviceOf(cluster: Cluster, name: string, selected: object, more: object = {}): Applied {
  const selector = { [CLUSTER_LABEL]: cluster.metadata.name, ...selected };
  const spec = { selector, ports: [{ name: 'mysql', port: PORT }], ...more };
  return { apiVersion: 'v1', kind: 'Service', metadata: metadataOf(cluster, name), spec };
}

function membersOf(cluster: Cluster): Applied {
  const { name } = cluster.metadata;
  const { image, members, storage } = cluster.spec;
  const labels = { [CLUSTER_LABEL]: name };
  const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } };
  const spec = {
    replicas: members,
    serviceName: `${name}-members`,
    podManagementPolicy: 'Parallel',
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: { terminationGracePeriodSeconds: 30, containers: [serverOf(cluster, image)] },
    },
    volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claim }],
  };
  return { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: metadataOf(cluster, name), spec };
}

/** Each member starts without taking writes and without copying: the operator tells it what it is. */
function serverOf(cluster: Cluster, image: string): object {
  const ordinal = { fieldRef: { fieldPath: "metadata.labels['apps.kubernetes.io/pod-index']" } };
  const probe = ['mariadb', '--no-defaults', '--user=root', '--socket=/tmp/mysqld.sock', '--execute', 'SELECT 1'];
  return {
    name: 'mariadb',
    image,
    args: [
      '--server-id=1$(ORDINAL)',
      '--log-bin=binlog',
      '--log-slave-updates',
      '--relay-log=relay',
      '--read-only=ON',
      '--skip-slave-start',
      // A write is done when another member has it, however long that takes: what was done is never lost with the primary.
      '--rpl-semi-sync-master-timeout=4294967295',
      '--rpl-semi-sync-slave-enabled=ON',
      // After a crash, what no other member has is taken back.
      '--init-rpl-role=SLAVE',
    ],
    env: [
      { name: 'ORDINAL', valueFrom: ordinal },
      { name: 'INIT_SQL', valueFrom: { secretKeyRef: { name: secretName(cluster), key: 'init.sql' } } },
    ],
    ports: [{ name: 'mysql', containerPort: PORT }],
    readinessProbe: { exec: { command: probe }, periodSeconds: 2 },
    resources: { requests: { cpu: '50m', memory: '128Mi' } },
    volumeMounts: [{ name: 'data', mountPath: '/var/lib/mysql' }],
  };
}

/** What makes a backup: a claim, and a Job that writes a file into it from the primary. */
export function backupObjectsOf(backup: Backup, cluster: Cluster): Applied[] {
  const { name } = backup.metadata;
  const { storage } = backup.spec;
  const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } };
  const database = cluster.metadata.name;
  const dump = ['mariadb-dump', '--no-defaults', `--host=${database}`, '--user=app', '--single-transaction'];
  const container = {
    name: 'dump',
    image: cluster.spec.image,
    command: [...dump, '--databases', 'app', `--result-file=/backup/${BACKUP_FILE}`],
    env: [{ name: 'MYSQL_PWD', valueFrom: { secretKeyRef: { name: secretName(cluster), key: 'password' } } }],
    volumeMounts: [{ name: 'backup', mountPath: '/backup' }],
  };
  const volumes = [{ name: 'backup', persistentVolumeClaim: { claimName: name } }];
  const template = { spec: { restartPolicy: 'Never', containers: [container], volumes } };
  const { namespace } = backup.metadata;
  return [
    // It stays when the backup's object goes: people delete copies, programs do not.
    { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name, namespace }, spec: claim },
    { apiVersion: 'batch/v1', kind: 'Job', metadata: metadataOf(backup, name), spec: { backoffLimit: 3, template } },
  ];
}

/** The file that a backup is. */
export const BACKUP_FILE = 'app.sql';

/** What belongs to a cluster or a backup goes with it. */
function metadataOf(owner: Cluster | Backup, name: string): Applied['metadata'] {
  const kind = 'cluster' in owner.spec ? 'MySQLBackup' : 'MySQLCluster';
  const reference = { apiVersion: GROUP, kind, name: owner.metadata.name, uid: owner.metadata.uid };
  return { name, namespace: owner.metadata.namespace, ownerReferences: [reference] };
}
