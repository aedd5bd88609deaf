import { expect, test } from '@jest/globals';
import { countedOf } from '../../../support/cluster/audit.ts';
import { auditedRequests, conditionOf } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import { eventually } from '../../../support/eventually.ts';
import { webChart } from '../../../support/charts/web-chart.ts';

const coxswain = story();

test('everything on behalf of a Release is done as its own service account', async () => {
  const { controlPlane } = coxswain;
  const tenant = await coxswain.tenant();
  const chart = await coxswain.push(webChart());
  await tenant.apply('web', chart);
  await tenant.release('web').ready();
  const requests = countedOf('coxswain', await auditedRequests(controlPlane));
  const ofChildren = requests.filter(
    ({ objectRef }) =>
      objectRef?.namespace === tenant.namespace &&
      ['deployments', 'services', 'configmaps'].includes(objectRef.resource ?? ''),
  );
  expect(ofChildren).toHaveLength(3);
  const users = new Set(ofChildren.map(({ impersonatedUser }) => impersonatedUser?.username));
  expect([...users]).toEqual([`system:serviceaccount:${tenant.namespace}:default`]);
});

test('a right that a service account lacks is named, with verb, resource and namespace, before anything is written', async () => {
  const tenant = await coxswain.tenant({ prefix: 'limited', rights: 'none' });
  await tenant.grant('get,list,watch,create,patch,delete', 'configmaps,services,pods');
  const chart = await coxswain.push(webChart());
  const web = await tenant.apply('web', chart);
  const failed = await web.failed('Forbidden');
  expect(failed.message).toMatch(/create, patch, delete on deployments\.apps in namespace/);
  expect(failed.message).toContain(`namespace "${tenant.namespace}"`);
  expect(failed.message).not.toContain('configmaps');
  const release = await web.get();
  expect(conditionOf(release, 'Stalled')).toMatchObject({ status: 'True', reason: 'Forbidden' });
  expect(await web.histories()).toEqual([]);
  expect((await tenant.kubectl('get', 'cm,svc', '--output=name')).trim()).toBe('configmap/kube-root-ca.crt');

  await tenant.bind('edit');
  await web.ready();
});

test('all rights that a service account lacks are named at once, with what would grant them', async () => {
  const { kubectl } = coxswain;
  const tenant = await coxswain.tenant({ prefix: 'bare', rights: 'none' });
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
  const chart = await coxswain.push({ ...parts, name: 'needy', templates });
  await tenant.kubectl('create', 'secret', 'generic', 'db', '--from-literal=p=x');
  await tenant.kubectl('create', 'configmap', 'defaults', '--from-literal=p=x');
  const valuesFrom = ['Secret db', 'ConfigMap defaults'].map((source) => {
    const [kind, name] = source.split(' ');
    return { kind, name, key: 'p', targetPath: 'extra' };
  });
  const web = await tenant.apply('web', chart, { valuesFrom });
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
  await web.ready();
});

test('missing rights for an upgrade are named at once, for new and existing kinds, and so are those for a deletion', async () => {
  const { kubectl } = coxswain;
  const tenant = await coxswain.tenant({ prefix: 'less', rights: 'edit' });
  const job = `apiVersion: batch/v1
kind: Job
metadata: {name: new}
spec: {suspend: true, template: {spec: {restartPolicy: Never, containers: [{name: c, image: x}]}}}
`;
  const parts = webChart();
  const chart = await coxswain.push({ ...parts, name: 'less' });
  const more = await coxswain.push({
    ...parts,
    name: 'less',
    version: '2.0.0',
    templates: { ...parts.templates, 'job.yaml': job },
  });
  const web = await tenant.apply('web', chart);
  await web.ready();
  await tenant.kubectl('delete', 'rolebinding', '--all');
  await tenant.apply('web', more);
  const holds = (what: string): string => `watch, create, patch, delete on ${what} in namespace`;
  const wanted = ['deployments.apps', 'services', 'configmaps', 'jobs.batch'].map(holds);
  const told = await web.until((release) => {
    const message = conditionOf(release, 'Stalled')?.message ?? '';
    return [...wanted, 'watch on pods in namespace'].every((words) => message.includes(words));
  });
  const [, ...manifest] = (conditionOf(told, 'Stalled')?.message ?? '').split('\n');
  await kubectl.attempt(['apply', '--filename=-'], { input: manifest.join('\n') });
  // Nothing tells of a permission: whether it is there now is only asked after a while.
  await web.until(({ status }) => status?.version === 2, { timeoutMs: 180_000 });

  await tenant.kubectl('delete', 'rolebinding', '--all');
  await tenant.kubectl('delete', 'release', 'web', '--wait=false');
  const deleting = await eventually(
    () => web.get(),
    (release) => conditionOf(release, 'Stalled')?.message.includes('This grants it') ?? false,
  );
  const message = conditionOf(deleting, 'Stalled')?.message ?? '';
  for (const what of ['deployments.apps', 'services', 'configmaps', 'jobs.batch']) {
    expect(message).toContain(`watch, delete on ${what} in namespace`);
  }
  await kubectl.attempt(['apply', '--filename=-'], { input: message.split('\n').slice(1).join('\n') });
  await tenant.kubectl('wait', 'release/web', '--for=delete', '--timeout=180s');
}, 600_000);

