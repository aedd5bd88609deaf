import { isDeepStrictEqual } from 'node:util';
import { expect, test } from '@jest/globals';
import type { KubeObject } from '../../../../resources/index.ts';
import { countedWhenQuiet, markAudit } from '../../../support/cluster/audit.ts';
import { buildChart } from '../../../support/charts/chart-builder.ts';
import { eventually } from '../../../support/eventually.ts';
import { story } from '../../../support/cluster/story.ts';
import { storeChart } from '../../../support/charts/registry.ts';

const coxswain = story();

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  {{- with .Values.note }}
  annotations: {note: {{ . }}}
  {{- end }}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  strategy: {{ .Values.strategy }}
  template:
    metadata: {labels: {app: web}}
    spec:
      volumes: [{{ .Values.volume }}]
      containers:
      - name: c
        image: nginx:1
        ports: {{ .Values.ports }}
        env: [{{ .Values.variable }}]
        livenessProbe: {{ .Values.probe }}
`;

const HOOK = `apiVersion: batch/v1
kind: Job
metadata: {name: before, annotations: {helm.sh/hook: pre-install}}
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: c, image: nginx:1, ports: {{ .Values.ports }}}]
`;

const ONE = [{ name: 'http', containerPort: 8080 }];
const TWO = [...ONE, { name: 'metrics', containerPort: 8080 }];
const ADDRESS = { name: 'A', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } };
const START = {
  ports: TWO,
  volume: { name: 'v' },
  strategy: {},
  note: 'a',
  variable: ADDRESS,
  probe: { httpGet: { path: '/', port: 80 } },
};

interface Container {
  image: string;
  ports: { name: string }[];
  env: unknown[];
  livenessProbe: object;
}

interface Web extends KubeObject {
  spec: { strategy: unknown; template: { spec: { volumes: unknown[]; containers: Container[] } } };
}

/** The values as JSON, so that each is replaced as a whole. */
function asTexts(values: object): object {
  const texts = Object.entries(values).map(([key, value]) => [
    key,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return Object.fromEntries(texts) as object;
}

/** Installs the chart; what is returned changes its values and waits for the version they make. */
async function install(values: object) {
  const { controlPlane } = coxswain;
  const tenant = await coxswain.tenant({ prefix: 'keyed', rights: 'none' });
  await tenant.grant('watch,create,patch,delete', 'deployments.apps,jobs.batch');
  await tenant.grant('watch', 'pods');
  const templates = { 'web.yaml': DEPLOYMENT, 'hook.yaml': HOOK };
  const stored = await storeChart(
    controlPlane,
    buildChart({ name: 'keyed', values: JSON.stringify(asTexts(values)), templates }),
  );
  const release = await tenant.apply('r', stored);
  await release.ready();
  let version = 1;
  const web = async (): Promise<Web> => tenant.kubectl.json('get', 'deployment', 'web', '--show-managed-fields');
  return {
    tenant,
    release,
    web,
    change: async (changed: object): Promise<Web> => {
      version += 1;
      await release.patch({ values: asTexts(changed) });
      await release.until(({ status }) => status?.version === version);
      await release.ready();
      return web();
    },
  };
}

function portsOf({ spec }: Web): string[] {
  return spec.template.spec.containers.flatMap(({ ports }) => ports.map(({ name }) => name));
}

function operationsOf({ metadata }: Web): unknown[] {
  const ours = (metadata.managedFields ?? []).filter(({ manager }) => manager === 'coxswain');
  return ours.map(({ operation }) => operation);
}

test('one port under two names is installed, kept, changed, corrected, and removed again', async () => {
  const { tenant, release, web, change } = await install(START);
  const first = await web();
  expect(portsOf(first)).toEqual(['http', 'metrics']);
  expect(operationsOf(first)).toEqual(['Apply']);
  const told = async (): Promise<string[]> => {
    const { items } = await tenant.kubectl.json<{ items: { reason: string; message: string }[] }>('get', 'events');
    return items.filter(({ reason }) => reason === 'DuplicateEntries').map(({ message }) => message);
  };
  const cause = 'duplicate entries for key [containerPort=8080';
  await eventually(told, (messages) =>
    expect(messages).toEqual([expect.stringContaining(cause), expect.stringContaining(cause)]),
  );

  const mark = await markAudit(coxswain.controlPlane, tenant);
  await release.patch({ interval: '11m' });
  await release.ready();
  const idle = await countedWhenQuiet('coxswain', mark);
  expect(idle.filter(({ objectRef }) => objectRef?.resource === 'deployments')).toEqual([]);

  await tenant.kubectl('set', 'image', 'deployment/web', 'c=nginx:2');
  await eventually(web, ({ spec }) => spec.template.spec.containers[0]?.image === 'nginx:1');

  // As after a crash between the two writes.
  const entries = first.metadata.managedFields ?? [];
  const value = entries.map((entry) => (entry.manager === 'coxswain' ? { ...entry, operation: 'Update' } : entry));
  const patch = JSON.stringify([{ op: 'replace', path: '/metadata/managedFields', value }]);
  await tenant.kubectl('patch', 'deployment', 'web', '--type=json', `--patch=${patch}`);
  await eventually(web, (now) => isDeepStrictEqual(operationsOf(now), ['Apply']));

  const without = await change({ note: '' });
  expect(portsOf(without)).toEqual(['http', 'metrics']);
  expect(without.metadata.annotations?.['note']).toBeUndefined();
  expect(operationsOf(without)).toEqual(['Apply']);

  expect(portsOf(await change({ ports: ONE, note: 'b' }))).toEqual(['http']);
  const again = await change({ ports: TWO, note: '' });
  expect(portsOf(again)).toEqual(['http', 'metrics']);
  expect(again.metadata.annotations?.['note']).toBeUndefined();
  expect((await change({ strategy: { type: 'Recreate' } })).spec.strategy).toEqual({ type: 'Recreate' });

  await release.patch({ version: 3 });
  await release.until(({ status }) => status?.version === 3);
  await release.ready();
  expect(portsOf(await web())).toEqual(['http']);
  await release.patch({ version: 1 });
  await release.until(({ status }) => status?.version === 1);
  await release.ready();
  const back = await web();
  expect(portsOf(back)).toEqual(['http', 'metrics']);
  expect(back.spec.strategy).toMatchObject({ type: 'RollingUpdate' });
  expect(operationsOf(back)).toEqual(['Apply']);
}, 300_000);

const TCP = { tcpSocket: { port: 80 } };
const PROJECTED = { name: 'v', configMap: { name: 'x', optional: true } };

test('a default that conflicts with the next version is removed, also in a list, and nothing of ours outlives the chart', async () => {
  const { change } = await install({ ...START, ports: ONE });
  const volume = await change({ volume: PROJECTED });
  expect(volume.spec.template.spec.volumes).toEqual([
    { name: 'v', configMap: { ...PROJECTED.configMap, defaultMode: 420 } },
  ]);
  const recreate = await change({ strategy: { type: 'Recreate' } });
  expect(recreate.spec.strategy).toEqual({ type: 'Recreate' });
  expect(operationsOf(recreate)).toEqual(['Apply']);
  const rolling = await change({ strategy: {}, note: '' });
  expect(rolling.spec.strategy).toMatchObject({ type: 'RollingUpdate' });
  expect(rolling.metadata.annotations?.['note']).toBeUndefined();

  const reference = { configMapKeyRef: { name: 'x', key: 'k', optional: true } };
  const other = await change({ variable: { name: 'A', valueFrom: reference }, probe: TCP });
  const [container] = other.spec.template.spec.containers;
  expect(container?.env).toEqual([{ name: 'A', valueFrom: reference }]);
  expect(container?.livenessProbe).not.toHaveProperty('httpGet');
  expect(container?.livenessProbe).toMatchObject({ tcpSocket: { port: 80 } });
  const plain = await change({ variable: { name: 'A', value: 'x' } });
  expect(plain.spec.template.spec.containers[0]?.env).toEqual([{ name: 'A', value: 'x' }]);
}, 300_000);

test('a mutually exclusive field that somebody set in place of the chart’s is corrected', async () => {
  const { tenant, release, web } = await install({ ...START, ports: ONE, volume: PROJECTED });
  const { spec } = await web();
  const at = '/spec/template/spec/containers/0';
  for (const [path, value] of [
    ['/spec/template/spec/volumes/0', { name: 'v', hostPath: { path: '/x' } }],
    [`${at}/env/0`, { name: 'A', value: 'x' }],
    [`${at}/livenessProbe`, { exec: { command: ['true'] } }],
  ] as const) {
    const patch = JSON.stringify([{ op: 'replace', path, value }]);
    await tenant.kubectl('patch', 'deployment', 'web', '--type=json', `--patch=${patch}`, '--field-manager=someone');
    await eventually(web, ({ spec: now }) => isDeepStrictEqual(now, spec));
  }
  await release.ready();
  expect(operationsOf(await web())).toEqual(['Apply']);
}, 300_000);

test('what somebody added to the lists of an object with one port under two names outlives an upgrade', async () => {
  const { tenant, change } = await install(START);
  const added = { containers: [{ name: 'proxy', image: 'proxy:1' }] };
  const patch = JSON.stringify({ spec: { template: { spec: added } } });
  await tenant.kubectl('patch', 'deployment', 'web', `--patch=${patch}`);
  const changed = await change({ volume: PROJECTED });
  const { containers, volumes } = changed.spec.template.spec;
  expect(containers.map(({ image }) => image).toSorted()).toEqual(['nginx:1', 'proxy:1']);
  expect(volumes).toMatchObject([PROJECTED]);
  expect(operationsOf(changed)).toEqual(['Apply']);
}, 300_000);

const POD = `apiVersion: v1
kind: Pod
metadata: {name: p, annotations: {note: {{ .Values.note }}}}
spec:
  containers: [{name: c, image: "nginx:{{ .Values.tag }}", ports: {{ .Values.ports }}}]
