import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { packagePublicCharts, type PublicCharts } from '../../support/charts/public-charts.ts';
import type { StoredChart } from '../../support/charts/registry.ts';
import type { ReleaseView } from '../../support/cluster/installation.ts';
import { eventually } from '../../support/eventually.ts';
import { pushCurlImage } from '../../support/real-node/images.ts';
import { describeOnRealNode } from '../../support/real-node/real-node.ts';
import { nodeStory } from '../../support/real-node/story.ts';

const PATIENCE = { timeoutMs: 120_000 };
const BLUE_GREEN = { type: 'BlueGreen', service: 'created', preview: 'created-next' };
const CLIENTS = 4;

/** How many requests were answered, and by no pod. */
type Count = { answers: number; failures: number };

describeOnRealNode('Releases in two colours', () => {
  const story = nodeStory();
  let publicCharts: PublicCharts;
  let chart: StoredChart;
  let curl: string;

  beforeAll(async () => {
    curl = await pushCurlImage(story.node);
    publicCharts = await packagePublicCharts();
    chart = await story.push(publicCharts.charts[0]?.archive ?? new Uint8Array());
  });
  afterAll(async () => publicCharts?.remove());

  const installed = async (name: string, spec: object): Promise<{ release: ReleaseView; address: string }> => {
    const tenant = await story.tenant(name);
    const image = { repository: 'registry.test/web', tag: '1' };
    const probe = { httpGet: { path: '/', port: 'http' }, periodSeconds: 1 };
    const values = { image, replicaCount: 2, readinessProbe: probe, fullnameOverride: 'created' };
    const release = await tenant.apply('created', chart, { values, ...spec });
    await release.ready(PATIENCE);
    const service = await tenant.kubectl.json<{ spec: { clusterIP: string } }>('get', 'service', 'created');
    const address = `http://${service.spec.clusterIP}/`;
    // kube-proxy may be a moment behind the pods.
    await eventually(
      async () => isAnswered(address),
      (answered) => answered,
    );
    return { release, address };
  };

  const upgrade = async (release: ReleaseView): Promise<void> => {
    await release.patch({ values: { podAnnotations: { changed: 'yes' } } });
    await release.inForce(2, PATIENCE);
  };

  test('no request fails at the cut, and none when cutting back', async () => {
    const checks = [{ http: { path: '/ready', image: curl } }];
    const { release, address } = await installed('colours', { strategy: { ...BLUE_GREEN, checks } });
    const cut = await counted(address, async () => upgrade(release));
    expect((await release.get()).status?.tests?.results).toMatchObject([
      { name: 'created-next-check-1', phase: 'Succeeded' },
    ]);
    const back = await counted(address, async () => {
      await release.patch({ version: 1 });
      await release.inForce(1, PATIENCE);
    });
    const plain = await installed('plain', {});
    const apply = await counted(plain.address, async () => upgrade(plain.release));
    const told = Object.entries({ 'at the cut': cut, 'at the cut back': back, 'with Apply': apply });
    for (const [when, { answers, failures }] of told)
      process.stdout.write(`${when} ${answers} requests were answered and ${failures} were not\n`);
    expect({ cut: cut.failures, back: back.failures }).toEqual({ cut: 0, back: 0 });
    expect(Math.min(cut.answers, back.answers)).toBeGreaterThan(0);
  });

  test('a new colour with an unexpected response to a check is not cut over to, and the response is reported', async () => {
    const http = { path: '/', image: curl, expectedStatus: 204, timeout: '2s' };
    const { release, address } = await installed('checked', { strategy: { ...BLUE_GREEN, checks: [{ http }] } });
    const { failures } = await counted(address, async () => {
      await release.patch({ values: { podAnnotations: { changed: 'yes' } } });
      const { message } = await release.failed('TestFailed', PATIENCE);
      expect(message).toContain('http://created-next:80/ answers 200, not 204');
    });
    expect(failures).toBe(0);
    expect((await release.get()).status).toMatchObject({ version: 1, operation: { phase: 'Beside' } });
  });
});

async function isAnswered(address: string): Promise<boolean> {
  return fetch(address, { headers: { connection: 'close' } }).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** Asks, with several clients, for as long as something goes on and for a moment after it. */
async function counted(address: string, during: () => Promise<void>): Promise<Count> {
  const count = { answers: 0, failures: 0 };
  let isOver = false;
  const clients = Array.from({ length: CLIENTS }, async () => {
    while (!isOver) {
      if (await isAnswered(address)) count.answers++;
      else count.failures++;
    }
  });
  await during();
  const atLeast = count.answers + 200;
  await eventually(
    () => count.answers,
    (answers) => answers >= atLeast,
  );
  isOver = true;
  await Promise.all(clients);
  return count;
}
