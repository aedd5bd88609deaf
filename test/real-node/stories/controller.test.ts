import { expect, test } from '@jest/globals';

import { eventually } from '../../support/eventually.ts';
import { processesIn } from '../../support/real-node/processes.ts';
import { describeOnRealNode } from '../../support/real-node/real-node.ts';
import { nodeStory } from '../../support/real-node/story.ts';

type Pod = {
  metadata: { name: string; uid: string; deletionTimestamp?: string };
  status: { containerStatuses?: { restartCount: number; ready: boolean }[] };
};
type Lease = { spec: { holderIdentity?: string } };

const SYSTEM = '--namespace=coxswain-system';
const PATIENCE = { timeoutMs: 90_000, intervalMs: 250 };

describeOnRealNode('the controller in its own image, as deploy/ has it', () => {
  const story = nodeStory();

  const pods = async (): Promise<Pod[]> => {
    const selector = '--selector=app.kubernetes.io/name=coxswain';
    const { items } = await story.kubectl.json<{ items: Pod[] }>('get', 'pods', SYSTEM, selector);
    return items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  };
  const leader = async (): Promise<string> => {
    const lease = await story.kubectl.json<Lease>('get', 'lease', 'coxswain-controller', SYSTEM);
    return lease.spec.holderIdentity ?? '';
  };
  /** What a program in the container of a pod prints. */
  const inPod = async (pod: string, script: string): Promise<unknown> =>
    JSON.parse(await story.kubectl('exec', SYSTEM, pod, '--', 'node', '--print', `JSON.stringify(${script})`));

  test('runs as two replicas, each ready by its probes, one of which holds the lease', async () => {
    const ready = (await pods()).flatMap(({ status }) => status.containerStatuses?.map((container) => container.ready));
    expect(ready).toEqual([true, true]);
    const names = (await pods()).map(({ metadata }) => metadata.name);
    const holder = await eventually(leader, (name) => name !== '', PATIENCE);
    expect(names.filter((name) => holder.includes(name))).toHaveLength(1);
  });

  test('is not root, cannot write where it should not, and has its configured memory limit', async () => {
    const [pod] = await pods();
    const name = pod?.metadata.name ?? '';
    expect(await inPod(name, 'process.getuid()')).toBe(65_532);
    const write = (path: string): string =>
      `(() => { try { fs.writeFileSync('${path}', ''); return 'written'; } catch (error) { return error.code; } })()`;
    expect(await inPod(name, write('/coxswain/x'))).toBe('EROFS');
    expect(await inPod(name, write('/var/cache/coxswain/x'))).toBe('written');
    const limit = `Number(fs.readFileSync('/sys/fs/cgroup/memory/memory.limit_in_bytes', 'utf8'))`;
    expect(await inPod(name, limit)).toBe(2 * 1024 ** 3);
    const shell = await story.kubectl.attempt(['exec', SYSTEM, name, '--', 'sh', '-c', 'true']);
    expect(shell.code).not.toBe(0);
  });

  test('carries on where it was when the active replica is killed', async () => {
    const before = await eventually(leader, (name) => name !== '', PATIENCE);
    const killed = (await pods()).find(({ metadata }) => before.includes(metadata.name));
    const [pid = 0] = processesIn(killed?.metadata.uid ?? '', 'node programs/controller.mjs');
    process.kill(pid, 'SIGKILL');
    const killedAt = performance.now();
    const tenant = await story.tenant('leader');
    const templates = { 'map.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kept}\ndata: {a: b}\n' };
    const release = await tenant.apply('kept', await story.push({ name: 'kept', templates }));
    await release.ready(PATIENCE);
    const seconds = ((performance.now() - killedAt) / 1000).toFixed(1);
    process.stdout.write(`a Release was done ${seconds} s after the replica at work was killed\n`);
    expect(await leader()).not.toBe(before);
    const restarted = async (): Promise<Pod | undefined> =>
      (await pods()).find(({ metadata }) => metadata.name === killed?.metadata.name);
    await eventually(
      restarted,
      (pod) => expect(pod?.status.containerStatuses?.[0]).toMatchObject({ ready: true, restartCount: 1 }),
      PATIENCE,
    );
  });
});