`;

test('a bare pod with one port under two names gets another image, and no other port, as with Helm', async () => {
  const { controlPlane } = coxswain;
  const tenant = await coxswain.tenant({ prefix: 'pod', rights: 'trusted' });
  const values = `note: a\ntag: "1"\nports: '${JSON.stringify(TWO)}'\n`;
  const chart = buildChart({ name: 'pod', values, templates: { 'pod.yaml': POD } });
  const release = await tenant.apply('r', await storeChart(controlPlane, chart));
  await release.ready();
  await release.patch({ values: { note: 'b', tag: '2' } });
  await release.until(({ status }) => status?.version === 2);
  const pod = await tenant.kubectl.json<KubeObject>('get', 'pod', 'p');
  expect(pod).toMatchObject({ metadata: { annotations: { note: 'b' } }, spec: { containers: [{ image: 'nginx:2' }] } });
  await release.patch({ values: { ports: JSON.stringify([...TWO, { name: 'more', containerPort: 81 }]) } });
  const { message } = await release.failed('ApplyFailed');
  expect(message).toMatch(/^Pod\/p: spec cannot be changed .* may lose data/);
}, 300_000);

const ACCOUNT = `apiVersion: v1
kind: ServiceAccount
metadata:
  name: a
  {{- with .Values.note }}
  annotations: {note: {{ . }}}
  {{- end }}
