import { readFile } from 'node:fs/promises';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../../../support/eventually.ts';
import { auditedRequests, conditionOf, type ReleaseView } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';

const coxswain = story();
let tenant: Tenant;
let charts = 0;

beforeEach(async () => {
  tenant = await coxswain.tenant();
});

describe('what only Kubernetes Events report', () => {
  test('a quota that forbids the pods of a StatefulSet and a Job makes them Red, in the quota’s words', async () => {
    await tenant.kubectl('create', 'quota', 'none', '--hard=pods=0');
    await tenant.kubectl('wait', 'quota/none', '--for=jsonpath={.status.used}', '--timeout=90s');
    const web = await install({ 'set.yaml': STATEFUL_SET, 'job.yaml': JOB });
    const red = await web.until(({ status }) => (status?.resources ?? []).every(({ health }) => health === 'Red'));
    for (const { message } of red.status?.resources ?? [])
      expect(message).toMatch(/FailedCreate: exceeded quota: none/);
    expect(conditionOf(red, 'Ready')?.reason).toBe('Unhealthy');
    expect(conditionOf(red, 'Healthy')).toMatchObject({
      status: 'False',
      reason: 'Unhealthy',
      message: red.status?.message,
    });
    await tenant.kubectl('delete', 'quota', 'none');
  });

  test('an account that may not watch them merely loses the cause', async () => {
    tenant = await coxswain.tenant({ rights: 'none' });
    await tenant.grant('*', 'statefulsets.apps,pods,services,configmaps');
    await tenant.kubectl('create', 'quota', 'none', '--hard=pods=0');
    await tenant.kubectl('wait', 'quota/none', '--for=jsonpath={.status.used}', '--timeout=90s');
    const web = await install({ 'set.yaml': STATEFUL_SET, 'config.yaml': CONFIG_MAP });
    await eventually(eventWatches, (watches) =>
      expect(watches.map(({ responseStatus }) => responseStatus?.code)).toContain(403),
    );
    // They are asked for before the status is written, and before the StatefulSet has one.
    const release = await web.until(
      ({ status }) => status?.operation?.phase === 'Done' && status.message === 'StatefulSet/db: 0 of 1 replicas ready',
    );
    expect(release.status).toMatchObject({ version: 1, health: 'Yellow' });
    expect(conditionOf(release, 'Healthy')).toMatchObject({ status: 'Unknown', reason: 'Progressing' });
  });

  test('a claim that waits for its first consumer is ready, and stays so', async () => {
    await coxswain.kubectl.apply(STORAGE_CLASS);
    const web = await install({ 'claim.yaml': CLAIM });
    const { metadata } = await web.ready();
    await web.patch({ timeout: '6m' });
    await web.until((release) => release.metadata.generation > metadata.generation && isReady(release));
  });

  test('are not watched where all is well', async () => {
    const web = await install({ 'config.yaml': CONFIG_MAP });
    await web.ready();
    expect(await eventWatches()).toEqual([]);
  });
});

test('a paused Deployment and a load balancer with its own addresses are as desired', async () => {
  const web = await install({ 'deployment.yaml': PAUSED_DEPLOYMENT, 'service.yaml': LOAD_BALANCER });
  await tenant.kubectl('wait', 'release/web', '--for=condition=Healthy', '--timeout=90s');
  await web.ready();
});

test('a run of a CronJob that cannot pull its image makes it Red', async () => {
  const web = await install({ 'cron.yaml': CRON_JOB });
  await web.ready();
  await tenant.kubectl('create', 'job', 'tick-1', '--from=cronjob/tick');
  const red = await web.until(({ status }) => status?.health === 'Red');
  expect(red.status?.message).toMatch(/^CronJob\/tick: pod tick-1-\w+ container app: .*Image/);
});

test('a custom resource is as healthy as its status says, and not before it has one', async () => {
  await coxswain.define(DEFINITION);
  await tenant.grant('*', 'gadgets.health.example.dev');
  const web = await install({ 'gadget.yaml': GADGET });
  const report = async (status: object): Promise<void> => {
    await tenant.kubectl(
      'patch',
      'gadget',
      'g',
      '--subresource=status',
      '--type=merge',
      '-p',
      JSON.stringify({ status }),
    );
  };
  const until = async (colour: string, message: string): Promise<unknown> =>
    web.until(({ status }) => status?.health === colour && status.message?.startsWith(message) === true);
  await until('Yellow', 'Gadget/g: has no status yet');
  await report({ phase: 'Ready' });
  await web.ready();
  await report({ phase: 'Failed', message: 'no quorum' });
  await until('Red', 'Gadget/g: Failed: no quorum');
  await report({ phase: 'Ready', conditions: [{ type: 'Degraded', status: 'True', reason: 'OneDown', message: '' }] });
  await until('Red', 'Gadget/g: OneDown');
  await report({ phase: 'Ready', conditions: [{ type: 'Degraded', status: 'False', reason: 'AllUp', message: '' }] });
  await web.ready();
});

