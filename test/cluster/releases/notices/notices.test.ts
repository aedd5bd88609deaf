import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Release } from '../../../../crds/index.ts';
import type { KubeObject } from '../../../../resources/index.ts';
import { chartOf, configMap, hookJob } from '../../../support/charts/hook-charts.ts';
import type { StoredChart } from '../../../support/charts/registry.ts';
import { giveUpLease } from '../../../support/cluster/controller.ts';
import { auditedRequests, type ReleaseView } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { eventually } from '../../../support/eventually.ts';
import { isSignedWith, reset, startReceiving, status, type Received, type ReceivingServer } from './receiving.ts';

// Receivers of notices on a real HTTP server: every occasion, every way to fail, and a controller that dies in between.

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: {{ .Release.Name }}}
spec:
  selector: {matchLabels: {app: {{ .Release.Name }}}}
  template:
    metadata: {labels: {app: {{ .Release.Name }}}}
    spec: {containers: [{name: app, image: "example.com/app:{{ .Values.tag }}"}]}
`;
const KEY = randomBytes(32);
const FLAGS = { flags: ['--allow-notify-address=127.0.0.1/32'] };

const coxswain = story(FLAGS);
let server: ReceivingServer;
let chart: StoredChart;
let tenant: Tenant;
let web: ReleaseView;

beforeAll(async () => {
  server = await startReceiving();
  const migrate = hookJob({ name: 'migrate', events: 'pre-upgrade', failsIf: '.Values.fails' });
  const parts = [configMap('{{ .Release.Name }}', 'value'), DEPLOYMENT, migrate];
  chart = await coxswain.push(chartOf('told', parts, 'value: one\ntag: "1"\nfails: false\n'));
});

afterAll(async () => server?.stop());

beforeEach(async () => {
  tenant = await coxswain.tenant();
  web = tenant.release('web');
});

test('receivers are notified of each occasion once, each in its own format', async () => {
  await receivers({ hook: {}, chat: { format: 'Slack', occasions: 'Red, Recovered' }, room: { format: 'Teams' } });
  await tenant.apply('web', chart);
  await told('hook', ['Ready']);
  await web.patch({ values: { tag: 'broken' } });
  await told('hook', ['Ready', 'Red']);
  await web.patch({ values: { tag: '2' } });
  await told('hook', ['Ready', 'Red', 'Recovered']);
  await web.patch({ onFailure: { strategy: 'Rollback' }, values: { tag: '2', fails: true } });
  await told('hook', ['Ready', 'Red', 'Recovered', 'Red', 'RolledBack']);
  await web.patch({ approval: 'Manual', values: { tag: '2', value: 'five' } });
  const events = await told('hook', ['Ready', 'Red', 'Recovered', 'Red', 'RolledBack', 'ApprovalAwaited']);
  // Each receiver is told at its own pace.
  await settled(web);

  const { uid } = (await web.get()).metadata;
  const source = `/apis/coxswain.dev/v1alpha1/namespaces/${tenant.namespace}/releases/web`;
  expect(events[1]).toMatchObject({
    specversion: '1.0',
    type: 'dev.coxswain.release.red',
    source,
    data: { uid, release: 'web', version: 2, chart: 'told-1.0.0', health: 'Red', reason: 'Unhealthy' },
  });
  expect(events[1]?.data.message).toContain('ImagePullBackOff');
  expect(events.map(({ data }) => data.version)).toEqual([1, 2, 3, 3, 3, 5]);
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  const sent = requestsTo('hook');
  expect(sent.map(({ headers }) => headers['webhook-id'])).toEqual(events.map(({ id }) => id));
  expect(sent.every((request) => isSignedWith(KEY, request))).toBe(true);

  const chat = requestsTo('chat').map(({ body }) => (JSON.parse(body) as { text: string }).text);
  expect(chat.map((text) => /web (is Red|has recovered)/.exec(text)?.[1])).toEqual([
    'is Red',
    'has recovered',
    'is Red',
  ]);
  expect(requestsTo('room')).toHaveLength(events.length);
});

test('a notice that a receiver rejects is sent again, and delays no others', async () => {
  const names = ['errs', 'hangs', 'resets', 'limits', 'redirects'];
  await receivers(Object.fromEntries(names.map((name) => [name, {}])));
  const elsewhere = `${server.origin}/elsewhere`;
  const hanging: ServerResponse[] = [];
  server.answer({
    [pathOf('errs')]: [status(500), status(503)],
    [pathOf('hangs')]: [(response) => void hanging.push(response)],
    [pathOf('resets')]: [reset],
    [pathOf('limits')]: [status(429, { 'retry-after': '2' })],
    [pathOf('redirects')]: [status(307, { location: elsewhere })],
  });
  await tenant.apply('web', chart);
  await eventually(
    () => ['errs', 'resets', 'limits'].map((name) => requestsTo(name).length),
    (counts) => expect(counts).toEqual([3, 2, 2]),
  );
  // As long as one answer is awaited, that is ten seconds.
  expect((await web.get()).status?.notices?.pending).toHaveLength(1);
  const failed = await noticeFailed();
  expect(failed).toContain('Secret redirects');
  expect(failed).toContain('307');
  expect(failed).not.toContain('/');

  await eventually(
    () => requestsTo('hangs'),
    (requests) => requests.length === 2,
  );
  await settled(web);
  expect(hanging).toHaveLength(1);
  expect(requestsTo('redirects')).toHaveLength(1);
  expect(server.requests.filter(({ path }) => path === '/elsewhere')).toEqual([]);
  for (const name of names) expect(new Set(requestsTo(name).map(({ headers }) => headers['webhook-id'])).size).toBe(1);
});

test.each([
  ['the API server', 'https://kubernetes.default.svc/apis', 'kubernetes.default.svc is refused'],
  ['a metadata service', 'https://169.254.169.254/latest', '169.254.169.254 is refused'],
  ['a private address', 'https://10.1.2.3/', '10.1.2.3 is refused'],
  ['an address without TLS', 'http://192.0.2.1/', 'not reached by HTTPS'],
  ['an invalid address', 'file:///etc/passwd', 'not an https:// address'],
])('nothing is sent to %s', async (_title, url, why) => {
  await receivers({ inside: { url } });
  await tenant.apply('web', chart);
  expect(await noticeFailed()).toContain(why);
  await settled(web);
});

test('a controller that is killed before sending a notice sends it after a restart, and repeats no other', async () => {
  await receivers({ hook: {} });
  await tenant.apply('before', chart);
  await told('hook', ['Ready']);
  await settled(tenant.release('before'));
  server.answer({ [pathOf('hook')]: Array.from({ length: 50 }, () => status(500)) });
  await tenant.apply('web', chart);
  await eventually(
    () => requestsTo('hook'),
    (requests) => requests.length > 2,
  );
  coxswain.controller.kill('SIGKILL');
  await coxswain.controller.exited;
  const tries = requestsTo('hook').slice(1);
  expect((await web.get()).status?.notices?.pending).toMatchObject([{ occasion: 'Ready' }]);
  server.answer({ [pathOf('hook')]: [] });
  await giveUpLease(coxswain.controlPlane);
  await coxswain.restart(FLAGS);
  await settled(web);
  const again = requestsTo('hook').slice(1 + tries.length);
  expect(again).toHaveLength(1);
  expect(again[0]?.headers['webhook-id']).toBe(tries[0]?.headers['webhook-id']);
});

test('a controller that is killed once a receiver has a notice repeats it with the same id', async () => {
  await receivers({ hook: {} });
  server.answer({ [pathOf('hook')]: [() => coxswain.controller.kill('SIGKILL')] });
  await tenant.apply('web', chart);
  await eventually(
    () => requestsTo('hook'),
    (requests) => requests.length === 1,
  );
  await coxswain.controller.exited;
  await giveUpLease(coxswain.controlPlane);
  await coxswain.restart(FLAGS);
  await settled(web);
  const [first, second, ...more] = requestsTo('hook');
  expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
  expect(second?.body).toBe(first?.body);
  expect(more).toEqual([]);
});

test('a notice has the secrets of its Release masked', async () => {
  await receivers({ hook: {}, chat: { format: 'Slack' }, room: { format: 'Teams' } });
  const password = 'open-sesame-quickly';
  await tenant.kubectl('create', 'secret', 'generic', 'db', `--from-literal=password=${password}`);
  const telling = await coxswain.push(
    chartOf('telling', ['{{ fail (printf "no login with %s" .Values.password) }}\n'], ''),
  );
  const valuesFrom = [{ kind: 'Secret', name: 'db', key: 'password', targetPath: 'password' }];
  await tenant.apply('web', telling, { valuesFrom });
  await settled(web);
  const sent = ['hook', 'chat', 'room'].flatMap(requestsTo);
  expect(sent).toHaveLength(3);
  for (const { body } of sent) {
    expect(body).toContain('no login with ***');
    expect(body).not.toContain(password);
  }
});

test('a Release without receivers costs no extra request, and has no notices', async () => {
  await tenant.apply('web', chart);
  const { status: told } = await web.ready();
  expect(told?.notices).toBeUndefined();
  const requests = (await auditedRequests(coxswain.controlPlane)).filter(
    ({ verb, objectRef }) =>
      objectRef?.namespace === tenant.namespace && objectRef.resource === 'secrets' && verb === 'get',
  );
  expect(requests).toEqual([]);
});

/** Names Secrets as receivers in the tenant's service account: each a CloudEvents webhook on the server, or as is said. */
async function receivers(wanted: Record<string, Record<string, string>>): Promise<void> {
  for (const [name, more] of Object.entries(wanted)) {
    const stringData = {
      url: `${server.origin}${pathOf(name)}`,
      signingKey: `whsec_${KEY.toString('base64')}`,
      ...more,
    };
    await tenant.kubectl.apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData });
  }
  const names = Object.keys(wanted).join(', ');
  await tenant.kubectl('annotate', 'serviceaccount', 'default', `coxswain.dev/notify=${names}`);
}

function pathOf(name: string): string {
  return `/${tenant.namespace}/${name}`;
}

function requestsTo(name: string): Received[] {
  return server.requests.filter(({ path }) => path === pathOf(name));
}

interface CloudEvent {
  id: string;
  type: string;
  data: { occasion: string; version?: number; message: string };
}

/** Waits until a receiver was told of these occasions, in this order; fails as soon as it is told of another. */
async function told(name: string, occasions: readonly string[]): Promise<CloudEvent[]> {
  const events = await eventually(
    () => requestsTo(name).map(({ body }) => JSON.parse(body) as CloudEvent),
    (seen) => seen.length >= occasions.length,
  );
  expect(events.map(({ data }) => data.occasion)).toEqual(occasions);
  return events;
}

/** Waits until nothing is left to be sent. */
async function settled(release: ReleaseView): Promise<Release> {
  return release.until(({ status: of }) => of?.notices !== undefined && of.notices.pending === undefined);
}

async function noticeFailed(): Promise<string> {
  type Event = KubeObject & { reason?: string; message?: string };
  const { items } = await eventually(
    async () => tenant.kubectl.json<{ items: Event[] }>('get', 'events'),
    (list) => list.items.some(({ reason }) => reason === 'NoticeFailed'),
  );
  return items.find(({ reason }) => reason === 'NoticeFailed')?.message ?? '';
}
