import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ListEvents, ReleaseEvents } from '../../../dashboard/api/index.ts';
import { commandOf, type Action } from '../../../dashboard/api/index.ts';
import { startDashboard, type DashboardOptions, type RunningDashboard } from '../../../dashboard/server/index.ts';
import { readRelease, suspendRelease } from '../../../client/releases/index.ts';
import { connect } from '../../../kube/index.ts';
import { appChart } from '../../support/charts/app-chart.ts';
import { placeholderPage, Visitor } from '../../support/dashboard.ts';
import { run } from '../../support/cluster/kubectl.ts';
import { story } from '../../support/cluster/story.ts';
import type { Tenant } from '../../support/cluster/tenant.ts';
import { eventually } from '../../support/eventually.ts';
import { pathWith, PLUGINS } from '../../support/command/command.ts';

const SECRET = `apiVersion: v1
kind: Secret
metadata: {name: {{ .Release.Name }}-login}
stringData: {password: "hunter22222"}
`;
const NOTES = 'password <img src=x onerror=alert(1)> {{ .Values.tag }}';

const coxswain = story();
const logged: string[] = [];
let page: string;
let byToken: RunningDashboard;
let shop: Tenant;
let other: Tenant;

beforeAll(async () => {
  page = await placeholderPage();
  const { kubeconfig } = coxswain.controlPlane;
  byToken = await dashboardBy({ way: 'token', client: await connect({ kubeconfig, anonymous: true }) });
  const chart = await coxswain.push(appChart({ templates: { 'secret.yaml': SECRET, 'NOTES.txt': NOTES } }));
  shop = await coxswain.tenant({ prefix: 'shop' });
  other = await coxswain.tenant({ prefix: 'other' });
  for (const tenant of [shop, other]) await tenant.apply('app', chart, { values: { tag: '1' } });
  await Promise.all([shop, other].map((tenant) => tenant.release('app').inForce(1)));
  await shop.release('app').patch({ values: { tag: '2' } });
  await shop.release('app').inForce(2);
}, 300_000);

afterAll(async () => {
  await byToken?.close();
  expect(logged).toEqual([]);
});

async function dashboardBy(identity: DashboardOptions['identity']): Promise<RunningDashboard> {
  return startDashboard({
    listen: { host: '127.0.0.1', port: 0 },
    identity,
    page,
    cluster: 'test',
    times: { checkMs: 300 },
    log: (line) => logged.push(line),
  });
}

/** Somebody who has signed in with the token of a service account that has a cluster role in a namespace. */
async function viewerOf({ kubectl, namespace }: Tenant, account: string, role: string): Promise<Visitor> {
  await kubectl('create', 'serviceaccount', account);
  await kubectl('create', 'rolebinding', account, `--clusterrole=${role}`, `--serviceaccount=${namespace}:${account}`);
  const visitor = new Visitor(byToken.url);
  const body = { token: await kubectl('create', 'token', account) };
  expect(await visitor.ask('/api/sign-in', { method: 'POST', body })).toMatchObject({ status: 204 });
  // Until the API server has seen the binding.
  await eventually(
    async () => (await visitor.ask(`/api/releases/${namespace}/app/versions`)).status,
    (status) => status === 200,
  );
  return visitor;
}