secrets: {{ .Values.secrets }}
`;

test('a secret listed without a name in a service account, by the chart or by hand, blocks no version', async () => {
  const { controlPlane } = coxswain;
  const tenant = await coxswain.tenant({ prefix: 'keyless', rights: 'trusted' });
  const values = 'note: a\nsecrets: \'[{"namespace": "x"}, {"name": ""}, {"name": "s"}]\'\n';
  const chart = buildChart({ name: 'keyless', values, templates: { 'account.yaml': ACCOUNT } });
  const release = await tenant.apply('r', await storeChart(controlPlane, chart));
  const account = async (): Promise<KubeObject> =>
    tenant.kubectl.json('get', 'serviceaccount', 'a', '--show-managed-fields');
  const versionOf = async (version: number): Promise<KubeObject> => {
    await release.until(({ status }) => status?.version === version);
    await release.ready();
    return account();
  };
  expect((await versionOf(1))['secrets']).toEqual([{ name: 's' }]);

  const patch = JSON.stringify([{ op: 'add', path: '/secrets/-', value: {} }]);
  await tenant.kubectl('patch', 'serviceaccount', 'a', '--type=json', `--patch=${patch}`);
  await eventually(account, (now) => isDeepStrictEqual(now['secrets'], [{ name: 's' }]));
  await release.patch({ values: { note: 'b' } });
  const second = await versionOf(2);
  expect(second).toMatchObject({ metadata: { annotations: { note: 'b' } }, secrets: [{ name: 's' }] });
  await eventually(
    () => tenant.kubectl('get', 'events', '--output=jsonpath={.items[*].reason}'),
    (events) => expect(events).toContain('KeylessEntries'),
  );

  await release.patch({ values: { note: '' } });
  const third = await versionOf(3);
  expect(third.metadata.annotations?.['note']).toBeUndefined();
  expect(operationsOf(third as Web)).toEqual(['Apply']);
}, 300_000);
