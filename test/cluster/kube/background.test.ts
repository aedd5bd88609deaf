import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { connect, eventRecorder, runAsLeader } from '../../../kube/index.ts';
import type { LeaderOptions, Leadership, RequestRecord } from '../../../kube/index.ts';
import type { KubeObject } from '../../../resources/index.ts';
import { eventually } from '../../support/eventually.ts';
import { configMap, configMaps, core, createNamespace, useCluster } from './cluster.ts';
import { startHttpFaultProxy } from './fault-proxy.ts';

const events = core('events', 'Event');
const leases = { ...core('leases', 'Lease'), group: 'coordination.k8s.io' };
/** A leader that gets no answer for longer is none any more; on a busy machine an answer may take a second. */
const timing = { leaseMs: 6_000, renewDeadlineMs: 4_000, retryMs: 200 };
const cluster = useCluster();
let namespace: string;

beforeAll(async () => {
  namespace = await createNamespace(cluster);
});

describe('a process', () => {
  test('ends by itself once everything is stopped and closed', async () => {
    const module = JSON.stringify(join(import.meta.dirname, '../../../kube/index.ts'));
    const program = `
      import { connect, discover, runAsLeader, startInformer } from ${module};
      const client = await connect({ kubeconfig: ${JSON.stringify(cluster.kubeconfig)} });
      const resource = await discover(client).resourceFor('v1', 'ConfigMap');
      const informer = startInformer({ client, resource, onChange: () => undefined });
      const refused = startInformer({ client: client.as('nobody'), resource, onChange: () => undefined });
      await informer.synced;
      const started = Promise.withResolvers();
      const options = { client, namespace: '${namespace}', name: 'end', identity: 'a', onLost: () => undefined };
      const leadership = runAsLeader({ ...options, onStarted: () => started.resolve() });
      await started.promise;
      await leadership.stop();
      informer.stop();
      refused.stop();
      await client.close();
      console.log('closed');
      // What keeps it alive from here on was forgotten.
      setTimeout(() => console.log(process.getActiveResourcesInfo()), 5_000).unref();
    `;
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], { timeout: 120_000 });
    expect(await run).toMatchObject({ stdout: 'closed\n' });
  });
});

describe('an event recorder', () => {
  const eventsOf = async (name: string): Promise<KubeObject[]> =>
    cluster.client.list(events, namespace, { fieldSelector: `involvedObject.name=${name}` });

  test('records an object’s events, and repeats as a count', async () => {
    const object = await cluster.client.create(configMaps, configMap(namespace, 'told'));
    const recorder = eventRecorder(cluster.client, { controller: 'coxswain' });
    recorder.record({ object, type: 'Normal', reason: 'Deployed', message: 'version 1' });
    await recorder.flush();
    recorder.record({ object, type: 'Normal', reason: 'Deployed', message: 'version 1' });
    recorder.record({ object, type: 'Warning', reason: 'Failed', message: 'ä'.repeat(2_000) });
    await recorder.flush();
    const found = (await eventsOf('told')).sort((a, b) => String(a['reason']).localeCompare(String(b['reason'])));
    expect(found).toMatchObject([
      { reason: 'Deployed', type: 'Normal', message: 'version 1', count: 2, source: { component: 'coxswain' } },
      { reason: 'Failed', type: 'Warning', count: 1, involvedObject: { kind: 'ConfigMap', uid: object.metadata.uid } },
    ]);
    expect(Buffer.byteLength(String(found[1]?.['message']))).toBeLessThanOrEqual(1024);
  });

  test('creates the event again where it has expired', async () => {
    const object = await cluster.client.create(configMaps, configMap(namespace, 'expiring'));
    const recorder = eventRecorder(cluster.client, { controller: 'coxswain' });
    const event = { object, type: 'Normal', reason: 'Deployed', message: 'once more' } as const;
    recorder.record(event);
    await recorder.flush();
    const [first] = await eventsOf('expiring');
    await cluster.client.remove(events, namespace, first?.metadata.name ?? '');
    recorder.record(event);
    await recorder.flush();
    expect(await eventsOf('expiring')).toMatchObject([{ count: 2 }]);
  });

  test('neither throws nor fills up where events are refused', async () => {
    const lost: unknown[] = [];
    const nobody = cluster.client.as('nobody');
    const recorder = eventRecorder(nobody, { controller: 'coxswain', onError: (error) => lost.push(error) });
    for (let index = 0; index < 5_000; index += 1) {
      const object = configMap(namespace, `object-${index}`);
      recorder.record({ object, type: 'Normal', reason: 'Deployed', message: '' });
    }
    await recorder.flush();
    expect(lost.length).toBeGreaterThan(0);
    expect(lost.length).toBeLessThanOrEqual(1_001);
    expect(lost[0]).toMatchObject({ code: 'Forbidden' });
  });
});

