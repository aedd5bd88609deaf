import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Release } from '../../../../crds/index.ts';
import type { KubeObject } from '../../../../resources/index.ts';
import { eventually } from '../../../support/eventually.ts';
import type { ReleaseView } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import type { StoredChart } from '../../../support/charts/registry.ts';

// What templates draw at random is kept from version to version, privately, until it is asked to be drawn anew.

const SECRET = `{{- $ca := genCA "ca" 365 }}
{{- $cert := genSignedCert "host" (list "10.0.0.1") (list "a.svc") 365 $ca }}
apiVersion: v1
kind: Secret
metadata: {name: {{ .Release.Name }}}
stringData:
  password: {{ randAlphaNum 16 | quote }}
  root: {{ include "draw" . | quote }}
  hash: {{ htpasswd "me" "hunter2" | quote }}
  tls.crt: {{ $cert.Cert | quote }}
  tls.key: {{ $cert.Key | quote }}
{{- range $name, $_ := .Values.users }}
  user-{{ $name }}: {{ include "draw" $ | quote }}
{{- end }}
`;

const CONFIG = `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
  annotations: {checksum: {{ include (print $.Template.BasePath "/secret.yaml") . | sha256sum }}}
data:
  greeting: {{ .Values.greeting | quote }}
  id: {{ uuidv4 }}
`;

const LOOKED_UP = `{{- $old := lookup "v1" "Secret" .Release.Namespace (print .Release.Name "-old") }}
apiVersion: v1
kind: Secret
metadata: {name: {{ .Release.Name }}-old}
data:
  password: {{ if $old }}{{ $old.data.password }}{{ else }}{{ randAlphaNum 16 | b64enc }}{{ end }}
`;

const PARTS = {
  name: 'app',
  values: 'greeting: hello\nusers: {ann: {}, zoe: {}}\n',
  templates: {
    '_draw.tpl': '{{ define "draw" }}{{ randAlphaNum 20 }}{{ end }}',
    'secret.yaml': SECRET,
    'config.yaml': CONFIG,
    'old.yaml': LOOKED_UP,
  },
};

/** The same chart, its lines moved and one more password in front. */
const MOVED = {
  ...PARTS,
  version: '1.1.0',
  templates: {
    ...PARTS.templates,
    '_draw.tpl': `{{/* moved */}}\n\n${PARTS.templates['_draw.tpl']}`,
    'secret.yaml': `# moved\n${SECRET.replace('stringData:', 'stringData:\n  first: {{ randAlphaNum 16 | quote }}')}`,
  },
};

const coxswain = story();
let chart: StoredChart;
let tenant: Tenant;
let release: ReleaseView;

beforeAll(async () => {
  chart = await coxswain.push(PARTS);
  await coxswain.push(MOVED);
});

beforeEach(async () => {
  tenant = await coxswain.tenant();
  release = tenant.release('app');
});

test('upgrades, restarts and moved lines change no byte', async () => {
  await install();
  const first = await drawn();
  for (let version = 2; version <= 21; version += 1) {
    if (version === 10) await restart();
    await release.patch({ values: { greeting: `hello ${version}` } });
    await inForce(version);
    expect(await drawn()).toEqual(first);
  }
  await release.patch({ chart: { version: '1.1.0' }, values: { users: { bob: {} } } });
  await inForce(22);
  const { checksum, ...moved } = await drawn();
  expect(checksum).not.toBe(first['checksum']);
  expect(moved).toEqual({ ...omit(first, 'checksum'), first: expect.anything(), 'user-bob': expect.anything() });
  expect(new Set(Object.values(moved)).size).toBe(Object.keys(moved).length);
}, 600_000);

test('rolling back restores the values of that version, and later versions continue with them', async () => {
  await install();
  const first = await drawn();
  await release.patch({ generatedValues: { renew: [{ path: '*', token: '1' }] } });
  await inForce(2);
  const second = await drawn();
  for (const key of Object.keys(omit(first, 'old')))
    expect({ key, value: second[key] }).not.toEqual({ key, value: first[key] });
  expect(second['old']).toBe(first['old']);
  await release.patch({ values: { greeting: 'still the second' } });
  await inForce(3);
  expect(await drawn()).toEqual(second);
  await release.patch({ version: 1 });
  await inForce(1);
  expect(await drawn()).toEqual(first);
  expect((await release.get()).spec.generatedValues).toBeUndefined();
  await release.patch({ values: { greeting: 'on from the first' } });
  await inForce(4);
  expect(await drawn()).toEqual(first);
});

test('one template can be renewed, once or with every version', async () => {
  await install();
  const first = await drawn();
  await release.patch({ generatedValues: { renew: [{ path: 'app/templates/config.yaml', policy: 'EveryVersion' }] } });
  await inForce(2);
  const second = await drawn();
  expect(second['id']).not.toBe(first['id']);
  expect(omit(second, 'id')).toEqual(omit(first, 'id'));
  await release.patch({ values: { greeting: 'once more' } });
  await inForce(3);
  expect((await drawn())['id']).not.toBe(second['id']);
  await release.patch({ generatedValues: { renew: [{ path: 'app/templates/secret.yaml', token: '1' }] } });
  await inForce(4);
  const fourth = await drawn();
  expect(fourth['password']).not.toBe(first['password']);
  expect(fourth['checksum']).not.toBe(first['checksum']);
  const descriptions = (await release.histories()).map(({ spec }) => spec.description);
  expect(descriptions.at(-1)).toBe('Upgrade app-1.0.0: generatedValues changed');
});

