import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { countedOf, countedWhenQuiet, markAudit, requestsSince, type AuditMark } from '../../support/cluster/audit.ts';
import { startController, type RunningController } from '../../support/cluster/controller.ts';
import { eventually } from '../../support/eventually.ts';
import {
  pushParts,
  releaseOf,
  startInstallation,
  viewRelease,
  type Installation,
  type ReleaseView,
} from '../../support/cluster/installation.ts';
import { createTenant } from '../../support/cluster/tenant.ts';

let coxswain: Installation;
let namespace: string;
let mark: AuditMark;
/** The controller after the one that the installation began with. */
let restarted: RunningController | undefined;

beforeAll(async () => {
  coxswain = await startInstallation();
});

afterAll(async () => {
  await restarted?.stop();
  await coxswain?.stop();
});

beforeEach(async () => {
  namespace = await createTenant(coxswain.kubectl);
  mark = await markAudit(coxswain.controlPlane);
});

async function deploy(manifest: string, version = '1.0.0'): Promise<ReleaseView> {
  const chart = await pushParts(coxswain, { name: 'work', version, templates: { 'all.yaml': manifest } });
  await coxswain.kubectl.apply(releaseOf(namespace, 'work', { ...chart, version }));
  return viewRelease(coxswain.kubectl, namespace, 'work');
}

const job = (spec: string): string => `apiVersion: batch/v1
kind: Job
metadata: {name: work}
spec:
  ${spec}
  template: {spec: {restartPolicy: Never, containers: [{name: c, image: "n:1"}]}}
`;

/** How often a Job was made, or other objects of a type. */
async function made(resource = 'jobs'): Promise<number> {
  const requests = countedOf('coxswain', await requestsSince(mark));
  return requests.filter(({ verb, objectRef }) => verb === 'patch' && objectRef?.resource === resource).length;
}

async function isGone(type = 'job'): Promise<void> {
  const get = ['get', type, '--namespace', namespace, '--output=name'];
  await eventually(
    () => coxswain.kubectl(...get),
    (names) => names === '',
  );
}

test('a Job that goes the moment it ends is made once for each version', async () => {
  const manifest = job('ttlSecondsAfterFinished: 0');
  const release = await deploy(manifest);
  await release.until(({ status }) => status?.resources?.[0]?.finished === 'Succeeded');
  await isGone();
  await release.ready();
  await countedWhenQuiet('coxswain', mark);
  expect(await made()).toBe(1);
  await deploy(manifest, '1.0.1');
  await release.until(({ status }) => status?.version === 2 && status.resources?.[0]?.finished === 'Succeeded');
  await isGone();
  await countedWhenQuiet('coxswain', mark);
  expect(await made()).toBe(2);
  expect((await release.ready()).status?.health).toBe('Green');
});

test('one that went while no controller ran is not made again', async () => {
  const release = await deploy(job('ttlSecondsAfterFinished: 2'));
  await release.ready();
  await coxswain.controller.stop();
  await isGone();
  restarted = await startController({ controlPlane: coxswain.controlPlane });
  await countedWhenQuiet('coxswain', mark);
  expect(await made()).toBe(1);
  expect((await release.ready()).status?.resources?.[0]?.finished).toMatch(/Succeeded|Unknown/);
});

test('a Job that somebody deletes before its end is drift', async () => {
  const release = await deploy(job('suspend: true\n  ttlSecondsAfterFinished: 0'));
  await release.ready();
  await coxswain.kubectl('delete', 'job', 'work', '--namespace', namespace);
  await eventually(made, (times) => times === 2);
});

test('so are other objects that stand for work, by what their status said', async () => {
  const { kubectl } = coxswain;
  const account = `--serviceaccount=${namespace}:default`;
  await kubectl('create', 'rolebinding', 'all', '--namespace', namespace, '--clusterrole=cluster-admin', account);
  const group = `${namespace}.example.com`;
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  await kubectl.apply({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `workflows.${group}` },
    spec: {
      group,
      names: { kind: 'Workflow', plural: 'workflows' },
      scope: 'Namespaced',
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  });
  await kubectl('wait', `crd/workflows.${group}`, '--for=condition=Established', '--timeout=30s');
  const release = await deploy(`apiVersion: ${group}/v1\nkind: Workflow\nmetadata: {name: work}\nspec: {steps: []}\n`);
  await release.ready();
  const target = [`workflows.${group}`, 'work', '--namespace', namespace];
  await kubectl('delete', ...target);
  await eventually(
    () => made('workflows'),
    (times) => times === 2,
  );
  await kubectl('patch', ...target, '--type=merge', '--patch={"status":{"phase":"Succeeded"}}');
  await kubectl('delete', ...target);
  await release.until(({ status }) => status?.resources?.[0]?.finished === 'Succeeded');
  await countedWhenQuiet('coxswain', mark);
  expect(await made('workflows')).toBe(2);
});
