import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { ChartParts } from '../../../support/charts/chart-builder.ts';
import { eventually } from '../../../support/eventually.ts';
import type { ReleaseView } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';

// Nothing that the controller tells holds what came from a Secret: status, Events, histories, log.

const OLD = 'c0rrect "horse"/b@ttery';
const NEW = 'st@ple "tr0ubador"&3';

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: 0
  selector:
    matchLabels: {app: {{ .Release.Name }}}
  template:
    metadata:
      labels: {app: {{ .Release.Name }}}
      annotations: {dsn: {{ printf "db://u:%s@db" (urlquery .Values.password) | quote }}}
    spec:
      containers:
        - name: app
          image: example.com/app:1
          env:
            - {name: PASSWORD, value: {{ .Values.password | quote }}}
            - {name: AUTH, value: {{ printf "user:%s" .Values.password | b64enc | quote }}}
            - {name: JSON, value: {{ dict "password" .Values.password | toJson | quote }}}
            - {name: TAG, value: {{ .Values.tag | quote }}}
---
apiVersion: v1
kind: Secret
metadata:
  name: {{ .Release.Name }}
  labels: {token: {{ .Values.tag | quote }}}
data: {password: {{ .Values.password | b64enc }}}
`;

const coxswain = story();
let tenant: Tenant;
let count = 0;

beforeAll(async () => {
  tenant = await coxswain.tenant();
});

describe('a value from a Secret is not shown', () => {
  test.each<[string, string, Partial<ChartParts>]>([
    [
      'where a schema refuses it',
      'SchemaViolation',
      { schema: { type: 'object', properties: { password: { type: 'string', pattern: '^[0-9]+$' } } } },
    ],
    ['where a template fails with it', 'TemplateFailed', failing('printf "bad %s" .Values.password')],
    ['where it fails with its base64', 'TemplateFailed', failing('printf "bad %s" (b64enc .Values.password)')],
    ['where it fails with its JSON', 'TemplateFailed', failing('toJson .Values')],
    [
      'where a function quotes it',
      'TemplateFailed',
      { templates: { 'a.yaml': '{{ mustToDate "2006" .Values.password }}' } },
    ],
    [
      'where a lookup found it',
      'TemplateFailed',
      failing('(lookup "v1" "Secret" .Release.Namespace .Values.name).data.password | b64dec'),
    ],
    [
      'where an object is refused for it',
      'ManifestInvalid',
      {
        templates: { 'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Values.password | quote }}}\n' },
      },
    ],
    [
      'where the API server quotes it',
      'ApplyFailed',
      {
        templates: {
          'a.yaml': `apiVersion: v1\nkind: Service\nmetadata: {name: {{ .Release.Name }}}\nspec: {externalName: {{ .Values.password | quote }}, type: ExternalName}\n`,
        },
      },
    ],
  ])('%s', async (_where, reason, parts) => {
    const { release, secret } = await install(parts);
    const { message } = await release.failed(reason);
    expect(message).toContain('***');
    expect(await told(release, secret)).toEqual([]);
  });

  test('in the changes from one version to the next', async () => {
    const { release, secret } = await install({ templates: { 'web.yaml': DEPLOYMENT } });
    await release.ready();
    await storeSecret(secret, NEW);
    const next = await release.until(({ status }) => status?.version === 2);
    expect(next.status?.version).toBe(2);
    await release.patch({ values: { tag: 'two', name: secret } });
    await release.until(({ status }) => status?.version === 3);
    const [, second, third] = await release.histories();
    const changed = second?.spec.changes.map(({ path, from, to }) => [path, from, to]);
    expect(changed).toEqual([
      ['/data/password', '***', '***'],
      ['/spec/template/spec/containers/0/env/0/value', '***', '***'],
      ['/spec/template/spec/containers/0/env/1/value', '***', '***'],
      ['/spec/template/spec/containers/0/env/2/value', '{"password":"***"}', '{"password":"***"}'],
      ['/spec/template/metadata/annotations/dsn', 'db://u:***@db', 'db://u:***@db'],
    ]);
    expect(third?.spec.changes.map(({ path, from, to }) => [path, from, to])).toEqual([
      ['/spec/template/spec/containers/0/env/3/value', 'one', 'two'],
      ['/metadata/labels/token', '***', '***'],
    ]);
    expect(await told(release, secret)).toEqual([]);
  });

  test('where an expression in spec.dependsOn cannot be evaluated', async () => {
    await storeSecret('awaited', OLD);
    const ready = '"".matches(object.data.password + "(")';
    const dependsOn = [{ apiVersion: 'v1', kind: 'Secret', name: 'awaited', ready }];
    const release = await tenant.apply('waiting', await coxswain.push({ name: 'waiting' }), { dependsOn });
    const { status } = await release.until((found) => found.status?.message?.includes('has no value') === true);
    expect(status?.message).toContain(
      'Secret/awaited is not ready: its expression has no value: what "matches" is given',
    );
    expect(await told(release, 'awaited')).toEqual([]);
  });
});

function failing(value: string): Partial<ChartParts> {
  return { templates: { 'a.yaml': `{{ fail (${value}) }}` } };
}

async function install(parts: Partial<ChartParts>): Promise<{ release: ReleaseView; secret: string }> {
  count += 1;
  const name = `told-${count}`;
  const secret = `${name}-login`;
  await storeSecret(secret, OLD);
  const chart = await coxswain.push({ name, ...parts });
  const valuesFrom = [{ kind: 'Secret', name: secret, key: 'password', targetPath: 'password' }];
  await tenant.apply(name, chart, { valuesFrom, values: { tag: 'one', name: secret } });
  return { release: tenant.release(name), secret };
}

async function storeSecret(name: string, password: string): Promise<void> {
  const metadata = { name, namespace: tenant.namespace };
  await coxswain.kubectl.apply({ apiVersion: 'v1', kind: 'Secret', metadata, stringData: { password } });
}

/** What holds a password, or any form of one, of all that is told of a Release. */
async function told(release: ReleaseView, secret: string): Promise<string[]> {
  const { controller } = coxswain;
  const { status, metadata } = await release.get();
  const events = await eventually(
    () => tenant.kubectl.json('get', 'events', `--field-selector=involvedObject.name=${metadata.name}`),
    (list) => (list as { items: unknown[] }).items.length > 0,
  );
  const histories = (await release.histories()).map(({ spec }) => spec);
  const texts = { status, events, histories, log: await readFile(controller.logFile, 'utf8'), secret };
  return Object.entries(texts).flatMap(([where, value]) => {
    const text = JSON.stringify(value);
    return FORMS.filter((form) => text.includes(form) || text.includes(JSON.stringify(form).slice(1, -1))).map(
      (form) => `${where} ${form}`,
    );
  });
}

/** Enough of a password in every form that it is told in above. */
const FORMS = [OLD, NEW].flatMap((password) => [
  password,
  JSON.stringify(password).slice(1, -1),
  encodeURIComponent(password),
  Buffer.from(password).toString('base64').slice(0, -4),
  Buffer.from(`user:${password}`).toString('base64').slice(8, -4),
]);
