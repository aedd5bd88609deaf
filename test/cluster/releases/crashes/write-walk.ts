import type { Release, ReleaseHistory } from '../../../../crds/index.ts';
import type { KubeObject } from '../../../../resources/index.ts';
import type { ChartParts } from '../../../support/charts/chart-builder.ts';
import { eventually } from '../../../support/eventually.ts';
import { conditionOf, releaseOf } from '../../../support/cluster/installation.ts';
import type { Kubectl } from '../../../support/cluster/kubectl.ts';
import type { StoredChart } from '../../../support/charts/registry.ts';

// What the walks over the writes of an operation share: the operation, done in many namespaces at once, and what came of it.

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
{{- if eq .Values.value "bad" }}
apiVersion: v1
kind: ConfigMap
metadata: {name: {{ $.Release.Name }}-bad}
data: {"no key": ""}
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

/** Three ConfigMaps, a fourth for the value "two", and a hook. */
export const STEPS_CHART: ChartParts = { name: 'steps', values: 'value: one\n', templates: { 'all.yaml': TEMPLATE } };

/**
 * `return` makes a version of the content that an older one has, which is then pruned; `adopt` is an install that finds two of the objects, as
 * Helm has made them, with an entry that the chart does not have; `fail` is an upgrade with an object that the API server refuses, which is
 * then rolled back.
 */
export type Operation =
  'install' | 'adopt' | 'upgrade' | 'plan' | 'approve' | 'rollback' | 'return' | 'fail' | 'delete';

/** All of them; `plan` is an upgrade that waits for approval, and `approve` what comes of it. */
export const OPERATIONS: readonly Operation[] = [
  'install',
  'adopt',
  'upgrade',
  'plan',
  'approve',
  'rollback',
  'return',
  'fail',
  'delete',
];

/** What an operation starts from. */
const BEFORE: Record<Operation, Operation[]> = {
  install: [],
  adopt: [],
  upgrade: ['install'],
  plan: ['install'],
  approve: ['install', 'plan'],
  rollback: ['install', 'upgrade'],
  return: ['install', 'upgrade'],
  fail: ['install', 'upgrade'],
  delete: ['install', 'upgrade'],
};

const COMES_TO: Record<Operation, number | undefined> = {
  install: 1,
  adopt: 1,
  upgrade: 2,
  plan: 1,
  approve: 2,
  rollback: 1,
  return: 3,
  fail: 2,
  delete: undefined,
};

/** The chart's Release, called `app`, in namespaces of tenants. */
export type Walk = {
  /** Makes the namespaces and brings them to where the operation starts. */
  prepare(operation: Operation, namespaces: readonly string[]): Promise<void>;
  begin(operation: Operation, namespaces: readonly string[]): Promise<void>;
  /** Waits for the end, and tells all that should not depend on what happened on the way; a namespace is called NS in it. */
  outcomes(operation: Operation, namespaces: readonly string[]): Promise<object[]>;
};

/** Walks with this chart, which is built of `STEPS_CHART`. */
export function walkWith(kubectl: Kubectl, chart: StoredChart): Walk {
  const begin: Walk['begin'] = async (operation, namespaces) => {
    const releases = (value: string, approval?: string): object[] =>
      namespaces.map((namespace) =>
        releaseOf(namespace, 'app', chart, {
          values: { value, [value]: 'only here' },
          historyLimit: 2,
          ...(operation === 'adopt' && { adopt: 'HelmRelease' }),
          ...(approval !== undefined && { approval }),
          ...(operation === 'fail' && { onFailure: { strategy: 'Rollback' } }),
        }),
      );
    switch (operation) {
      case 'install':
      case 'adopt':
      case 'return':
        return kubectl.apply(...releases('one'));
      case 'upgrade':
        return kubectl.apply(...releases('two'));
      case 'plan':
        return kubectl.apply(...releases('two', 'Manual'));
      case 'approve':
        return approve(kubectl, namespaces);
      case 'fail':
        return kubectl.apply(...releases('bad'));
      case 'rollback':
        for (const namespace of namespaces) {
          await kubectl('patch', 'rel', 'app', '-n', namespace, '--type=merge', '--patch={"spec":{"version":1}}');
        }
        return;
      case 'delete':
        for (const namespace of namespaces) await kubectl('delete', 'rel', 'app', '-n', namespace, '--wait=false');
    }
  };
  return {
    begin,
    prepare: async (operation, namespaces) => {
      await kubectl.apply(...namespaces.flatMap(tenantObjects));
      if (operation === 'adopt') await applyAsHelm(kubectl, namespaces.flatMap(helmObjects));
      for (const step of BEFORE[operation]) {
        await begin(step, namespaces);
        await allDone(kubectl, step, namespaces);
      }
    },
    outcomes: async (operation, namespaces) => {
      await allDone(kubectl, operation, namespaces);
      const seen = await everything(kubectl, [RELEASES, HISTORIES, CONFIG_MAPS, SECRETS]);
      return namespaces.map((namespace) => {
        const objects = seen.filter(({ metadata }) => metadata.namespace === namespace);
        return JSON.parse(JSON.stringify(outcomeOf(objects)).replaceAll(namespace, 'NS')) as object;
      });
    },
  };
}

