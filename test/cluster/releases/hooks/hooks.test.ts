import { expect, test } from '@jest/globals';
import type { KubeObject } from '../../../../resources/index.ts';
import { eventually } from '../../../support/eventually.ts';
import { conditionOf } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { webChart } from '../../../support/charts/web-chart.ts';

const coxswain = story();

test('hooks run in order of event, weight and name, with before-hook-creation by default, and stay as with Helm', async () => {
  const tenant = await coxswain.tenant();
  const hooks = [
    job('b-second', 'pre-install,pre-upgrade', 5),
    job('a-third', 'pre-install', 7),
    job('z-first', 'pre-install,pre-rollback', -1),
    job('after', 'post-install,post-upgrade', 0, 'hook-succeeded'),
    job('farewell', 'pre-delete', 0),
  ];
  const chart = await coxswain.push(withHooks('hooked', hooks));
  const web = await tenant.apply('web', chart);
  await web.ready();
  const jobs = await createdJobs(tenant);
  expect(jobs.map(({ metadata }) => metadata.name)).toEqual(['z-first', 'b-second', 'a-third']);
  const deployment = await tenant.kubectl.json<KubeObject>('get', 'deployment', 'web');
  const completions = jobs.map((object) => (object['status'] as { completionTime: string }).completionTime);
  for (const time of completions) expect(time <= (deployment.metadata.creationTimestamp ?? '')).toBe(true);

  await web.patch({ values: { greeting: 'two' } });
  await web.inForce(2);
  const again = await createdJobs(tenant);
  const uid = (objects: KubeObject[], name: string) =>
    objects.find(({ metadata }) => metadata.name === name)?.metadata.uid;
  expect(uid(again, 'b-second')).not.toBe(uid(jobs, 'b-second'));
  expect(uid(again, 'a-third')).toBe(uid(jobs, 'a-third'));

  await web.patch({ version: 1 });
  await web.inForce(1);
  expect(uid(await createdJobs(tenant), 'z-first')).not.toBe(uid(jobs, 'z-first'));

  await web.delete();
  await eventually(
    () => tenant.kubectl('get', 'deploy,cm,svc', '--output=name'),
    (left) => left.trim() === 'configmap/kube-root-ca.crt',
  );
  const left = await createdJobs(tenant);
  expect(left.map(({ metadata }) => metadata.name).toSorted()).toEqual(['a-third', 'b-second', 'farewell', 'z-first']);
});

test('waiting for a hook occupies no worker', async () => {
  const tenant = await coxswain.tenant();
  const slow = await coxswain.push(withHooks('slow', [job('never', 'pre-install', 0, '', 'broken')]));
  const names = Array.from({ length: 10 }, (_, index) => `slow-${index}`);
  for (const name of names) await tenant.apply(name, slow);
  for (const name of names.slice(0, 3)) {
    await tenant.release(name).until((release) => release.status?.operation?.phase === 'Before');
  }
  const chart = await coxswain.push(webChart());
  await tenant.apply('quick', chart);
  await tenant.release('quick').ready();
});

test('a failed hook stops the operation and says so; after an edit it continues', async () => {
  const tenant = await coxswain.tenant();
  const failing = `apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations: {helm.sh/hook: "pre-install,pre-upgrade"}
spec:
  backoffLimit: 0
  template:
    metadata:
      labels: {{ if .Values.fails }}{pod-container-running-failed.stage.kwok.x-k8s.io: "true"}{{ else }}{}{{ end }}
    spec:
      restartPolicy: Never
      containers: [{name: main, image: example.com/migrate:1}]
`;
  const chart = await coxswain.push(withHooks('failing', [failing]));
  const web = await tenant.apply('web', chart, { values: { fails: true } });
  const failed = await web.failed('HookFailed');
  expect(failed.message).toMatch(/pre-install.*Job\/migrate/);
  expect(conditionOf(await web.get(), 'Stalled')?.reason).toBe('HookFailed');
  expect(await tenant.kubectl('get', 'deploy', '--output=name')).toBe('');
  await web.patch({ values: { fails: false } });
  await web.ready();
});

function job(name: string, events: string, weight: number, policy = '', tag = '1'): string {
  const deletion = policy === '' ? '' : `\n    helm.sh/hook-delete-policy: ${policy}`;
  return `apiVersion: batch/v1
kind: Job
metadata:
  name: ${name}
  annotations:
    helm.sh/hook: ${events}
    helm.sh/hook-weight: "${weight}"${deletion}
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: main, image: "example.com/hook:${tag}"}]
`;
}

function withHooks(name: string, hooks: string[]) {
  const parts = webChart();
  return { ...parts, name, templates: { ...parts.templates, 'hooks.yaml': hooks.join('---\n') } };
}

async function createdJobs(tenant: Tenant): Promise<KubeObject[]> {
  const { items } = await tenant.kubectl.json<{ items: KubeObject[] }>('get', 'jobs');
  const time = ({ metadata }: KubeObject) => `${metadata.creationTimestamp} ${metadata.resourceVersion?.padStart(12)}`;
  return items.toSorted((a, b) => (time(a) < time(b) ? -1 : 1));
}