describe('leader election', () => {
  let running: Leadership[] = [];
  afterEach(async () => {
    await Promise.all(running.map((leadership) => leadership.stop()));
    running = [];
  });

  function candidate(name: string, identity: string, more: Partial<LeaderOptions> = {}) {
    const log: string[] = [];
    let signal: AbortSignal | undefined;
    const leadership = runAsLeader({
      client: cluster.client,
      namespace,
      name,
      identity,
      timing,
      onStarted: (started) => {
        signal = started;
        log.push('started');
      },
      onLost: () => log.push('lost'),
      ...more,
    });
    running.push(leadership);
    return { leadership, log, isAborted: () => signal?.aborted };
  }

  type Lease = KubeObject & { spec: Record<'holderIdentity' | 'acquireTime' | 'renewTime', string> };
  const leaseOf = async (name: string): Promise<Lease> => cluster.client.get<Lease>(leases, namespace, name);
  const holderOf = async (name: string): Promise<string> => (await leaseOf(name)).spec.holderIdentity;

  test('has one leader, which hands over when it stops', async () => {
    const [first, second] = [candidate('handover', 'a'), candidate('handover', 'b')];
    // Renewed for longer than it lasts.
    await eventually(
      () => leaseOf('handover'),
      ({ spec }) => Date.parse(spec.renewTime) - Date.parse(spec.acquireTime) > timing.leaseMs,
    );
    expect([...first.log, ...second.log]).toEqual(['started']);
    const [leader, other] = first.leadership.isLeader() ? [first, second] : [second, first];
    expect([leader.leadership.isLeader(), other.leadership.isLeader()]).toEqual([true, false]);
    await leader.leadership.stop();
    expect(leader).toMatchObject({ log: ['started'] });
    expect([leader.leadership.isLeader(), leader.isAborted()]).toEqual([false, true]);
    await eventually(
      () => other.leadership.isLeader(),
      (leads) => leads,
    );
    await other.leadership.stop();
    // What is given up is free after a second.
    expect((await leaseOf('handover')).spec).toMatchObject({ holderIdentity: '', leaseDurationSeconds: 1 });
  });

  test('leaves another holder’s lease alone for its duration, whatever its timestamps say', async () => {
    const spec = { holderIdentity: 'gone', leaseDurationSeconds: 3_600, renewTime: '2001-01-01T00:00:00.000000Z' };
    const metadata = { name: 'foreign', namespace };
    await cluster.client.create(leases, { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec });
    const reads: RequestRecord[] = [];
    const client = await connect({ kubeconfig: cluster.kubeconfig, onRequest: (record) => reads.push(record) });
    let now = 0;
    const { log } = candidate('foreign', 'a', { client, now: () => now });
    const seenAgain = async (): Promise<void> => {
      const { length } = reads;
      await eventually(
        () => reads.length,
        (count) => count >= length + 2,
      );
    };
    await seenAgain();
    now = 3_599_999;
    await seenAgain();
    expect(log).toEqual([]);
    now = 3_600_000;
    await eventually(
      () => log,
      (all) => expect(all).toEqual(['started']),
    );
    await client.close();
  });

  test('takes over at once where the lease was deleted or is malformed', async () => {
    const { leadership } = candidate('deleted', 'a');
    await eventually(
      () => leadership.isLeader(),
      (leads) => leads,
    );
    await cluster.client.remove(leases, namespace, 'deleted');
    await eventually(
      () => holderOf('deleted'),
      (holder) => holder === 'a',
    );
    expect(leadership.isLeader()).toBe(true);
    const metadata = { name: 'malformed', namespace };
    await cluster.client.create(leases, { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata });
    const other = candidate('malformed', 'b');
    await eventually(
      () => other.leadership.isLeader(),
      (leads) => leads,
    );
  });

  test.each([
    ['is refused', 403],
    ['gives no answer', 0],
  ])('ends before another candidate can lead where renewing %s', async (_, status) => {
    const proxy = await startHttpFaultProxy(cluster.kubeconfig);
    const client = await connect({ kubeconfig: proxy.kubeconfig });
    const order: string[] = [];
    const { leadership } = candidate(`cut-off-${status}`, 'a', {
      client,
      onStarted: (signal) => signal.addEventListener('abort', () => order.push('a aborted')),
      onLost: () => order.push('a lost'),
    });
    await eventually(
      () => leadership.isLeader(),
      (leads) => leads,
    );
    candidate(`cut-off-${status}`, 'b', {
      onStarted: () => void order.push(`b started, a ${leadership.isLeader() ? 'leads' : 'does not lead'}`),
    });
    proxy.fault = (_request, response) => {
      if (status > 0) response.writeHead(status).end();
      return true;
    };
    await eventually(
      () => order,
      (all) => expect(all).toEqual(['a aborted', 'a lost', 'b started, a does not lead']),
    );
    await client.close();
    await proxy.close();
  });

  test('neither leads nor writes right after this process slept past the deadline', async () => {
    const { leadership, log } = candidate('slept', 'a');
    await eventually(
      () => leadership.isLeader(),
      (leads) => leads,
    );
    const fenced = cluster.client.fencedBy(leadership.isLeader, 'the lease is lost');
    // Blocks the event loop, as a stopped process is: no timer has a chance to run.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, timing.renewDeadlineMs + 100);
    expect(leadership.isLeader()).toBe(false);
    await expect(fenced.create(configMaps, configMap(namespace, 'late'))).rejects.toMatchObject({ code: 'Fenced' });
    await eventually(
      () => log,
      (all) => expect(all).toEqual(['started', 'lost']),
    );
  });

  test('ends where another candidate has taken the lease', async () => {
    const { log } = candidate('stolen', 'a');
    await eventually(
      () => log,
      (all) => expect(all).toEqual(['started']),
    );
    const stolen = { spec: { holderIdentity: 'thief', leaseDurationSeconds: 60 } };
    await cluster.client.patchMerge(leases, namespace, 'stolen', stolen);
    await eventually(
      () => log,
      (all) => expect(all).toEqual(['started', 'lost']),
    );
    expect(await holderOf('stolen')).toBe('thief');
  });
});
