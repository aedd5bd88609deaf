import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { KubeObject } from '../../../../resources/index.ts';
import type { StoredChart } from '../../../support/charts/registry.ts';
import { giveUpLease } from '../../../support/cluster/controller.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { startWriteGate, WRITE_FAILURES, type WriteGate } from '../../../support/cluster/write-gate.ts';

// An upgrade that deletes objects and creates them again: the controller is killed after each of its writes, and started again.

const TEMPLATE = `apiVersion: v1
kind: ConfigMap
metadata: {name: fixed}
immutable: true
data: {size: {{ .Values.size }}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web, size: {{ .Values.size }}}}
  template:
    metadata: {labels: {app: web, size: {{ .Values.size }}}}
    spec: {containers: [{name: main, image: example.com/web}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: main, image: example.com/db}]}
  volumeClaimTemplates:
    - metadata: {name: data}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: {{ .Values.size }}}}}
{{ if eq .Values.size "1Gi" }}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: old}
{{ end }}
`;

/** Of the upgrades of which a write fails or is the last; each has pods, and a dozen calls of kubectl. */
const AT_A_TIME = 5;

const coxswain = story();
let chart: StoredChart;
let gate: WriteGate;

beforeAll(async () => {
  chart = await coxswain.push({ name: 'grown', values: 'size: 1Gi\n', templates: { 'all.yaml': TEMPLATE } });
  gate = await startWriteGate(join(coxswain.controlPlane.directory, 'coxswain.kubeconfig'));
  await restart();
  await coxswain.kubectl(
    'patch',
    'storageclass',
    'kwok-volume',
    '--type=merge',
    '--patch={"allowVolumeExpansion":true}',
  );
});

afterAll(async () => gate?.close());

async function restart(): Promise<void> {
  await coxswain.restart({ flags: ['--kubeconfig', gate.kubeconfig] });
}

const KEPT = ['persistentvolumeclaims/data-db-0', 'pods/db-0'];
const REPLACED = ['configmaps/fixed', 'apps/deployments/web', 'apps/statefulsets/db'];

type Found = KubeObject & { readonly spec?: { readonly resources?: { readonly requests?: { storage?: string } } } };

async function found({ namespace, kubectl }: Tenant, object: string): Promise<Found> {
  const [plural, name] = object.split('/').slice(-2);
  const api = object.startsWith('apps/') ? '/apis/apps/v1' : '/api/v1';
  const there = await kubectl.read<Found>(`${api}/namespaces/${namespace}/${plural}/${name}`);
  if (!there) throw new Error(`${object} is not in ${namespace}`);
  return there;
}

async function uidsOf(tenant: Tenant, objects: readonly string[]): Promise<(string | undefined)[]> {
  return Promise.all(objects.map(async (object) => (await found(tenant, object)).metadata.uid));
}

/** Installs the chart, upgrades it, and tells what has come of that once it is over. */
async function upgraded(begin: (upgrade: () => Promise<void>, of: Tenant) => Promise<void>): Promise<object> {
  const tenant = await coxswain.tenant();
  const release = await tenant.apply('r', chart);
  await release.ready();
  const [kept, replaced] = [await uidsOf(tenant, KEPT), await uidsOf(tenant, REPLACED)];
  await begin(async () => release.patch({ values: { size: '2Gi' } }), tenant);
  const { status } = await release.inForce(2);
  const now = await uidsOf(tenant, REPLACED);
  return {
    kept: (await uidsOf(tenant, KEPT)).map((uid, index) => uid === kept[index]),
    replaced: now.map((uid, index) => uid !== replaced[index]),
    size: (await found(tenant, 'persistentvolumeclaims/data-db-0')).spec?.resources?.requests?.storage,
    data: await tenant.configMap('fixed'),
    old: await tenant.configMap('old'),
    resources: status?.resources?.map(({ kind, name, health }) => `${kind}/${name} ${health}`),
    versions: (await release.histories()).map(({ spec }) => spec.version),
  };
}

/** Waits until an upgrade has nothing left to write: on a busy machine one may take a write more than another. */
async function over(tenant: Tenant): Promise<string> {
  await tenant.release('r').inForce(2, { timeoutMs: 1_800_000 });
  return 'no such write';
}

test('killed after any of its writes, an upgrade that recreates objects ends in the same state', async () => {
  let walked = '';
  const reference = await upgraded(async (upgrade, { namespace }) => {
    gate.count();
    await upgrade();
    walked = namespace;
  });
  const writes = gate.writesIn(walked).length;
  expect(reference).toMatchObject({ kept: [true, true], replaced: [true, true, true], size: '2Gi', old: undefined });
  expect(writes).toBeGreaterThan(10);
  for (let at = 0; at < writes; at += AT_A_TIME) {
    const numbers = Array.from({ length: Math.min(AT_A_TIME, writes - at) }, (_, index) => at + index + 1);
    const beginning = meeting(numbers.length, async () => undefined);
    const killing = meeting(numbers.length, async () => {
      coxswain.controller.kill('SIGKILL');
      await coxswain.controller.exited;
      gate.count();
      await giveUpLease(coxswain.controlPlane);
      await restart();
    });
    const outcomes = await Promise.all(
      numbers.map(async (n) => {
        let killedAfter = '';
        const outcome = await upgraded(async (upgrade, tenant) => {
          await beginning();
          const last = gate.lastWrite(tenant.namespace, n);
          await upgrade();
          killedAfter = `${n}: ${await Promise.race([last, over(tenant)])}`;
          await killing();
        });
        return { killedAfter, ...outcome };
      }),
    );
    expect(outcomes).toEqual(outcomes.map(({ killedAfter }) => ({ killedAfter, ...reference })));
  }
}, 1_800_000);

/** Holds back so many calls until the last of them has come, and then until this is done, once. */
function meeting(size: number, then: () => Promise<void>): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let come = 0;
  return async () => {
    come += 1;
    if (come === size) resolve(then());
    return promise;
  };
}

test('whichever of its writes fails, and however, an upgrade that recreates objects ends in the same state', async () => {
  let walked = '';
  const reference = await upgraded(async (upgrade, { namespace }) => {
    gate.count();
    await upgrade();
    walked = namespace;
  });
  const writes = gate.writesIn(walked).length;
  const cases = WRITE_FAILURES.flatMap((failure) =>
    Array.from({ length: writes }, (_, index) => ({ failure, n: index + 1 })),
  );
  for (let at = 0; at < cases.length; at += AT_A_TIME) {
    const outcomes = await Promise.all(
      cases.slice(at, at + AT_A_TIME).map(async ({ failure, n }) => {
        let failed: Promise<string> | undefined;
        const outcome = await upgraded(async (upgrade, tenant) => {
          failed = Promise.race([gate.failWrite(tenant.namespace, n, failure), over(tenant)]);
          await upgrade();
        });
        return { failed: `${failure} ${n}: ${await failed}`, ...outcome };
      }),
    );
    expect(outcomes).toEqual(outcomes.map(({ failed }) => ({ failed, ...reference })));
  }
}, 1_800_000);
