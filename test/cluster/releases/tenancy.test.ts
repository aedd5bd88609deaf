import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  auditedRequests,
  configMapData,
  conditionOf,
  countedRequests,
  pushParts,
  releaseOf,
  startInstallation,
  viewRelease,
  type Installation,
} from '../../support/cluster/installation.ts';
import { eventually } from '../../support/eventually.ts';
import { createTenant } from '../../support/cluster/tenant.ts';
import { webChart } from '../../support/charts/web-chart.ts';

let coxswain: Installation;

beforeAll(async () => {
  coxswain = await startInstallation();
});

afterAll(async () => coxswain?.stop());

test('everything on behalf of a Release is done as its own service account', async () => {
  const { kubectl, controlPlane } = coxswain;
  const namespace = await createTenant(kubectl);
  const chart = await pushParts(coxswain, webChart());
  await kubectl.apply(releaseOf(namespace, 'web', chart));
  await viewRelease(kubectl, namespace, 'web').ready();
  const requests = countedRequests(await auditedRequests(controlPlane));
  const ofChildren = requests.filter(
    ({ objectRef }) =>
      objectRef?.namespace === namespace &&
      ['deployments', 'services', 'configmaps'].includes(objectRef.resource ?? ''),
  );
  expect(ofChildren).toHaveLength(3);
  const users = new Set(ofChildren.map(({ impersonatedUser }) => impersonatedUser?.username));
  expect([...users]).toEqual([`system:serviceaccount:${namespace}:default`]);
});

test('what a service account lacks is named, verb, resource and namespace, before anything is written', async () => {
  const { kubectl } = coxswain;
  const namespace = await createTenant(kubectl, 'limited', 'none');
  const rules = ['--verb=get,list,watch,create,patch,delete', '--resource=configmaps,services,pods'];
  await kubectl('create', 'role', 'some', '--namespace', namespace, ...rules);
  const subject = `--serviceaccount=${namespace}:default`;
  await kubectl('create', 'rolebinding', 'some', '--namespace', namespace, '--role=some', subject);
  const chart = await pushParts(coxswain, webChart());
  const web = viewRelease(kubectl, namespace, 'web');
  await kubectl.apply(releaseOf(namespace, 'web', chart));
  const failed = await web.failed('Forbidden');
  expect(failed.message).toMatch(/create, patch, delete on deployments\.apps in namespace/);
  expect(failed.message).toContain(`namespace "${namespace}"`);
  expect(failed.message).not.toContain('configmaps');
  const release = await web.get();
  expect(conditionOf(release, 'Stalled')).toMatchObject({ status: 'True', reason: 'Forbidden' });
  expect(await web.histories()).toEqual([]);
  expect((await kubectl('get', 'cm,svc', '--namespace', namespace, '--output=name')).trim()).toBe(
    'configmap/kube-root-ca.crt',
  );

  await kubectl('create', 'rolebinding', 'all', '--namespace', namespace, '--clusterrole=edit', subject);
  await web.ready({ timeoutMs: 45_000 });
});

test('all that a service account lacks is named at once, with what grants it', async () => {
  const { kubectl } = coxswain;
  const namespace = await createTenant(kubectl, 'bare', 'none');
  const parts = webChart();
  const hook = `apiVersion: batch/v1
kind: CronJob
metadata: {name: hook, annotations: {helm.sh/hook: pre-install}}
spec: {schedule: 0 0 * * *, jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: x}]}}}}}
`;
  const lookup = `{{ $old := lookup "v1" "Endpoints" .Release.Namespace "nothing" }}
apiVersion: v1
kind: ConfigMap
metadata: {name: looked-up}
data: {old: {{ len $old | quote }}}
`;
  const templates = { ...parts.templates, 'hook.yaml': hook, 'lookup.yaml': lookup };
  const chart = await pushParts(coxswain, { ...parts, name: 'needy', templates });
  await kubectl('create', 'secret', 'generic', 'db', '--namespace', namespace, '--from-literal=p=x');
  await kubectl('create', 'configmap', 'defaults', '--namespace', namespace, '--from-literal=p=x');
  const valuesFrom = ['Secret db', 'ConfigMap defaults'].map((source) => {
    const [kind, name] = source.split(' ');
    return { kind, name, key: 'p', targetPath: 'extra' };
  });
  const web = viewRelease(kubectl, namespace, 'web');
  await kubectl.apply(releaseOf(namespace, 'web', chart, { valuesFrom }));
  const failed = await web.failed('Forbidden');
  const [lacks = '', ...manifest] = failed.message.split('\n');
  const needed = [
    'secrets "db"',
    'configmaps "defaults"',
    'deployments.apps',
    'services',
    'configmaps',
    'cronjobs.batch',
  ];
  for (const what of [...needed, 'pods', 'endpoints']) expect(lacks).toContain(` on ${what} in namespace`);
  expect(conditionOf(await web.get(), 'Stalled')).toMatchObject({ status: 'True', reason: 'Forbidden' });

  await kubectl.attempt(['apply', '--filename=-'], { input: manifest.join('\n') });
  await web.ready({ timeoutMs: 45_000 });
});

