import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Release } from '../../../crds/index.ts';
import type { KubeObject } from '../../../resources/index.ts';
import { startControlPlane, type ControlPlane } from '../../control-plane/index.ts';
import { buildChart } from '../../support/chart-builder.ts';
import { giveUpLease, installCoxswain, startController, type RunningController } from '../../support/controller.ts';
import { eventually } from '../../support/eventually.ts';
import { conditionOf, releaseOf, viewRelease } from '../../support/installation.ts';
import { kubectlFor, type Kubectl } from '../../support/kubectl.ts';
import { storeChart, type StoredChart } from '../../support/registry.ts';
import { createTenant } from '../../support/tenant.ts';
import { startWriteGate, type WriteGate } from '../../support/write-gate.ts';

// The controller is killed after each write of an operation, the answer to it lost, and started again: the end is the same.

const TEMPLATE = `{{- range $name := list "a" "b" "c" }}
apiVersion: v1
kind: ConfigMap
metadata: {name: {{ $.Release.Name }}-{{ $name }}}
data: {value: {{ $.Values.value | quote }}}
---
{{- end }}
{{- if eq .Values.value "two" }}
apiVersion: v1
kind: ConfigMap
metadata: {name: {{ $.Release.Name }}-extra}
{{- end }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-hook
  annotations:
    helm.sh/hook: pre-upgrade,post-install,post-rollback,pre-delete
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
data: {value: {{ .Values.value | quote }}}
`;

type Operation = 'install' | 'upgrade' | 'rollback' | 'delete';

/** What an operation starts from, and what it comes to. */
const BEFORE: Record<Operation, Operation[]> = {
  install: [],
  upgrade: ['install'],
  rollback: ['install', 'upgrade'],
  delete: ['install', 'upgrade'],
};

let controlPlane: ControlPlane;
let kubectl: Kubectl;
let chart: StoredChart;
let gate: WriteGate;
let controller: RunningController;

beforeAll(async () => {
  controlPlane = await startControlPlane();
  kubectl = kubectlFor(controlPlane);
  await installCoxswain(controlPlane);
  const values = 'value: one\n';
  const bytes = buildChart({ name: 'steps', values, templates: { 'all.yaml': TEMPLATE } });
  chart = await storeChart(controlPlane, bytes);
  await (await startController({ controlPlane })).stop();
  gate = await startWriteGate(join(controlPlane.directory, 'coxswain.kubeconfig'));
  await start();
});

afterAll(async () => {
  await controller?.stop();
  await gate?.close();
  await controlPlane?.stop();
});

test.each<Operation>(['install', 'upgrade', 'rollback', 'delete'])(
  'killed after any write of %s, it ends in the same state',
  async (operation) => {
    const undisturbed = await prepared(operation);
    gate.count();
    await begin(operation, undisturbed);
    const reference = await outcome(operation, undisturbed);
    const { length } = gate.writes;
    expect(length).toBeGreaterThan(3);
    for (let n = 1; n <= length; n += 1) {
      const namespace = await prepared(operation);
      const killed = new Promise<string>((resolve) => {
        gate.afterWrite(n, (write) => {
          controller.kill('SIGKILL');
          resolve(write);
        });
      });
      await begin(operation, namespace);
      const write = await killed;
      await controller.exited;
      gate.count();
      await giveUpLease(controlPlane);
      await start();
      expect({
        killedAfter: `${n}: ${write.replaceAll(namespace, 'NS')}`,
        ...(await outcome(operation, namespace)),
      }).toEqual({
        killedAfter: `${n}: ${write.replaceAll(namespace, 'NS')}`,
        ...reference,
      });
    }
  },
  600_000,
);

test('no chunk is left of what was deleted', async () => {
  const namespaces = (
    await kubectl('get', 'relhist', '--all-namespaces', '--output=jsonpath={.items[*].metadata.namespace}')
  ).split(' ');
  const left = () => chunksOf('--all-namespaces');
  await eventually(left, (names) => names.split('\n').every((line) => namespaces.includes(line.split('/')[0] ?? '')), {
    timeoutMs: 120_000,
  });
});

/** The chunks that there are, a line each: namespace/name. */
async function chunksOf(...scope: string[]): Promise<string> {
  const path = '--output=jsonpath={range .items[*]}{.metadata.namespace}/{.metadata.name}{"\\n"}{end}';
  return (await kubectl('get', 'secret', ...scope, '--field-selector=type=coxswain.dev/chunk', path)).trim();
}

async function start(): Promise<void> {
  controller = await startController({ controlPlane, flags: ['--kubeconfig', gate.kubeconfig] });
}

async function prepared(operation: Operation): Promise<string> {
  const namespace = await createTenant(kubectl, operation);
  for (const step of BEFORE[operation]) {
    await begin(step, namespace);
    await done(step, namespace);
  }
  return namespace;
}

async function begin(operation: Operation, namespace: string): Promise<void> {
  const release = viewRelease(kubectl, namespace, 'app');
  switch (operation) {
    case 'install':
      return kubectl.apply(releaseOf(namespace, 'app', chart, { values: { value: 'one' } }));
    case 'upgrade':
      return release.patch({ values: { value: 'two' } });
    case 'rollback':
      return release.patch({ version: 1 });
    case 'delete':
      await kubectl('delete', 'release', 'app', '--namespace', namespace, '--wait=false');
  }
}

async function done(operation: Operation, namespace: string): Promise<Release | undefined> {
  if (operation === 'delete') {
    const left = () => kubectl('get', 'rel,relhist,cm', '--namespace', namespace, '--output=name');
    await eventually(left, (names) => names.trim() === 'configmap/kube-root-ca.crt');
    return undefined;
  }
  const version = operation === 'upgrade' ? 2 : 1;
  return viewRelease(kubectl, namespace, 'app').until(
    (release) => release.status?.version === version && conditionOf(release, 'Ready')?.status === 'True',
  );
}

/** Everything that should not depend on whether the controller was killed. */
async function outcome(operation: Operation, namespace: string): Promise<object> {
  const release = await done(operation, namespace);
  const { items } = await kubectl.json<{ items: KubeObject[] }>('get', 'configmap', '--namespace', namespace);
  const configMaps = items.filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt');
  const children = configMaps.map((object) => [object.metadata.name, object['data'], object.metadata.labels]);
  const histories = await viewRelease(kubectl, namespace, 'app').histories();
  // Chunks go with their history by the garbage collector: awaited once, for all, at the end.
  const chunks = operation === 'delete' ? '' : await chunksOf('--namespace', namespace);
  const { metadata, spec, status } = release ?? {};
  const seen = {
    children,
    histories: histories.map((history) => [history.spec.version, history.spec.description, history.spec.changes]),
    chunks: chunks.split('\n').length,
    finalizers: metadata?.finalizers,
    spec,
    status: {
      version: status?.version,
      resources: status?.resources?.map(({ kind, name }) => `${kind}/${name}`),
      operation: [status?.operation?.type, status?.operation?.phase, status?.operation?.version],
      history: status?.history?.map((row) => [row.version, row.description]),
      health: status?.health,
      reason: release && conditionOf(release, 'Ready')?.reason,
    },
  };
  return JSON.parse(JSON.stringify(seen).replaceAll(namespace, 'NS')) as object;
}
