import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { desiredOf, planFor, withoutUndeclared } from '../../../resources/index.ts';
import type { KubeObject, Ownership } from '../../../resources/index.ts';
import { startControlPlane } from '../../control-plane/index.ts';
import type { ControlPlane } from '../../control-plane/index.ts';
import { compared } from '../../support/compared.ts';
import { eventually } from '../../support/eventually.ts';
import { kubectlFor } from '../../support/cluster/kubectl.ts';
import type { Kubectl } from '../../support/cluster/kubectl.ts';
import { testSince } from '../../support/since.ts';
import { createTenant } from '../../support/cluster/tenant.ts';
import { runThrough } from '../../support/run-through.ts';
import { clusterScoped, gadget, NAMESPACED } from './objects.ts';

const OWNERSHIP: Ownership = {
  releaseLabel: 'coxswain.dev/release',
  namespaceLabel: 'coxswain.dev/release-namespace',
  appliedAnnotation: 'coxswain.dev/applied',
  hookRunAnnotation: 'coxswain.dev/hook-run',
  fieldManager: 'coxswain',
};

let controlPlane: ControlPlane;
let kubectl: Kubectl;

beforeAll(async () => {
  controlPlane = await startControlPlane();
  kubectl = kubectlFor(controlPlane);
}, 1_200_000);
afterAll(async () => controlPlane?.stop());

function desiredIn(namespace: string, object: KubeObject, namespaced = true): KubeObject {
  return desiredOf(object, { name: 'web', namespace, ownership: OWNERSHIP }, { namespaced });
}

/** Applies as the controller does; returns the object as the server answers. */
async function apply(object: KubeObject): Promise<KubeObject> {
  const flags = ['--server-side', '--field-manager=coxswain', '--force-conflicts', '--show-managed-fields'];
  const { code, stdout, stderr } = await kubectl.attempt(['apply', ...flags, '--output=json', '--filename=-'], {
    input: JSON.stringify(object),
  });
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as KubeObject;
}

async function live({ apiVersion, kind, metadata }: KubeObject): Promise<KubeObject> {
  const [version, group = ''] = apiVersion.split('/').toReversed();
  const namespace = metadata.namespace === undefined ? [] : ['--namespace', metadata.namespace];
  return kubectl.json('get', `${kind}.${version}.${group}`, metadata.name, ...namespace, '--show-managed-fields');
}

function find(kind: string): KubeObject {
  const found = NAMESPACED.find((object) => object.kind === kind);
  if (!found) throw new Error(`there is no ${kind} among the objects`);
  return found;
}

describe('an object is in sync', () => {
  test('right after an apply, and after controllers have written to it, whatever its kind', async () => {
    const namespace = await createTenant(kubectl);
    const objects = [
      ...clusterScoped(namespace).map((object) => desiredIn(namespace, object, false)),
      ...NAMESPACED.map((object) => desiredIn(namespace, object)),
    ];
    for (const desired of objects) {
      const answer = await apply(desired);
      expect([desired.kind, compared(desired, answer, OWNERSHIP)]).toEqual([desired.kind, []]);
    }
    const custom = desiredIn(namespace, gadget(namespace));
    await eventually(
      () => apply(custom),
      (answer) => expect(compared(custom, answer, OWNERSHIP)).toEqual([]),
    );

    const deployment = desiredIn(namespace, find('Deployment'));
    await eventually(
      () => live(deployment),
      ({ status }) => expect(status).toMatchObject({ availableReplicas: 2 }),
    );
    for (const desired of [...objects, custom]) {
      const now = await live(desired);
      expect([desired.kind, compared(desired, now, OWNERSHIP)]).toEqual([desired.kind, []]);
    }
    for (const { kind, metadata } of objects) {
      if (metadata.namespace === undefined) await kubectl('delete', kind, metadata.name, '--wait=false');
    }
  });

  testSince('1.36', 'when admission changed what was sent', async () => {
    const namespace = await createTenant(kubectl);
    const name = `in-sync-${namespace}`;
    await kubectl.apply(...mutationOf(namespace, name));
    const desired = desiredIn(namespace, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c' },
      data: { a: 'x' },
    });
    try {
      await eventually(
        async () => {
          await kubectl('delete', 'configmap', 'c', '--namespace', namespace, '--ignore-not-found');
          return apply(desired);
        },
        (answer) => expect(answer['data']).toEqual({ a: 'changed' }),
      );
      expect(compared(desired, await live(desired), OWNERSHIP)).toEqual([]);
    } finally {
      await kubectl('delete', 'mutatingadmissionpolicybinding,mutatingadmissionpolicy', name);
    }
  });
});

/** A policy that overwrites a value of every ConfigMap of a namespace. */
function mutationOf(namespace: string, name: string): object[] {
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['configmaps'] };
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': namespace } };
  const expression = "Object{data: {'a': 'changed'}}";
  return [
    {
      apiVersion,
      kind: 'MutatingAdmissionPolicy',
      metadata: { name },
      spec: {
        matchConstraints: { resourceRules: [rule], namespaceSelector },
        failurePolicy: 'Fail',
        reinvocationPolicy: 'Never',
        mutations: [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression } }],
      },
    },
    { apiVersion, kind: 'MutatingAdmissionPolicyBinding', metadata: { name }, spec: { policyName: name } },
  ];
}

const CONTAINER = '/spec/template/spec/containers/0';

