import { beforeEach, expect, test } from '@jest/globals';
import {
  countedOf,
  countedWhenQuiet,
  markAudit,
  requestsSince,
  type AuditMark,
} from '../../../support/cluster/audit.ts';
import { eventually } from '../../../support/eventually.ts';
import type { ReleaseView } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';

const coxswain = story();
let tenant: Tenant;
let mark: AuditMark;

beforeEach(async () => {
  tenant = await coxswain.tenant();
  mark = await markAudit(coxswain.controlPlane, tenant);
});

async function deploy(manifest: string, version = '1.0.0'): Promise<ReleaseView> {
  const chart = await coxswain.push({ name: 'work', version, templates: { 'all.yaml': manifest } });
  return tenant.apply('work', { ...chart, version });
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
  const isMade = ({ code = 0 }: { code?: number } = {}): boolean => code >= 200 && code < 300;
  return requests.filter(
    ({ verb, objectRef, responseStatus }) =>
      verb === 'patch' && objectRef?.resource === resource && isMade(responseStatus),
  ).length;
}

async function isGone(type = 'job'): Promise<void> {
  await eventually(
    () => tenant.kubectl('get', type, '--output=name'),
    (names) => names === '',
  );
}

test('a Job that disappears the moment it ends is created once for each version', async () => {
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

test('a Job that disappeared while no controller ran is not created again', async () => {
  const release = await deploy(job('ttlSecondsAfterFinished: 2'));
  await release.ready();
  await coxswain.controller.stop();
  await isGone();
  await coxswain.restart();
  await countedWhenQuiet('coxswain', mark);
  expect(await made()).toBe(1);
  expect((await release.ready()).status?.resources?.[0]?.finished).toMatch(/Succeeded|Unknown/);
});

test('a Job that somebody deletes before it ends is drift', async () => {
  const release = await deploy(job('suspend: true\n  ttlSecondsAfterFinished: 0'));
  await release.ready();
  await tenant.kubectl('delete', 'job', 'work');
  await eventually(made, (times) => times === 2);
});

test('other objects that stand for work are treated the same, by the status that they had', async () => {
  await tenant.bind('cluster-admin');
  const group = `${tenant.namespace}.example.com`;
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  await coxswain.define({
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
  const release = await deploy(`apiVersion: ${group}/v1\nkind: Workflow\nmetadata: {name: work}\nspec: {steps: []}\n`);
  await release.ready();
  const target = [`workflows.${group}`, 'work'];
  await tenant.kubectl('delete', ...target);
  await eventually(
    () => made('workflows'),
    (times) => times === 2,
  );
  await tenant.kubectl('patch', ...target, '--type=merge', '--patch={"status":{"phase":"Succeeded"}}');
  await tenant.kubectl('delete', ...target);
  await release.until(({ status }) => status?.resources?.[0]?.finished === 'Succeeded');
  await countedWhenQuiet('coxswain', mark);
  expect(await made('workflows')).toBe(2);
});
