import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { packageChart } from '../../../chart-renderer/index.ts';
import type { StoredChart } from '../../support/charts/registry.ts';
import type { ReleaseView } from '../../support/cluster/installation.ts';
import type { Tenant } from '../../support/cluster/tenant.ts';
import { eventually } from '../../support/eventually.ts';
import { pushDatabaseImage } from '../../support/real-node/images.ts';
import { processesIn } from '../../support/real-node/processes.ts';
import { describeWithDatabase } from '../../support/real-node/real-node.ts';
import { nodeStory } from '../../support/real-node/story.ts';
import { NODE_NAME } from '../node/addresses.ts';

type Pod = {
  metadata: { name: string; uid: string; deletionTimestamp?: string };
  status: { containerStatuses?: { ready: boolean; restartCount: number }[] };
};

const PATIENCE = { timeoutMs: 120_000 };
const IMAGE = 'registry.test/mariadb:1';
const CHART = join(import.meta.dirname, '..', '..', '..', 'examples', 'charts', 'mariadb');
const SELECTOR = 'app.kubernetes.io/instance=db';

describeWithDatabase('a database of one pod with a volume', (packages) => {
  const story = nodeStory();
  let chart: StoredChart;
  let tenant: Tenant;
  let release: ReleaseView;
  let password: string;
  const outages: string[] = [];

  const passwordNow = async (): Promise<string> =>
    Buffer.from(await tenant.kubectl('get', 'secret', 'db', '--output=jsonpath={.data.password}'), 'base64').toString();
  /** Asks from another pod, through the Service. */
  const ask = async (sql: string): Promise<string> => {
    const options = ['--no-defaults', '--host=db', '--user=app', `--password=${password}`, '--connect-timeout=2'];
    return (
      await tenant.kubectl(
        'exec',
        'client',
        '--',
        'mariadb',
        ...options,
        '--skip-column-names',
        '--execute',
        sql,
        'shop',
      )
    ).trim();
  };
  const podNow = async (): Promise<Pod | undefined> => {
    const { items } = await tenant.kubectl.json<{ items: Pod[] }>('get', 'pods', `--selector=${SELECTOR}`);
    return items.find(({ metadata }) => metadata.deletionTimestamp === undefined);
  };
  /**
   * Does something to the database, waits until that is seen, and notes for how long it gave no answer until it had its rows again, and the
   * colours of the Release meanwhile.
   */
  const outageOf = async (
    what: string,
    cause: () => Promise<unknown>,
    isSeen: () => Promise<boolean>,
  ): Promise<void> => {
    const startedAt = performance.now();
    let lastFailure = startedAt;
    const colours: string[] = [];
    const isGreen = async (): Promise<boolean> => {
      const colour = (await release.get()).status?.health ?? '';
      if (colours.at(-1) !== colour) colours.push(colour);
      return colour === 'Green';
    };
    let isOver = false;
    const watched = (async () => {
      while (!isOver) await isGreen();
    })();
    const isBack = async (): Promise<boolean> => {
      const count = await ask('SELECT COUNT(*) FROM orders').catch(() => '');
      if (count === '') lastFailure = performance.now();
      else expect(count).toBe('2');
      return count !== '' && (await isSeen());
    };
    try {
      await Promise.all([cause(), eventually(isBack, (back) => back, PATIENCE)]);
      await eventually(isGreen, (green) => green, PATIENCE);
    } finally {
      isOver = true;
      await watched;
    }
    outages.push(
      `  ${((lastFailure - startedAt) / 1000).toFixed(1).padStart(5)}  ${what}; the Release was ${colours.join(', ')}\n`,
    );
  };
  const isReadyAnd = async (holds: (pod: Pod) => boolean): Promise<boolean> => {
    const pod = await podNow();
    return pod?.status.containerStatuses?.[0]?.ready === true && holds(pod);
  };
  const isAnother = (uid: string) => async (): Promise<boolean> => isReadyAnd(({ metadata }) => metadata.uid !== uid);
  const hasRestarted = async (): Promise<boolean> =>
    isReadyAnd(({ status }) => status.containerStatuses?.[0]?.restartCount === 1);

  beforeAll(async () => {
    await pushDatabaseImage(story.node, packages);
    chart = await story.push((await packageChart(CHART)).bytes);
    tenant = await story.tenant('database');
    await tenant.kubectl('run', 'client', `--image=${IMAGE}`, '--', 'wait');
    release = await tenant.apply('db', chart, { values: { image: IMAGE } });
    await release.until(({ status }) => status?.health === 'Green', PATIENCE);
    password = await passwordNow();
    await tenant.kubectl('wait', 'pod/client', '--for=condition=Ready', '--timeout=60s');
  });
  afterAll(() => {
    if (outages.length > 0) process.stdout.write(`seconds until the database answered again:\n${outages.join('')}`);
  });

  test('accepts rows through its Service', async () => {
    await eventually(
      async () => ask('CREATE TABLE IF NOT EXISTS orders (id INT PRIMARY KEY)'),
      () => true,
    );
    await ask('INSERT INTO orders VALUES (1), (2)');
    expect(await ask('SELECT COUNT(*) FROM orders')).toBe('2');
  });

  test('has its rows after its process is killed, and the Release is Green again', async () => {
    const { uid = '' } = (await podNow())?.metadata ?? {};
    const [pid = 0] = processesIn(uid, '/usr/sbin/mariadbd');
    await outageOf('its process was killed', async () => process.kill(pid, 'SIGKILL'), hasRestarted);
    expect((await podNow())?.metadata.uid).toBe(uid);
  });

  test('has its rows after its pod is deleted, and the Release is Green again', async () => {
    const { name = '', uid = '' } = (await podNow())?.metadata ?? {};
    await outageOf('its pod was deleted', async () => tenant.kubectl('delete', 'pod', name), isAnother(uid));
  });

  test('has its rows after the node is drained and comes back', async () => {
    const { uid = '' } = (await podNow())?.metadata ?? {};
    const drain = ['drain', NODE_NAME, `--pod-selector=${SELECTOR}`, '--delete-emptydir-data', '--timeout=60s'];
    const cause = async (): Promise<void> => {
      await story.kubectl(...drain);
      await story.kubectl('uncordon', NODE_NAME);
    };
    await outageOf('the node was drained and came back', cause, isAnother(uid));
  });

  test('has its rows and its password after an upgrade', async () => {
    const { uid = '' } = (await podNow())?.metadata ?? {};
    await outageOf(
      'it was upgraded (Recreate)',
      async () => release.patch({ values: { arguments: ['--max-connections=50'] } }),
      isAnother(uid),
    );
    await release.inForce(2, PATIENCE);
    expect(await passwordNow()).toBe(password);
    expect(password).toMatch(/^\w{20}$/);
  });
});
