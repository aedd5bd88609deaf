import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

import { startControlPlane } from '../../control-plane/index.ts';
import type { ControlPlane } from '../../control-plane/index.ts';

let controlPlane: ControlPlane;

const kubectl = async (...args: string[]): Promise<string> => {
  const run = promisify(execFile)(controlPlane.binaries.kubectl, ['--kubeconfig', controlPlane.kubeconfig, ...args]);
  return (await run).stdout;
};

const apply = async (object: object): Promise<void> => {
  const run = promisify(execFile)(controlPlane.binaries.kubectl, [
    '--kubeconfig',
    controlPlane.kubeconfig,
    'create',
    '--filename=-',
  ]);
  run.child.stdin?.end(JSON.stringify(object));
  await run;
};

describe('a control plane', () => {
  beforeAll(async () => {
    controlPlane = await startControlPlane();
  }, 1_200_000);
  afterAll(async () => controlPlane?.stop());

  test('is ready when the start returns', async () => {
    expect(await kubectl('get', '--raw=/readyz')).toBe('ok');
    expect(await kubectl('get', 'serviceaccount', 'default', '--output=name')).toBe('serviceaccount/default\n');
    const version = JSON.parse(await kubectl('get', '--raw=/version')) as { gitVersion: string };
    expect(version.gitVersion).toMatch(/^v1\.\d+\.\d+$/);
  });

  test('has three Ready nodes with capacity, including ephemeral storage', async () => {
    const nodes = JSON.parse(await kubectl('get', 'nodes', '--output=json')) as {
      items: { spec: { taints?: unknown }; status: { allocatable: Record<string, string> } }[];
    };
    expect(nodes.items).toHaveLength(3);
    for (const node of nodes.items) {
      expect(node.spec.taints).toBeUndefined();
      expect(Object.keys(node.status.allocatable).sort()).toEqual(['cpu', 'ephemeral-storage', 'memory', 'pods']);
    }
  });

  test('makes a Deployment Available', async () => {
    await kubectl('create', 'deployment', 'web', '--image=web:1', '--replicas=3');
    await kubectl('wait', 'deployment/web', '--for=condition=Available', '--timeout=90s');
    const ip = await kubectl('get', 'pods', '--selector=app=web', '--output=jsonpath={.items[0].status.podIP}');
    expect(ip).toMatch(/^10\.244\./);
  });

  test('completes a Job', async () => {
    await kubectl('create', 'job', 'once', '--image=job:1');
    await kubectl('wait', 'job/once', '--for=condition=Complete', '--timeout=90s');
  });

  test('fails a Job whose pods are asked to fail', async () => {
    const labels = { 'pod-container-running-failed.stage.kwok.x-k8s.io': 'true' };
    const spec = { restartPolicy: 'Never', containers: [{ name: 'main', image: 'job:1' }] };
    await apply({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'failing' },
      spec: { backoffLimit: 0, template: { metadata: { labels }, spec } },
    });
    await kubectl('wait', 'job/failing', '--for=condition=Failed', '--timeout=90s');
  });

  test('leaves a pod with a broken image in ImagePullBackOff', async () => {
    await kubectl('run', 'broken', '--image=registry.example:5000/app:broken');
    const reason = '{.status.containerStatuses[0].state.waiting.reason}';
    await kubectl('wait', 'pod/broken', `--for=jsonpath=${reason}=ImagePullBackOff`, '--timeout=90s');
    const pod = JSON.parse(await kubectl('get', 'pod', 'broken', '--output=json')) as Record<string, unknown>;
    expect(pod).toMatchObject({
      status: {
        phase: 'Pending',
        containerStatuses: [
          {
            ready: false,
            state: { waiting: { message: expect.stringContaining('registry.example:5000/app:broken') } },
          },
        ],
      },
    });
    await kubectl('delete', 'pod', 'broken', '--timeout=90s');
  });

  test('binds a volume claim with the default storage class', async () => {
    const resources = { requests: { storage: '1Gi' } };
    await apply({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], resources },
    });
    await kubectl('wait', 'pvc/data', '--for=jsonpath={.status.phase}=Bound', '--timeout=90s');
  });

  test('deletes a namespace with running pods', async () => {
    await kubectl('create', 'namespace', 'short-lived');
    await kubectl('create', 'deployment', 'web', '--namespace=short-lived', '--image=web:1', '--replicas=3');
    await kubectl('wait', 'deployment/web', '--namespace=short-lived', '--for=condition=Available', '--timeout=90s');
    await kubectl('delete', 'namespace', 'short-lived', '--timeout=120s');
    // The namespace controller waits half of the longest grace period of a pod before it looks again.
  });

  test('enforces RBAC and logs the impersonated user', async () => {
    const user = 'system:serviceaccount:default:default';
    await expect(kubectl('get', 'secrets', `--as=${user}`)).rejects.toThrow(/forbidden/i);
    const events = (await readFile(controlPlane.auditLog, 'utf8')).trim().split('\n');
    const impersonated = events
      .map((line) => JSON.parse(line) as { impersonatedUser?: { username: string }; objectRef?: { resource: string } })
      .filter((event) => event.impersonatedUser?.username === user && event.objectRef?.resource === 'secrets');
    expect(impersonated[0]).toMatchObject({
      stage: 'ResponseComplete',
      verb: 'list',
      user: { username: 'admin' },
      objectRef: { resource: 'secrets', namespace: 'default' },
      responseStatus: { code: 403 },
    });
  });

  test('has a registry', async () => {
    const answer = await fetch(`http://${controlPlane.registry}/v2/`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('docker-distribution-api-version')).toBe('registry/2.0');
  });
});
