import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { packageChart } from '../../../chart-renderer/index.ts';
import type { Backup, Cluster } from '../../../examples/mysql-operator/kinds.ts';
import type { StoredChart } from '../../support/charts/registry.ts';
import type { ReleaseView } from '../../support/cluster/installation.ts';
import type { Tenant } from '../../support/cluster/tenant.ts';
import { eventually } from '../../support/eventually.ts';
import { pushDatabaseImage, pushOperatorImage } from '../../support/real-node/images.ts';
import { processesIn } from '../../support/real-node/processes.ts';
import { describeWithDatabase } from '../../support/real-node/real-node.ts';
import { nodeStory } from '../../support/real-node/story.ts';

type Pod = { metadata: { uid: string }; status: { podIP?: string } };
type Colour = 'Green' | 'Yellow' | 'Red';

const EXAMPLES = join(import.meta.dirname, '..', '..', '..', 'examples');
const SERVER = '/usr/sbin/mariadbd';
const PATIENCE = { timeoutMs: 150_000 };

describeWithDatabase('a database of three members, kept by an operator', (packages) => {
  const story = nodeStory();
  let operator: ReleaseView;
  let tenant: Tenant;
  let database: ReleaseView;
  const seconds: string[] = [];

  /** Applies a file of the example, with the run's registry in the example's place. */
  const applyExample = async (file: string): Promise<void> => {
    const text = await readFile(join(EXAMPLES, 'mysql-operator', file), 'utf8');
    const input = text
      .replaceAll('oci://registry.example', `oci://${story.node.nodeRegistry}`)
      .replaceAll('registry.example', 'registry.test');
    const applied = await story.kubectl.attempt(['apply', '--filename=-'], { input });
    expect(applied).toMatchObject({ code: 0, stderr: '' });
  };
  const pushExample = async (chart: string): Promise<StoredChart> =>
    story.push((await packageChart(join(EXAMPLES, 'charts', chart))).bytes);

  const cluster = async (): Promise<Cluster> => tenant.kubectl.json<Cluster>('get', 'mysqlcluster', 'db');
  const primary = async (): Promise<string> => (await cluster()).status?.primary ?? '';
  const ask = async (host: string, sql: string): Promise<string> => {
    const password = '{.data.password}';
    const secret = await tenant.kubectl('get', 'secret', 'db-passwords', `--output=jsonpath=${password}`);
    const login = ['--user=app', `--password=${Buffer.from(secret, 'base64').toString()}`, '--connect-timeout=2'];
    const client = ['mariadb', '--no-defaults', `--host=${host}`, ...login, '--skip-column-names'];
    return (await tenant.kubectl('exec', 'client', '--', ...client, '--execute', sql, 'app')).trim();
  };
  const write = async (id: number): Promise<void> => {
    await eventually(
      async () => ask('db', `INSERT IGNORE INTO orders VALUES (${id})`),
      () => true,
      PATIENCE,
    );
  };
  /** What each member has, by itself. */
  const rows = async (): Promise<string[]> => {
    const members = ['db-0', 'db-1', 'db-2'].map((name) => `${name}.db-members`);
    return Promise.all(members.map(async (host) => ask(host, 'SELECT GROUP_CONCAT(id ORDER BY id) FROM orders')));
  };
  const eachHas = async (ids: string): Promise<void> => {
    await eventually(rows, (found) => expect(found).toEqual([ids, ids, ids]), PATIENCE);
  };
  const turns = async (colour: Colour, what: string): Promise<string> => {
    const startedAt = performance.now();
    const { status } = await database.until((release) => release.status?.health === colour, PATIENCE);
    const took = ((performance.now() - startedAt) / 1000).toFixed(1);
    seconds.push(`  ${took.padStart(5)}  ${colour.padEnd(6)}  ${what}\n`);
    return status?.message ?? '';
  };
  const processOf = async (member: string): Promise<number | undefined> => {
    const { metadata } = await tenant.kubectl.json<Pod>('get', 'pod', member);
    return processesIn(metadata.uid, SERVER)[0];
  };
  /** Kills a member whenever it runs, until that has been seen. */
  const killUntil = async (member: string, isSeen: () => Promise<boolean>): Promise<void> => {
    await eventually(
      async () => {
        const pid = await processOf(member);
        if (pid !== undefined) process.kill(pid, 'SIGKILL');
        return isSeen();
      },
      (seen) => seen,
      PATIENCE,
    );
  };

  beforeAll(async () => {
    await Promise.all([pushDatabaseImage(story.node, packages), pushOperatorImage(story.node)]);
    for (const chart of ['mysql-operator', 'mysql-cluster']) await pushExample(chart);
    await applyExample('operator.yaml');
    operator = story.tenantOf('mysql-system').release('mysql-operator');
    await operator.until(({ status }) => status?.health === 'Green', PATIENCE);
    await story.kubectl('create', 'namespace', 'shop');
    tenant = story.tenantOf('shop');
    await tenant.bind('edit');
    await tenant.kubectl('run', 'client', '--image=registry.test/mariadb:1', '--', 'wait');
    await applyExample('database.yaml');
    database = tenant.release('db');
    await turns('Green', 'kubectl apply, with three members');
    await tenant.kubectl('wait', 'pod/client', '--for=condition=Ready', '--timeout=60s');
  }, 300_000);
  afterAll(() => {
    if (seconds.length > 0) process.stdout.write(`seconds until the database was of its colour:\n${seconds.join('')}`);
  });

  test('is Green with a primary that accepts rows through its Service, and two members that replicate them', async () => {
    const { status } = await cluster();
    expect(status).toMatchObject({ health: 'Green', ready: 3, serving: true });
    expect(status?.members.map(({ state }) => state).toSorted()).toEqual(['Primary', 'Replica', 'Replica']);
    await ask('db', 'CREATE TABLE orders (id INT PRIMARY KEY)');
    await write(1);
    await eachHas('1');
    const copy = `${await otherThan(await primary())}.db-members`;
    await expect(ask(copy, 'INSERT INTO orders VALUES (9)')).rejects.toThrow('read-only');
  });

  const otherThan = async (name: string): Promise<string> =>
    (await cluster()).status?.members.find((member) => member.name !== name)?.name ?? '';

  test('is Yellow while a member is dead, still accepts rows, and is Green with all of them afterwards', async () => {
    const before = await primary();
    const dead = await otherThan(before);
    await killUntil(dead, async () => (await database.get()).status?.health === 'Yellow');
    expect((await database.get()).status?.message).toContain('2 of 3 members are ready');
    await write(2);
    await turns('Green', 'a member was killed');
    await eachHas('1,2');
    expect(await primary()).toBe(before);
  });

  test('gets another primary when that one is dead, with every row, and accepts rows again', async () => {
    const before = await primary();
    await killUntil(before, async () => (await primary()) !== before);
    await write(3);
    await turns('Green', 'the primary was killed, and another one took its place');
    expect(await primary()).not.toBe(before);
    await eachHas('1,2,3');
  });

  test('restarts a primary that wakes up after another one took its place, since it still accepts writes', async () => {
    const before = await primary();
    const pid = (await processOf(before)) ?? 0;
    process.kill(pid, 'SIGSTOP');
    await eventually(primary, (name) => name !== before, PATIENCE);
    await write(4);
    process.kill(pid, 'SIGCONT');
    const isAnother = (found: number | undefined): boolean => found !== undefined && found !== pid;
    await eventually(async () => processOf(before), isAnother, PATIENCE);
    await eventually(cluster, ({ status }) => status?.health === 'Green', PATIENCE);
    await eachHas('1,2,3,4');
  });

  test('is copied into a file, once, when a backup is requested', async () => {
    await applyExample('backup.yaml');
    const backup = async (): Promise<Backup> => tenant.kubectl.json<Backup>('get', 'mysqlbackup', 'before-the-sale');
    const { status } = await eventually(backup, (seen) => seen.status?.phase === 'Succeeded', PATIENCE);
    const claim = status?.claim ?? '';
    const volume = (await tenant.kubectl('get', 'pvc', claim, '--output=jsonpath={.spec.volumeName}')).trim();
    const path = await story.kubectl('get', 'pv', volume, '--output=jsonpath={.spec.hostPath.path}');
    const copy = await readFile(join(path, status?.file ?? ''), 'utf8');
    expect(copy).toContain('INSERT INTO `orders` VALUES\n(1),\n(2),\n(3),\n(4);');
  });

  test('is monitored by Prometheus, with alerting rules for what matters', async () => {
    const selector = '--selector=app=mysql-operator';
    const namespace = '--namespace=mysql-system';
    const { items } = await story.kubectl.json<{ items: Pod[] }>('get', 'pods', namespace, selector);
    const metrics = await fetch(`http://${items[0]?.status.podIP}:8080/metrics`).then(async (answer) => answer.text());
    const labels = '{namespace="shop",cluster="db"}';
    expect(metrics).toContain(`mysql_cluster_ready_members${labels} 3\n`);
    expect(metrics).toContain(`mysql_cluster_promotions_total${labels} 2\n`);
    expect(metrics).toMatch(/mysql_backup_completed_timestamp_seconds\{.*backup="before-the-sale"\} \d+\n/);
    const rules = await story.kubectl('get', 'configmap', 'mysql-operator-alerts', namespace, '--output=yaml');
    expect(rules).toContain('MySQLClusterDown');
  });

  test('has its rows again after its Release is deleted and applied again', async () => {
    await database.delete();
    await tenant.kubectl('wait', 'pod/db-0', 'pod/db-1', 'pod/db-2', '--for=delete', '--timeout=90s');
    await applyExample('database.yaml');
    await turns('Green', 'its Release was applied again');
    await eachHas('1,2,3,4');
  });
});