test('what an upgrade lacks is named at once, for the kinds that are new and for those that there are, and so is what a deletion lacks', async () => {
  const { kubectl } = coxswain;
  const namespace = await createTenant(kubectl, 'less', 'none');
  const subject = `--serviceaccount=${namespace}:default`;
  await kubectl('create', 'rolebinding', 'all', '--namespace', namespace, '--clusterrole=edit', subject);
  const job = `apiVersion: batch/v1
kind: Job
metadata: {name: new}
spec: {suspend: true, template: {spec: {restartPolicy: Never, containers: [{name: c, image: x}]}}}
`;
  const parts = webChart();
  const chart = await pushParts(coxswain, { ...parts, name: 'less' });
  const more = await pushParts(coxswain, {
    ...parts,
    name: 'less',
    version: '2.0.0',
    templates: { ...parts.templates, 'job.yaml': job },
  });
  const web = viewRelease(kubectl, namespace, 'web');
  await kubectl.apply(releaseOf(namespace, 'web', chart));
  await web.ready();
  await kubectl('delete', 'rolebinding', 'all', '--namespace', namespace);
  await kubectl.apply(releaseOf(namespace, 'web', more));
  const holds = (what: string): string => `watch, create, patch, delete on ${what} in namespace`;
  const wanted = ['deployments.apps', 'services', 'configmaps', 'jobs.batch'].map(holds);
  const told = await web.until((release) => {
    const message = conditionOf(release, 'Stalled')?.message ?? '';
    return [...wanted, 'watch on pods in namespace'].every((words) => message.includes(words));
  });
  const [, ...manifest] = (conditionOf(told, 'Stalled')?.message ?? '').split('\n');
  await kubectl.attempt(['apply', '--filename=-'], { input: manifest.join('\n') });
  await web.until(({ status }) => status?.version === 2, { timeoutMs: 60_000 });

  await kubectl('delete', 'rolebinding', '--all', '--namespace', namespace);
  await kubectl('delete', 'release', 'web', '--namespace', namespace, '--wait=false');
  const deleting = await eventually(
    () => web.get(),
    (release) => conditionOf(release, 'Stalled')?.message.includes('This grants it') ?? false,
  );
  const message = conditionOf(deleting, 'Stalled')?.message ?? '';
  for (const what of ['deployments.apps', 'services', 'configmaps', 'jobs.batch']) {
    expect(message).toContain(`watch, delete on ${what} in namespace`);
  }
  await kubectl.attempt(['apply', '--filename=-'], { input: message.split('\n').slice(1).join('\n') });
  await kubectl('wait', 'release/web', '--namespace', namespace, '--for=delete', '--timeout=75s');
});

test('a lookup in another namespace takes a right there', async () => {
  const { kubectl } = coxswain;
  const [mine, theirs] = [await createTenant(kubectl, 'mine'), await createTenant(kubectl, 'theirs')];
  await kubectl('create', 'configmap', 'shared', '--namespace', theirs, '--from-literal=word=hello');
  const template = `{{ $shared := lookup "v1" "ConfigMap" "${theirs}" "shared" }}
apiVersion: v1
kind: ConfigMap
metadata: {name: looked-up}
data: {word: {{ dig "data" "word" "none" $shared }}}
`;
  const chart = await pushParts(coxswain, { name: 'far', templates: { 'lookup.yaml': template } });
  const far = viewRelease(kubectl, mine, 'far');
  await kubectl.apply(releaseOf(mine, 'far', chart));
  const { message } = await far.failed('Forbidden');
  expect(message).toContain(`may not: get on configmaps in namespace "${theirs}". This grants it:`);
  await kubectl.attempt(['apply', '--filename=-'], { input: message.split('\n').slice(1).join('\n') });
  await far.ready({ timeoutMs: 60_000 });
  expect(await configMapData(kubectl, mine, 'looked-up')).toEqual({ word: 'hello' });
});