describe('a viewer', () => {
  test('sees what their own rights allow, whoever else is looking, and can do what they allow', async () => {
    const admin = await viewerOf(shop, 'jane', 'admin');
    const reader = await viewerOf(other, 'joe', 'coxswain-releases-view');
    for (const visitor of [admin, reader]) {
      const refused = await visitor.first<ListEvents['refused']>('/api/live/releases', 'refused');
      expect(refused.message).toContain('releases');
    }
    const list = await admin.first<ListEvents['snapshot']>(
      `/api/live/releases?namespace=${shop.namespace}`,
      'snapshot',
    );
    expect(list.releases).toMatchObject([{ namespace: shop.namespace, name: 'app', chart: 'app', version: 2 }]);
    const path = (tenant: Tenant): string => `/api/releases/${tenant.namespace}/app`;
    expect(await admin.ask(`${path(shop)}/versions`)).toMatchObject({
      status: 200,
      json: [{ version: 2, inForce: true }, { version: 1 }],
    });
    expect(await admin.ask(`${path(other)}/versions`)).toMatchObject({
      status: 403,
      json: { error: { code: 'Forbidden' } },
    });
    expect(await reader.ask(`${path(other)}/versions`)).toMatchObject({ status: 200 });
    expect(await reader.ask(`/api/permissions?namespace=${other.namespace}`)).toMatchObject({
      json: { actions: { suspend: false } },
    });
    expect(await admin.ask(`/api/permissions?namespace=${shop.namespace}`)).toMatchObject({
      json: { actions: { suspend: true } },
    });
    const [actions, suspend] = [`${path(shop)}/actions`, { action: { do: 'suspend' } }];
    expect(await reader.send(`${path(other)}/actions`, suspend)).toMatchObject({ status: 403 });
    expect(await admin.send(actions, { ...suspend, generation: 1 })).toMatchObject({ status: 409 });
    expect(await admin.send(actions, suspend)).toMatchObject({ json: { release: { suspended: true } } });
    const { generation } = (await shop.release('app').get()).metadata;
    const resume = { action: { do: 'resume' }, generation };
    expect(await admin.send(actions, resume)).toMatchObject({ json: { release: { suspended: false } } });
    expect(await admin.ask(`/api/tenants?namespace=${shop.namespace}&namespace=${other.namespace}`)).toMatchObject({
      json: {
        tenants: [{ namespaces: [{ name: shop.namespace, releases: { Unknown: 0 } }] }],
        missing: [expect.stringContaining('releases'), expect.stringContaining('resourcequotas')],
      },
    });
  });

  test('overwrites no edit that was made while an action was under way', async () => {
    const client = await connect({ kubeconfig: coxswain.controlPlane.kubeconfig, unreachable: 'error' });
    const cluster = { client, namespace: shop.namespace };
    const generationNow = async (): Promise<number> => (await readRelease(cluster, 'app')).metadata.generation ?? 0;
    try {
      // The controller leaves it alone meanwhile.
      await shop.release('app').patch({ suspend: true });
      const seen = await generationNow();
      await shop.release('app').patch({ values: { tag: '3' } });
      await expect(suspendRelease(cluster, 'app', false, seen)).rejects.toMatchObject({ code: 'Conflict' });
      expect(await shop.release('app').get()).toMatchObject({ spec: { suspend: true, values: { tag: '3' } } });
      await shop.release('app').patch({ values: { tag: '2' } });
      expect(await suspendRelease(cluster, 'app', false, await generationNow())).toMatchObject({
        spec: { suspend: false, values: { tag: '2' } },
      });
    } finally {
      await client.close();
    }
  });

  test('sees texts unchanged, and no secret anywhere', async () => {
    const admin = await viewerOf(shop, 'ann', 'admin');
    const path = `/api/releases/${shop.namespace}/app`;
    const view = await admin.first<ReleaseEvents['release']>(
      `/api/live/releases/${shop.namespace}/app`,
      'release',
      ({ tree }) => JSON.stringify(tree).includes('"Pod"'),
    );
    expect(view.tree.children.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['Deployment', 'StatefulSet', 'Secret']),
    );
    const asked = [
      'versions',
      'versions/2/manifest',
      'versions/2/values',
      'versions/2/notes',
      'diff?from=1&to=2',
      'diff?live=1',
    ];
    const answers = await Promise.all(asked.map(async (each) => admin.ask(`${path}/${each}`)));
    expect(answers.map(({ status }) => status)).toEqual(asked.map(() => 200));
    const texts = [JSON.stringify(view), ...answers.map(({ text }) => text)].join('\n');
    expect(texts).toContain('<img src=x onerror=alert(1)>');
    expect(texts).not.toMatch(/hunter22222|aHVudGVyMjIyMjI/);
    for (const { headers } of answers) {
      expect(headers).toMatchObject({
        'content-type': 'application/json; charset=utf-8',
        'x-content-type-options': 'nosniff',
      });
    }
  });

  test('is shown nothing more once the account no longer exists in the cluster', async () => {
    const leaving = await viewerOf(shop, 'leaving', 'admin');
    const path = `/api/live/releases?namespace=${shop.namespace}`;
    const ending = leaving.first<ListEvents['ended']>(path, 'ended');
    await leaving.first(path, 'snapshot');
    await shop.kubectl('delete', 'serviceaccount', 'leaving');
    expect((await ending).message).toContain('does not take this sign-in');
    expect(await leaving.ask('/api/viewer')).toMatchObject({ status: 401 });
  });

  test('changes nothing from another site, under another host name, or without the page’s token', async () => {
    const admin = await viewerOf(shop, 'eve', 'admin');
    const actions = `/api/releases/${shop.namespace}/app/actions`;
    const body = { action: { do: 'suspend' } };
    const { host } = new URL(byToken.url);
    const from = (headers: Record<string, string>) => admin.send(actions, body, headers);
    expect((await from({ origin: 'https://evil.example' })).status).toBe(403);
    expect((await from({ 'sec-fetch-site': 'same-site' })).status).toBe(403);
    expect((await from({ host: host.replace('127.0.0.1', 'evil.example') })).status).toBe(421);
    expect((await from({ 'x-csrf-token': 'guessed' })).status).toBe(403);
    expect((await admin.ask('/api/live/releases', { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403);
    const long = await new Visitor(byToken.url)
      .ask(actions, { method: 'POST', headers: { 'content-length': '5000000000' } })
      .catch(() => ({ status: 413 }));
    expect(long.status).toBe(413);
    expect((await new Visitor(byToken.url).ask('/api/viewer')).status).toBe(401);
    expect((await admin.ask('/api/releases/..%2f..%2fkube-system/app/versions')).status).toBe(400);
    expect(await shop.release('app').get()).toMatchObject({ spec: { suspend: false } });
  });
});

test('each action does what its command does', async () => {
  const admin = await viewerOf(shop, 'actions', 'admin');
  const chart = await coxswain.push({ name: 'tiny', version: '1.0.0', templates: { 'all.yaml': MAP } });
  const { binaries, kubeconfig } = coxswain.controlPlane;
  const PATH = pathWith(PLUGINS, { binaries });
  const shell = async (command: string) =>
    run('sh', ['-c', command], { env: { PATH, KUBECONFIG: kubeconfig, COXSWAIN_NODE: process.execPath } });
  const specOf = async (name: string): Promise<object> => {
    const { spec, metadata } = await shop.release(name).get();
    const asks = Object.keys(metadata.annotations ?? {}).filter((each) => /reconcile|rerun/.test(each));
    return { ...spec, asks };
  };
  const actions: Action[] = [
    { do: 'install', registry: chart.registry, chart: 'tiny', chartVersion: '1.0.0', values: "a: 'it''s'\nb: EOF\n" },
    { do: 'edit', values: 'a: 2\nlong: 12345678901234567890\n' },
    { do: 'edit', values: '', chartVersion: '>=1.0.0' },
    { do: 'rollback', version: 1 },
    { do: 'suspend' },
    { do: 'resume' },
    { do: 'reconcile', rerunHooks: true },
  ];
  for (const action of actions) {
    const { status, text } = await admin.send(`/api/releases/${shop.namespace}/one/actions`, { action });
    expect({ action, status, text: status === 200 ? '' : text }).toEqual({ action, status: 200, text: '' });
    const { code, stderr } = await shell(commandOf(action, { namespace: shop.namespace, name: 'two' }));
    expect({ action, code, stderr: code === 0 ? '' : stderr }).toEqual({ action, code: 0, stderr: '' });
    await eventually(
      async () => Promise.all(['one', 'two'].map(specOf)),
      ([one, two]) => JSON.stringify(one) === JSON.stringify(two),
    );
    for (const name of ['one', 'two']) await shop.release(name).ready();
  }
  expect(await admin.send(`/api/releases/${shop.namespace}/one/actions`, { action: { do: 'delete' } })).toMatchObject({
    status: 200,
  });
  expect(await shell(commandOf({ do: 'delete' }, { namespace: shop.namespace, name: 'two' }))).toMatchObject({
    code: 0,
  });
  await eventually(
    async () => (await shop.kubectl('get', 'release', '-o', 'name')).trim(),
    (names) => names === 'release.coxswain.dev/app',
  );
}, 240_000);

const MAP =
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\ndata: {a: {{ .Values.a | quote }}}\n';

test('the user of the kubeconfig gets in once by each address, other users of the machine do not', async () => {
  const { kubeconfig } = coxswain.controlPlane;
  const client = await connect({ kubeconfig, unreachable: 'error' });
  const own = await dashboardBy({ way: 'kubeconfig', client });
  try {
    const user = new Visitor(own.url);
    expect((await user.ask('/')).text).toContain('<title>Releases');
    expect((await user.ask('/api/viewer')).status).toBe(401);
    const enter = own.enterUrl();
    const entered = await user.ask(enter);
    expect(entered).toMatchObject({ status: 303, headers: { location: '/' } });
    expect(entered.headers['set-cookie']?.[0]).toMatch(/HttpOnly; SameSite=Strict/);
    expect((await user.ask('/api/viewer')).json).toMatchObject({ signOut: true });
    const list = await user.first<ListEvents['snapshot']>('/api/live/releases', 'snapshot');
    expect(list.releases.map(({ namespace }) => namespace)).toEqual(
      expect.arrayContaining([shop.namespace, other.namespace]),
    );
    expect((await new Visitor(own.url).ask(enter)).status).toBe(401);
  } finally {
    await own.close();
    await client.close();
  }
});

test('a proxy that knows the secret names the viewer, but never a system user of the cluster', async () => {
  const { kubeconfig } = coxswain.controlPlane;
  const client = await connect({ kubeconfig, unreachable: 'error' });
  const proxy = {
    secret: 'a secret of the proxy, long',
    secretHeader: 'x-secret',
    userHeader: 'x-user',
    groupsHeader: 'x-groups',
  };
  const behind = await dashboardBy({ way: 'proxy', client, proxy });
  try {
    await shop.kubectl('create', 'rolebinding', 'devs', '--clusterrole=admin', '--group=devs');
    const as = (user: string, groups: string, secret = proxy.secret) =>
      new Visitor(behind.url, { 'x-secret': secret, 'x-user': user, 'x-groups': groups });
    const path = `/api/releases/${shop.namespace}/app/versions`;
    // Until the API server has seen the binding.
    await eventually(
      async () => (await as('mia', 'devs, other').ask(path)).status,
      (status) => status === 200,
    );
    expect((await as('mia', 'other').ask(path)).status).toBe(403);
    expect((await as('mia', 'devs', 'guessed').ask(path)).status).toBe(401);
    expect((await as('mia', 'system:masters').ask(path)).status).toBe(403);
    expect((await as('', 'devs').ask(path)).status).toBe(401);
  } finally {
    await behind.close();
    await client.close();
  }
});