test('a lookup in another namespace needs a right there', async () => {
  const { kubectl } = coxswain;
  const [mine, theirs] = [await coxswain.tenant({ prefix: 'mine' }), await coxswain.tenant({ prefix: 'theirs' })];
  await theirs.kubectl('create', 'configmap', 'shared', '--from-literal=word=hello');
  const template = `{{ $shared := lookup "v1" "ConfigMap" "${theirs.namespace}" "shared" }}
apiVersion: v1
kind: ConfigMap
metadata: {name: looked-up}
data: {word: {{ dig "data" "word" "none" $shared }}}
`;
  const chart = await coxswain.push({ name: 'far', templates: { 'lookup.yaml': template } });
  const far = await mine.apply('far', chart);
  const { message } = await far.failed('Forbidden');
  expect(message).toContain(`may not: get on configmaps in namespace "${theirs.namespace}". This grants it:`);
  await kubectl.attempt(['apply', '--filename=-'], { input: message.split('\n').slice(1).join('\n') });
  await far.ready();
  expect(await mine.configMap('looked-up')).toEqual({ word: 'hello' });
});

test('objects in another namespace or of cluster scope are refused, all at once, and nothing is applied', async () => {
  const [mine, theirs] = [await coxswain.tenant({ prefix: 'mine' }), await coxswain.tenant({ prefix: 'theirs' })];
  const trespass = `apiVersion: v1
kind: ConfigMap
metadata: {name: planted, namespace: ${theirs.namespace}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: ${mine.namespace}-everything}
rules: []
---
apiVersion: v1
kind: Namespace
metadata: {name: ${mine.namespace}-more}
`;
  const parts = webChart('1.0.0');
  const chart = await coxswain.push({
    ...parts,
    name: 'bold',
    templates: { ...parts.templates, 'bold.yaml': trespass },
  });
  const bold = await mine.apply('bold', chart);
  const failed = await bold.failed('Refused');
  for (const name of [
    'ConfigMap/planted',
    `ClusterRole/${mine.namespace}-everything`,
    `Namespace/${mine.namespace}-more`,
  ]) {
    expect(failed.message).toContain(name);
  }
  expect(failed.message).toContain(theirs.namespace);
  expect(await mine.kubectl('get', 'deploy,svc,relhist', '--output=name')).toBe('');
  expect(await theirs.kubectl('get', 'cm', '--output=name')).toBe('configmap/kube-root-ca.crt\n');
});

test('cluster scope needs the administrator’s label and the account’s own right', async () => {
  const { kubectl } = coxswain;
  const tenant = await coxswain.tenant();
  const role = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: ${tenant.namespace}-reader}
rules: [{apiGroups: [''], resources: [nodes], verbs: [get]}]
`;
  const chart = await coxswain.push({ name: 'wide', templates: { 'role.yaml': role } });
  const wide = await tenant.apply('wide', chart);
  await wide.failed('Refused');
  await kubectl('label', 'namespace', tenant.namespace, 'coxswain.dev/cluster-scope=allowed');
  const lacking = await wide.failed('Forbidden');
  expect(lacking.message).toMatch(/clusterroles\.rbac\.authorization\.k8s\.io at cluster scope/);
  // What a RoleBinding gives holds in its namespace only.
  await tenant.bind('cluster-admin');
  await tenant.kubectl('annotate', 'release', 'wide', 'touched=yes');
  await wide.patch({ timeout: '6m' });
  const still = await wide.failed('Forbidden');
  expect(still.message).toContain('may not: watch, create, patch, delete on clusterroles.rbac.authorization.k8s.io at');
  const subject = `--serviceaccount=${tenant.namespace}:default`;
  await kubectl('create', 'clusterrolebinding', tenant.namespace, '--clusterrole=cluster-admin', subject);
  await wide.ready();
  await wide.delete();
  expect(await kubectl('get', 'clusterrole', `${tenant.namespace}-reader`, '--ignore-not-found')).toBe('');
});

test('one tenant’s Release does not touch another’s object of the same name, nor take over existing ones', async () => {
  const [one, two] = [await coxswain.tenant({ prefix: 'one' }), await coxswain.tenant({ prefix: 'two' })];
  const chart = await coxswain.push(webChart());
  const webs = [await one.apply('web', chart), await two.apply('web', chart)];
  for (const web of webs) await web.ready();
  await one.release('web').delete();
  expect((await two.release('web').get()).status?.health).toBe('Green');

  await one.kubectl('create', 'configmap', 'web', '--from-literal=owner=somebody');
  const web = await one.apply('web', chart);
  const failed = await web.failed('AlreadyExists');
  expect(failed.message).toMatch(/ConfigMap\/web already exists/);
  expect(await one.kubectl('get', 'deploy,svc', '--output=name')).toBe('');
  await one.kubectl('delete', 'configmap', 'web');
  await web.ready();
});