test('objects of another namespace and of cluster scope are refused, all at once, and nothing is applied', async () => {
  const { kubectl } = coxswain;
  const [mine, theirs] = [await createTenant(kubectl, 'mine'), await createTenant(kubectl, 'theirs')];
  const trespass = `apiVersion: v1
kind: ConfigMap
metadata: {name: planted, namespace: ${theirs}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: ${mine}-everything}
rules: []
---
apiVersion: v1
kind: Namespace
metadata: {name: ${mine}-more}
`;
  const parts = webChart('1.0.0');
  const chart = await pushParts(coxswain, {
    ...parts,
    name: 'bold',
    templates: { ...parts.templates, 'bold.yaml': trespass },
  });
  const bold = viewRelease(kubectl, mine, 'bold');
  await kubectl.apply(releaseOf(mine, 'bold', chart));
  const failed = await bold.failed('Refused');
  for (const name of ['ConfigMap/planted', `ClusterRole/${mine}-everything`, `Namespace/${mine}-more`]) {
    expect(failed.message).toContain(name);
  }
  expect(failed.message).toContain(theirs);
  expect(await kubectl('get', 'deploy,svc,relhist', '--namespace', mine, '--output=name')).toBe('');
  expect(await kubectl('get', 'cm', '--namespace', theirs, '--output=name')).toBe('configmap/kube-root-ca.crt\n');
});

test('cluster scope needs the administrator’s label and the account’s own right', async () => {
  const { kubectl } = coxswain;
  const namespace = await createTenant(kubectl);
  const role = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: ${namespace}-reader}
rules: [{apiGroups: [''], resources: [nodes], verbs: [get]}]
`;
  const chart = await pushParts(coxswain, { name: 'wide', templates: { 'role.yaml': role } });
  const wide = viewRelease(kubectl, namespace, 'wide');
  await kubectl.apply(releaseOf(namespace, 'wide', chart));
  await wide.failed('Refused');
  await kubectl('label', 'namespace', namespace, 'coxswain.dev/cluster-scope=allowed');
  const lacking = await wide.failed('Forbidden');
  expect(lacking.message).toMatch(/clusterroles\.rbac\.authorization\.k8s\.io at cluster scope/);
  const subject = `--serviceaccount=${namespace}:default`;
  // What a RoleBinding gives holds in its namespace only.
  await kubectl('create', 'rolebinding', 'all', '--namespace', namespace, '--clusterrole=cluster-admin', subject);
  await kubectl('annotate', 'release', 'wide', 'touched=yes', '--namespace', namespace);
  await wide.patch({ timeout: '6m' });
  const still = await wide.failed('Forbidden');
  expect(still.message).toContain('may not: watch, create, patch, delete on clusterroles.rbac.authorization.k8s.io at');
  await kubectl('create', 'clusterrolebinding', namespace, '--clusterrole=cluster-admin', subject);
  await wide.ready({ timeoutMs: 45_000 });
  await kubectl('delete', 'release', 'wide', '--namespace', namespace, '--timeout=30s');
  expect(await kubectl('get', 'clusterrole', `${namespace}-reader`, '--ignore-not-found')).toBe('');
});

test('one tenant’s Release does not touch another’s object of the same name, nor take over what exists', async () => {
  const { kubectl } = coxswain;
  const [one, two] = [await createTenant(kubectl, 'one'), await createTenant(kubectl, 'two')];
  const chart = await pushParts(coxswain, webChart());
  for (const namespace of [one, two]) await kubectl.apply(releaseOf(namespace, 'web', chart));
  for (const namespace of [one, two]) await viewRelease(kubectl, namespace, 'web').ready();
  await kubectl('delete', 'release', 'web', '--namespace', one, '--timeout=60s');
  expect((await viewRelease(kubectl, two, 'web').get()).status?.health).toBe('Green');

  await kubectl('create', 'configmap', 'web', '--namespace', one, '--from-literal=owner=somebody');
  await kubectl.apply(releaseOf(one, 'web', chart));
  const web = viewRelease(kubectl, one, 'web');
  const failed = await web.failed('AlreadyExists');
  expect(failed.message).toMatch(/ConfigMap\/web already exists/);
  expect(await kubectl('get', 'deploy,svc', '--namespace', one, '--output=name')).toBe('');
  await kubectl('delete', 'configmap', 'web', '--namespace', one);
  await web.ready({ timeoutMs: 45_000 });
});
