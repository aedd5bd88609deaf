import { BACKUP_FILE, backupObjectsOf } from './objects.ts';
import { GROUP, type Backup, type BackupStatus, type Cluster } from './kinds.ts';
import { create, pathOf, read, writeStatus } from './kubernetes.ts';

/** A Job's status, as far as it says how the Job ended. */
export type JobStatus = {
  readonly completionTime?: string;
  readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
};

/** Makes a backup, once, and says what became of it; of one that has ended nothing is done again. */
export async function keepBackup(backup: Backup, clusters: readonly Cluster[]): Promise<BackupStatus> {
  if (backup.status?.phase === 'Succeeded' || backup.status?.phase === 'Failed') return backup.status;
  const { name, namespace } = backup.metadata;
  const cluster = clusters.find(
    ({ metadata }) => metadata.name === backup.spec.cluster && metadata.namespace === namespace,
  );
  if (cluster !== undefined) for (const object of backupObjectsOf(backup, cluster)) await create(object);
  const job = await read<{ status?: JobStatus }>(
    pathOf({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name, namespace } }),
  );
  const status = job
    ? backupStatusOf(name, job.status ?? {})
    : ({ phase: 'Running', message: `there is no cluster ${backup.spec.cluster}` } as const);
  const path = pathOf({ apiVersion: GROUP, kind: 'MySQLBackup', metadata: { name, namespace } });
  await writeStatus(path, backup.status ?? {}, status);
  return status;
}

/** Returns what there is to say of a backup by its Job. */
export function backupStatusOf(claim: string, { conditions = [], completionTime }: JobStatus): BackupStatus {
  const isSo = (type: string) => conditions.find((condition) => condition.type === type && condition.status === 'True');
  const failed = isSo('Failed');
  if (failed) return { phase: 'Failed', message: failed.message ?? 'the Job failed' };
  if (!isSo('Complete') || completionTime === undefined) return { phase: 'Running', message: 'the Job has not ended' };
  const message = `in ${BACKUP_FILE} of the claim ${claim}`;
  return { phase: 'Succeeded', message, claim, file: BACKUP_FILE, completedAt: completionTime };
}
