import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { Children } from '../../../controller/watches/children.ts';
import { connect, type KubeClient } from '../../../kube/index.ts';
import { eventually } from '../../support/eventually.ts';
import { configMap, configMaps, createNamespace, useCluster } from './cluster.ts';
import { startHttpFaultProxy, type HttpFaultProxy } from './fault-proxy.ts';

const FIRST_COPY_MS = 300;

const cluster = useCluster();
let namespace: string;
let proxy: HttpFaultProxy;
let client: KubeClient;
let children: Children;
let woken: string[];

beforeEach(async () => {
  namespace = await createNamespace(cluster);
  proxy = await startHttpFaultProxy(cluster.kubeconfig);
  client = await connect({ kubeconfig: proxy.kubeconfig });
  woken = [];
  children = new Children(client, (key) => woken.push(key), { firstCopyMs: FIRST_COPY_MS });
});

afterEach(async () => {
  children.stop();
  await client.close();
  await proxy.close();
});

test('a first copy that takes longer than a pass waits is made once, and those who wait for it are told', async () => {
  await cluster.client.create(configMaps, configMap(namespace, 'a'));
  // May watch everything, as a tenant may what is its own.
  const user = 'system:serviceaccount:kube-system:namespace-controller';
  const sight = { key: `${namespace}/web`, user, resources: [configMaps] };
  proxy.fault = async () => {
    await sleep(4 * FIRST_COPY_MS);
    return false;
  };
  for (let pass = 0; pass < 3; pass += 1) {
    await expect(children.look(sight)).rejects.toMatchObject({ code: 'ApiUnavailable' });
    children.lookedEnough(sight.key);
  }
  await eventually(
    () => Promise.resolve(woken),
    (keys) => expect(keys).toContain(sight.key),
    { timeoutMs: 10_000 },
  );
  await children.look(sight);
  expect(children.live(user, configMaps, namespace, 'a')?.metadata.name).toBe('a');
  expect(proxy.requests.filter((request) => request.includes('/configmaps'))).toHaveLength(1);
});