test('an object that the API server refuses makes the Release Red, in the server’s words', async () => {
  const web = await install({ 'job.yaml': JOB.replace('image: app', 'image: "{{ .Values.image | default "app" }}"') });
  await web.ready();
  await web.patch({ recreate: 'Never', values: { image: 'other' } });
  const { message } = await web.failed('ApplyFailed');
  const { status } = await web.get();
  expect(message).toMatch(/immutable/);
  expect(status).toMatchObject({ health: 'Red', message });
});

test('the log has a line for each thing that begins and one for its outcome, and none while nothing happens', async () => {
  const web = await install({
    'config.yaml': CONFIG_MAP,
    'fail.yaml': '{{ if .Values.fail }}{{ fail "no" }}{{ end }}',
  });
  await web.ready();
  await web.patch({ values: { fail: true } });
  await web.failed('TemplateFailed');
  await web.patch({ values: { fail: false } });
  await web.ready();
  await web.patch({ interval: '20m' });
  await web.ready();
  await tenant.release('web').delete();
  const lines = await eventually(logLines, (seen) => seen.at(-1)?.message === 'deleted');
  expect(lines.map(({ message, reason = '', version = '' }) => `${message} ${reason} ${version}`.trim())).toEqual([
    'install  1',
    'applied  1',
    'ready InstallSucceeded 1',
    'not ready TemplateFailed 1',
    'upgrade  2',
    'ready UpgradeSucceeded 2',
    'deleted',
  ]);
  expect(lines[1]).toMatchObject({ created: 1, updated: 0, deleted: 0, durationMs: expect.any(Number) });
  expect(lines[6]).toMatchObject({ deleted: 1 });
  expect(lines[4]).toMatchObject({ level: 'info', from: 1, why: expect.stringContaining('values changed') });
});

async function install(templates: Record<string, string>): Promise<ReleaseView> {
  charts += 1;
  const chart = await coxswain.push({ name: `health-${charts}`, templates });
  return tenant.apply('web', chart);
}

interface Line {
  level: string;
  message: string;
  release?: string;
  reason?: string;
  version?: number;
}

/** What the log tells of the Release, but for what helps to find mistakes of the controller. */
async function logLines(): Promise<Line[]> {
  const text = await readFile(coxswain.controller.logFile, 'utf8');
  const lines = text.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Line] : []));
  return lines.filter(({ level, release }) => level !== 'debug' && release === `${tenant.namespace}/web`);
}

async function eventWatches() {
  const requests = await auditedRequests(coxswain.controlPlane);
  return requests.filter(({ verb, objectRef }) => {
    return verb === 'watch' && objectRef?.resource === 'events' && objectRef.namespace === tenant.namespace;
  });
}

function isReady(release: Parameters<typeof conditionOf>[0]): boolean {
  return conditionOf(release, 'Ready')?.status === 'True';
}

const POD_TEMPLATE = `{metadata: {labels: {app: db}}, spec: {containers: [{name: app, image: app}]}}`;
const CONFIG_MAP = '{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}';
const STATEFUL_SET = `
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec: {serviceName: db, selector: {matchLabels: {app: db}}, template: ${POD_TEMPLATE}}
`;
const JOB = `
apiVersion: batch/v1
kind: Job
metadata: {name: migrate}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: app, image: app}]}}}
`;
const CRON_JOB = `
apiVersion: batch/v1
kind: CronJob
metadata: {name: tick}
spec:
  schedule: 0 0 1 1 *
  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: app, image: "app:broken"}]}}}}
`;
const PAUSED_DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: paused}
spec: {paused: true, selector: {matchLabels: {app: db}}, template: ${POD_TEMPLATE}}
`;
const LOAD_BALANCER = `
apiVersion: v1
kind: Service
metadata: {name: lb}
spec: {type: LoadBalancer, externalIPs: [192.0.2.1], selector: {app: db}, ports: [{port: 80}]}
`;
const CLAIM = `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {storageClassName: late, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
`;
const STORAGE_CLASS = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'late' },
  provisioner: 'kubernetes.io/no-provisioner',
  volumeBindingMode: 'WaitForFirstConsumer',
};
const GADGET = '{apiVersion: health.example.dev/v1, kind: Gadget, metadata: {name: g}}';
const DEFINITION = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'gadgets.health.example.dev' },
  spec: {
    group: 'health.example.dev',
    scope: 'Namespaced',
    names: { kind: 'Gadget', plural: 'gadgets' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};
