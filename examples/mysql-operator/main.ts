// The operator: every two seconds it looks at all clusters and backups, does what is to be done, and goes on. One copy of it runs.
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

import { keepBackup } from './backup.ts';
import { keepCluster, type Memory } from './cluster.ts';
import { GROUP, type Backup, type Cluster } from './kinds.ts';
import { list } from './kubernetes.ts';
import { metricsOf, type Observed } from './metrics.ts';

const PAUSE_MS = 2_000;
const PORT = 8080;
/** A pass that takes longer hangs. */
const ALIVE_MS = 60_000;

const memories = new Map<string, Memory>();
let metrics = metricsOf([], []);
let passedAt = performance.now();

async function pass(): Promise<void> {
  const clusters = await list<Cluster>(`/apis/${GROUP}/mysqlclusters`);
  const backups = await list<Backup>(`/apis/${GROUP}/mysqlbackups`);
  const observed = await Promise.all(clusters.map(observe));
  const kept = await Promise.all(
    backups.map(async (backup) => {
      const status = await told(backup, async () => keepBackup(backup, clusters));
      return status ? { ...backup, status } : backup;
    }),
  );
  const uids = new Set(clusters.map(({ metadata }) => metadata.uid));
  for (const uid of memories.keys()) if (!uids.has(uid)) memories.delete(uid);
  metrics = metricsOf(
    observed.filter((one) => one !== undefined),
    kept,
  );
}

async function observe(cluster: Cluster): Promise<Observed | undefined> {
  if (cluster.metadata.deletionTimestamp !== undefined) return undefined;
  const memory = memories.get(cluster.metadata.uid) ?? { promotions: 0 };
  memories.set(cluster.metadata.uid, memory);
  const status = await told(cluster, async () => keepCluster(cluster, memory));
  return status && { cluster, status, promotions: memory.promotions };
}

/** What fails is told and tried again in the next pass; the others are not held up by it. */
async function told<T>({ metadata }: Cluster | Backup, action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    console.error(`${metadata.namespace}/${metadata.name}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

const server = createServer((request, response) => {
  if (request.url === '/metrics') response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(metrics);
  else response.writeHead(performance.now() - passedAt < ALIVE_MS ? 200 : 503).end();
}).listen(PORT);
const stopping = new AbortController();
process.on('SIGTERM', () => stopping.abort());

while (!stopping.signal.aborted) {
  try {
    await pass();
    passedAt = performance.now();
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
  }
  await delay(PAUSE_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
}
server.close();