describe('another manager’s edit is reported by its path', () => {
  test.each<[string, string, string[], string[]]>([
    ['a scaled Deployment', 'Deployment', ['scale', 'deployment/web', '--replicas=5'], ['/spec/replicas']],
    ['another image', 'Deployment', ['set', 'image', 'deployment/web', 'app=nginx:0'], [`${CONTAINER}/image`]],
    ['a variable', 'Deployment', ['set', 'env', 'deployment/web', 'MODE=third'], [`${CONTAINER}/env/0/value`]],
    ['a variable that is gone', 'Deployment', ['set', 'env', 'deployment/web', 'EMPTY-'], [`${CONTAINER}/env/1/name`]],
    [
      'a label that is gone',
      'Service',
      ['label', 'service/web', 'coxswain.dev/release-'],
      ['/metadata/labels/coxswain.dev~1release'],
    ],
    [
      'an annotation',
      'Service',
      ['annotate', '--overwrite', 'service/web', 'coxswain.dev/applied=x'],
      ['/metadata/annotations/coxswain.dev~1applied'],
    ],
    ['a Secret’s value', 'Secret', ['patch', 'secret/web', '--patch={"stringData":{"b":"other"}}'], ['/data/b']],
    ['a ConfigMap without its data', 'ConfigMap', ['patch', 'configmap/web', '--patch={"data":null}'], ['/data']],
    ['a rule', 'Role', ['patch', 'role/web', '--type=json', '--patch=[{"op":"remove","path":"/rules/1"}]'], ['/rules']],
    [
      'an Ingress’s host',
      'Ingress',
      [
        'patch',
        'ingress/web',
        '--type=json',
        '--patch=[{"op":"replace","path":"/spec/rules/0/host","value":"x.example"}]',
      ],
      ['/spec/rules'],
    ],
    ['a schedule', 'CronJob', ['patch', 'cronjob/web', '--patch={"spec":{"suspend":true}}'], ['/spec/suspend']],
  ])('%s', async (_name, kind, edit, paths) => {
    const namespace = await createTenant(kubectl);
    const desired = desiredIn(namespace, find(kind));
    await apply(desired);
    await kubectl(...edit, '--namespace', namespace);
    expect(compared(desired, await live(desired), OWNERSHIP)).toEqual(paths);
    expect(compared(desired, await apply(desired), OWNERSHIP)).toEqual([]);
  });

  test('a volume that was turned into one of another kind, which no apply can undo', async () => {
    const namespace = await createTenant(kubectl);
    const desired = desiredIn(namespace, find('Deployment'));
    await apply(desired);
    const value = { name: 'data', hostPath: { path: '/tmp' } };
    const patch = JSON.stringify([{ op: 'replace', path: '/spec/template/spec/volumes/0', value }]);
    await kubectl('patch', 'deployment/web', '--namespace', namespace, '--type=json', `--patch=${patch}`);
    expect(compared(desired, await live(desired), OWNERSHIP)).toEqual(['/spec/template/spec/volumes/0/emptyDir']);
    await expect(apply(desired)).rejects.toThrow('more than 1 volume type');
  });

  test('fields that others add beside ours belong to them', async () => {
    const namespace = await createTenant(kubectl);
    const desired = desiredIn(namespace, find('Deployment'));
    await apply(desired);
    await kubectl('label', 'deployment/web', 'theirs=1', '--namespace', namespace);
    await kubectl('set', 'env', 'deployment/web', 'THEIRS=1', '--namespace', namespace);
    expect(compared(desired, await live(desired), OWNERSHIP)).toEqual([]);
  });
});

test('replicas set by an autoscaler belong to it', async () => {
  const namespace = await createTenant(kubectl);
  const desired = desiredIn(namespace, find('Deployment'));
  await apply(desired);
  const { stdout } = await kubectl.attempt([
    'get',
    '--raw',
    `/apis/apps/v1/namespaces/${namespace}/deployments/web/scale`,
  ]);
  const scale = { ...(JSON.parse(stdout) as object), spec: { replicas: 3 } };
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments/web/scale?fieldManager=kube-controller-manager`;
  const put = await kubectl.attempt(['replace', '--raw', path, '--filename=-'], { input: JSON.stringify(scale) });
  expect(put).toMatchObject({ code: 0 });

  const scaled = await live(desired);
  expect(compared(desired, scaled, OWNERSHIP)).toEqual(['/spec/replicas']);
  const owner = { name: 'web', namespace, ownership: OWNERSHIP };
  const operationsFor = (wanted: KubeObject) =>
    runThrough(planFor({ desired: [wanted], inventory: [], live: () => scaled, owner })).writes;
  expect(operationsFor(desired)).toEqual([]);
  const next = desiredIn(namespace, { ...find('Deployment'), metadata: { name: 'web', labels: { next: 'yes' } } });
  const [update] = operationsFor(next);
  if (update?.type !== 'update') throw new Error('no update');
  expect((await apply(update.object))['spec']).toMatchObject({ replicas: 3 });
});

test('fields that no schema declares can be removed by the names that the server reports', async () => {
  const namespace = await createTenant(kubectl);
  const given = structuredClone(find('Deployment')) as KubeObject & {
    spec: { template: { spec: { containers: object[] } } };
  };
  Object.assign(given.spec, { strange: 1 });
  Object.assign(given.spec.template.spec.containers[0] ?? {}, { stranger: [1] });
  let object: KubeObject | undefined = desiredIn(namespace, given);
  const refusals: string[] = [];
  while (object !== undefined && refusals.length < 5) {
    const attempt: KubeObject = object;
    const outcome = await apply(attempt).catch((error: unknown) => String(error));
    if (typeof outcome !== 'string') break;
    refusals.push(outcome);
    object = withoutUndeclared(attempt, outcome);
  }
  expect(refusals.length).toBeGreaterThan(0);
  expect(object?.['spec']).toEqual(desiredIn(namespace, find('Deployment'))['spec']);
});
