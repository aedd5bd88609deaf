import { beforeAll, expect, test } from '@jest/globals';

import { eventually } from '../../support/eventually.ts';
import { kubectlFor, type Kubectl } from '../../support/cluster/kubectl.ts';
import { realNode } from '../../support/real-node/node.ts';
import { describeOnRealNode } from '../../support/real-node/real-node.ts';

const NAMESPACE = 'node-story';
const WEB = 'registry.test/web:1';

type Endpoints = { items: { endpoints: { conditions: { ready: boolean } }[] }[] };
type Pods = { items: { metadata: { name: string; deletionTimestamp?: string }; status: { podIP: string } }[] };

describeOnRealNode('a real node', () => {
  let kubectl: Kubectl;

  beforeAll(async () => {
    kubectl = kubectlFor(realNode());
    await kubectl('create', 'namespace', NAMESPACE);
    await kubectl('create', 'deployment', 'web', `--namespace=${NAMESPACE}`, `--image=${WEB}`, '--replicas=2');
    await kubectl('expose', 'deployment', 'web', `--namespace=${NAMESPACE}`, '--port=80');
    await kubectl('rollout', 'status', 'deployment/web', `--namespace=${NAMESPACE}`, '--timeout=120s');
  });

  const pods = async (): Promise<Pods['items']> =>
    (await kubectl.json<Pods>('get', 'pods', `--namespace=${NAMESPACE}`, '--selector=app=web')).items.filter(
      ({ metadata }) => metadata.deletionTimestamp === undefined,
    );

  test('has the same version as the control plane beside it', async () => {
    const { items } = await kubectl.json<{ items: { status: { nodeInfo: { kubeletVersion: string } } }[] }>(
      'get',
      'nodes',
    );
    const version = JSON.parse(await kubectl('get', '--raw=/version')) as { gitVersion: string };
    expect(items.map(({ status }) => status.nodeInfo.kubeletVersion)).toEqual([version.gitVersion]);
  });

  test('returns what a container printed', async () => {
    const [pod] = await pods();
    const log = await kubectl('logs', `--namespace=${NAMESPACE}`, pod?.metadata.name ?? '');
    expect(log).toBe(`${pod?.metadata.name} serves port 80\n`);
  });

  test('runs a command in a container', async () => {
    const [pod] = await pods();
    const command = ['--', '/usr/bin/web', 'say', 'from within', '0'];
    const said = await kubectl('exec', `--namespace=${NAMESPACE}`, pod?.metadata.name ?? '', ...command);
    expect(said).toBe('from within\n');
  });

  test('sends the requests to a Service to all of its pods', async () => {
    const service = await kubectl.json<{ spec: { clusterIP: string } }>(
      'get',
      'service',
      'web',
      `--namespace=${NAMESPACE}`,
    );
    const names = (await pods()).map(({ metadata }) => metadata.name).sort();
    const answered = new Set<string>();
    const ask = async (): Promise<string[]> => {
      const answer = await fetch(`http://${service.spec.clusterIP}/`, { headers: { connection: 'close' } });
      answered.add((await answer.text()).split('\n')[0] ?? '');
      return [...answered].sort();
    };
    await eventually(ask, (seen) => expect(seen).toEqual(names));
  });

  test('resolves the name of a Service in a pod', async () => {
    const [pod] = await pods();
    const ask = ['--', '/usr/bin/web', 'get', `http://web.${NAMESPACE}.svc.cluster.local/`];
    const look = async (): Promise<string> =>
      kubectl('exec', `--namespace=${NAMESPACE}`, pod?.metadata.name ?? '', ...ask);
    await eventually(look, (answer) => expect(answer).toMatch(/^web-/));
  });

  test('removes a pod from its Service while its probe fails', async () => {
    const probe = { httpGet: { path: '/ready', port: 80 }, periodSeconds: 1, failureThreshold: 1 };
    const patch = { spec: { template: { spec: { containers: [{ name: 'web', readinessProbe: probe }] } } } };
    await kubectl('patch', 'deployment', 'web', `--namespace=${NAMESPACE}`, `--patch=${JSON.stringify(patch)}`);
    await kubectl('rollout', 'status', 'deployment/web', `--namespace=${NAMESPACE}`, '--timeout=120s');
    const selector = '--selector=kubernetes.io/service-name=web';
    const ready = async (): Promise<number> => {
      const { items } = await kubectl.json<Endpoints>('get', 'endpointslices', `--namespace=${NAMESPACE}`, selector);
      return items.flatMap(({ endpoints }) => endpoints ?? []).filter(({ conditions }) => conditions.ready).length;
    };
    await eventually(ready, (count) => expect(count).toBe(2));
    const [pod] = await pods();
    await fetch(`http://${pod?.status.podIP}/ready`, { method: 'POST', body: 'fail' });
    await eventually(ready, (count) => expect(count).toBe(1));
    await fetch(`http://${pod?.status.podIP}/ready`, { method: 'POST', body: 'pass' });
    await eventually(ready, (count) => expect(count).toBe(2));
  });

  test('keeps what a pod wrote to a volume of the default class', async () => {
    const run = async (name: string, ...args: readonly string[]): Promise<string> => {
      const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
      const container = { name: 'main', image: WEB, args, volumeMounts: [{ name: 'data', mountPath: '/data' }] };
      const spec = { restartPolicy: 'Never', containers: [container], volumes };
      await kubectl.apply({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: NAMESPACE }, spec });
      await kubectl(
        'wait',
        `pod/${name}`,
        `--namespace=${NAMESPACE}`,
        '--for=jsonpath={.status.phase}=Succeeded',
        '--timeout=60s',
      );
      return kubectl('logs', `--namespace=${NAMESPACE}`, name);
    };
    const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
    const metadata = { name: 'data', namespace: NAMESPACE };
    await kubectl.apply({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, spec });
    await run('writer', 'write', '/data/kept', 'a row');
    expect(await run('reader', 'read', '/data/kept')).toBe('a row\n');
  });
});