test('entries that different managers apply are merged, and each version names who made it', async () => {
  await install();
  const apply = async (manager: string, ...renew: object[]): Promise<void> => {
    const { apiVersion, kind } = await release.get();
    const applied = {
      apiVersion,
      kind,
      metadata: { name: 'app', namespace: tenant.namespace },
      spec: { generatedValues: { renew } },
    };
    const flags = ['--server-side', `--field-manager=${manager}`, '--filename=-'];
    const input = JSON.stringify(applied);
    expect(await coxswain.kubectl.attempt(['apply', ...flags], { input })).toMatchObject({ code: 0 });
  };
  await apply('one', { path: 'app/templates/secret.yaml', token: '1' });
  await inForce(2);
  await apply('other', { path: 'app/templates/config.yaml', token: '1' });
  await inForce(3);
  await apply('one', { path: 'app/templates/secret.yaml', token: '2' });
  await inForce(4);
  expect((await release.get()).spec.generatedValues?.renew).toEqual([
    { path: 'app/templates/secret.yaml', policy: 'OnNewToken', token: '2' },
    { path: 'app/templates/config.yaml', policy: 'OnNewToken', token: '1' },
  ]);
  const makers = (await release.histories()).map(({ spec }) => spec.changedBy);
  expect(makers.slice(1)).toEqual(['one', 'other', 'one']);
});

test('no custom resource and no event carries a value', async () => {
  await install();
  const values = Object.values(omit(await drawn(), 'checksum'));
  await release.patch({ generatedValues: { renew: [{ path: '*', token: '1' }] } });
  await inForce(2);
  values.push(...Object.values(omit(await drawn(), 'checksum')));
  const histories = await release.histories();
  const change = histories.at(-1)?.spec.changes.find(({ path }) => path === '/data/id');
  expect(change).toMatchObject({ object: 'ConfigMap/app', from: '***', to: '***' });
  const seen = await tenant.kubectl('get', 'rel,relhist,events', '--output=json');
  expect(seen).toContain('ReleaseHistory');
  for (const value of values) {
    const text = Buffer.from(value, 'base64').toString('utf8');
    expect({ found: seen.includes(value) || seen.includes(text) }).toEqual({ found: false });
  }
});

test('a certificate that is kept although it is due for renewal is reported', async () => {
  const certificate =
    'apiVersion: v1\nkind: Secret\nmetadata: {name: due}\nstringData:\n  ca: {{ (genCA "ca" 0).Cert | quote }}\n';
  const due = await coxswain.push({ name: 'due', templates: { 'due.yaml': certificate } });
  await tenant.apply('app', due);
  await inForce(1);
  await release.patch({ values: { any: 'change' } });
  await inForce(2);
  const warnings = await eventually(
    () => tenant.kubectl('get', 'events', '--field-selector=reason=CertificateRenewalDue', '--output=json'),
    (text) => text.includes('CertificateRenewalDue'),
  );
  expect(warnings).toContain('due/templates/due.yaml: a certificate ends on');
});

test('no two Releases share a value', async () => {
  await install();
  await tenant.apply('other', chart);
  await tenant.release('other').ready();
  const elsewhere = await coxswain.tenant();
  await elsewhere.apply('app', chart);
  await elsewhere.release('app').ready();
  const all = [await drawn(), await drawn(tenant, 'other'), await drawn(elsewhere)].flatMap(Object.values);
  expect(new Set(all).size).toBe(all.length);
});

async function install(): Promise<void> {
  await tenant.apply('app', { ...chart, version: '1.0.0' });
  await inForce(1);
}

async function inForce(version: number): Promise<Release> {
  return release.until(
    ({ status }) =>
      status?.version === version && status.operation?.phase === 'Done' && status.operation.version === version,
  );
}

async function restart(): Promise<void> {
  coxswain.controller.kill('SIGKILL');
  await coxswain.restart();
}

/** Everything that a Release drew, in base64 where it is in a Secret. */
async function drawn(of = tenant, name = 'app'): Promise<Record<string, string>> {
  const get = async (kind: string, object: string): Promise<KubeObject & { data: Record<string, string> }> =>
    of.kubectl.json('get', kind, object);
  const [secret, old, config] = await Promise.all([
    get('secret', name),
    get('secret', `${name}-old`),
    get('configmap', name),
  ]);
  const id = Buffer.from(config.data['id'] ?? '').toString('base64');
  const checksum = config.metadata.annotations?.['checksum'] ?? '';
  return { ...secret.data, old: old.data['password'] ?? '', id, checksum };
}

function omit(all: Record<string, string>, key: string): Record<string, string> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => name !== key));
}