async function approve(kubectl: Kubectl, namespaces: readonly string[]): Promise<void> {
  for (const namespace of namespaces) {
    const { status } = await kubectl.json<Release>('get', 'rel', 'app', '-n', namespace);
    const patch = { spec: { approvedPlan: status?.plan?.digest } };
    await kubectl('patch', 'rel', 'app', '-n', namespace, '--type=merge', `--patch=${JSON.stringify(patch)}`);
  }
}

function tenantObjects(name: string): object[] {
  const binding = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'coxswain', namespace: name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'admin' },
    subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: name }],
  };
  return [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, binding];
}

async function applyAsHelm(kubectl: Kubectl, items: readonly object[]): Promise<void> {
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  const flags = ['apply', '--server-side', '--field-manager=helm', '--filename=-'];
  const { code, stderr } = await kubectl.attempt(flags, { input });
  if (code !== 0) throw new Error(stderr);
}

function helmObjects(namespace: string): object[] {
  const annotations = { 'meta.helm.sh/release-name': 'app', 'meta.helm.sh/release-namespace': namespace };
  const labels = { 'app.kubernetes.io/managed-by': 'Helm' };
  return ['app-a', 'app-b'].map((name) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace, annotations, labels },
    data: { value: 'one', gone: 'with the chart' },
  }));
}

const RELEASES = '/apis/coxswain.dev/v1alpha1/releases';
const HISTORIES = '/apis/coxswain.dev/v1alpha1/releasehistories';
const CONFIG_MAPS = '/api/v1/configmaps';
const SECRETS = '/api/v1/secrets';

async function everything(kubectl: Kubectl, paths: readonly string[]): Promise<KubeObject[]> {
  const lists = paths.map(async (path) => {
    const list = await kubectl.read<{ items: KubeObject[] }>(path);
    if (!list) throw new Error(`nothing is served at ${path}`);
    return list.items;
  });
  return (await Promise.all(lists)).flat();
}

/** Deleted is what left nothing but what Kubernetes itself makes and, until the garbage collector has been there, chunks. */
async function allDone(kubectl: Kubectl, operation: Operation, namespaces: readonly string[]): Promise<void> {
  const kinds = operation === 'delete' ? [RELEASES, HISTORIES, CONFIG_MAPS] : [RELEASES];
  const look = async (): Promise<string[]> => {
    const objects = await everything(kubectl, kinds);
    return namespaces.filter((namespace) => {
      const own = objects.filter(({ metadata }) => metadata.namespace === namespace).filter(isOurs);
      return operation === 'delete' ? own.length > 0 : !own.some((object) => isAt(object, operation));
    });
  };
  await eventually(look, (missing) => missing.length === 0, { timeoutMs: 300_000, intervalMs: 300 });
}

function isOurs({ metadata }: KubeObject): boolean {
  return metadata.name !== 'kube-root-ca.crt';
}

function isAt(object: KubeObject, operation: Operation): boolean {
  const release = object as unknown as Release;
  const isCurrent = release.status?.observedGeneration === release.metadata.generation;
  const ready = conditionOf(release, 'Ready');
  const reasons: Partial<Record<Operation, string>> = { plan: 'ApprovalAwaited', fail: 'RolledBack' };
  const isTold = operation in reasons ? ready?.reason === reasons[operation] : ready?.status === 'True';
  const isEnd = isTold && (release.status?.plan?.counts.refused ?? 0) === 0;
  return isCurrent && isEnd && release.status?.version === COMES_TO[operation];
}

function outcomeOf(objects: readonly KubeObject[]): object {
  const ofKind = (kind: string): KubeObject[] => objects.filter((object) => object.kind === kind);
  const [release] = ofKind('Release') as unknown as Release[];
  const histories = ofKind('ReleaseHistory') as unknown as ReleaseHistory[];
  const chunks = ofKind('Secret').filter((secret) => secret['type'] === 'coxswain.dev/chunk');
  return {
    children: ofKind('ConfigMap')
      .filter(isOurs)
      .map((object) => [object.metadata.name, object['data'], object.metadata.labels]),
    histories: histories.map(({ spec }) => [spec.version, spec.description, spec.changes]),
    // Chunks go with their history by the garbage collector.
    unowned: release ? histories.flatMap((history) => chunksNotOwned(history, chunks)) : [],
    finalizers: release?.metadata.finalizers,
    // The digest of a plan is of one occasion.
    spec: { ...release?.spec, approvedPlan: undefined },
    status: release && statusOf(release),
  };
}

function chunksNotOwned({ metadata, spec }: ReleaseHistory, chunks: readonly KubeObject[]): string[] {
  return spec.chunks.flatMap(({ name }) => {
    const owners = chunks.find((chunk) => chunk.metadata.name === name)?.metadata.ownerReferences ?? [];
    return owners.some(({ uid }) => uid === metadata.uid) ? [] : [`${name} of version ${spec.version}`];
  });
}

function statusOf(release: Release): object {
  const { status } = release;
  return {
    version: status?.version,
    resources: status?.resources?.map(({ kind, name }) => `${kind}/${name}`),
    operation: [status?.operation?.type, status?.operation?.phase, status?.operation?.version],
    plan: status?.plan?.objects?.map(({ action, kind, name }) => `${action} ${kind}/${name}`),
    history: status?.history?.map((row) => [row.version, row.description]),
    health: status?.health,
    reason: conditionOf(release, 'Ready')?.reason,
  };
}
