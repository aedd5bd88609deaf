import { printableLines } from '../../client/messages/index.ts';
import { whoAmI } from '../../kube/index.ts';
import type { ManifestPart, Feature, Viewer } from '../api/index.ts';
import { HttpError } from './http/answers.ts';
import { EventStream, STREAM_TIMES, type StreamTimes } from './http/event-stream.ts';
import type { Route } from './http/routes.ts';
import { RECORD_LIMITS, ConcurrencyLimiter } from './http/concurrency-limiter.ts';
import { rowOf } from './live/row.ts';
import { streamReleases } from './live/release-list.ts';
import { streamRelease } from './live/release-stream.ts';
import { SESSION_TIMES, watchSession, type SessionTimes } from './live/session-watch.ts';
import type { StreamCount } from './live/stream-count.ts';
import type { DashboardOptions } from './options.ts';
import { chartNames, chartVersions, chartView } from './releases/charts.ts';
import { actionRequestOf } from './releases/action-request.ts';
import { performAction } from './releases/actions.ts';
import { recordedDiff } from './releases/diff.ts';
import { logRequestOf, streamLog } from './releases/logs.ts';
import { permissionsOf } from './releases/permissions.ts';
import { liveDiff, previewOf } from './releases/preview.ts';
import { manifestOf, notesOf, valuesOf } from './releases/recorded.ts';
import { tenantsOf } from './releases/tenants.ts';
import { versionsOf } from './releases/versions.ts';
import {
  bodyOf,
  releaseAsked,
  requiredVersion,
  versionIn,
  type Handler,
  type ViewerRequest,
} from './viewer-request.ts';

type Settings = Pick<DashboardOptions, 'cluster' | 'identity' | 'chartOf' | 'charts' | 'times' | 'log'>;

const MAX_NAMESPACES = 50;

/** What those who are signed in may ask. */
export function viewerRoutes(settings: Settings, streams: StreamCount): Route<Handler>[] {
  return [
    get('/api/viewer', (asked) => viewerOf(asked, settings)),
    get('/api/permissions', ({ identity, query }) => {
      const name = query.get('name');
      return permissionsOf(identity.client, namespaceIn(query), name === null ? undefined : checkedName(name));
    }),
    get('/api/live/releases', async (asked) => {
      const namespaces = namespacesIn(asked.query);
      const { stream, checkSession } = liveStream(asked, settings, streams);
      streamReleases(asked.identity.client, { namespaces }, stream, checkSession);
      return undefined;
    }),
    get('/api/live/releases/:namespace/:name', async (asked) => {
      const { namespace, name } = releaseAsked(asked);
      const { stream, checkSession } = liveStream(asked, settings, streams);
      streamRelease(asked.identity.client, { namespace, name }, stream, checkSession);
      return undefined;
    }),
    get('/api/tenants', (asked) => {
      const ended = endOf(asked);
      streams.enter(asked.identity.key, ended);
      return tenantsOf(asked.identity.client, namespacesIn(asked.query), ended);
    }),
    ...chartRoutes(settings),
    ...recordedRoutes(settings),
    ...releaseRoutes(),
    get('/api/releases/:namespace/:name/logs/:pod/:container', async (asked) => {
      const wanted = logRequestOf(asked.params, asked.query);
      const { client, key } = asked.identity;
      const { response } = asked;
      const ended = endOf(asked);
      streams.enter(key, ended);
      const { slowReaderMs, ...times } = timesOf(settings);
      watchSession(asked.identity, { ended, end: () => response.end() }, times);
      await streamLog(client, wanted, { response, ended, slowReaderMs });
      return undefined;
    }),
  ];
}

function chartRoutes({ charts }: Pick<Settings, 'charts'>): Route<Handler>[] {
  if (charts === undefined) return [];
  return [
    get('/api/charts', ({ query }) => chartNames(charts, query)),
    get('/api/charts/versions', ({ query }) => chartVersions(charts, query)),
    get('/api/charts/show', ({ query }) => chartView(charts, query)),
  ];
}

function recordedRoutes({ chartOf }: Pick<Settings, 'chartOf'>): Route<Handler>[] {
  const versions = '/api/releases/:namespace/:name/versions';
  const limiter = new ConcurrencyLimiter(RECORD_LIMITS);
  const inTurn = async <T>(asked: ViewerRequest, step: () => Promise<T>): Promise<T> =>
    limiter.run(asked.identity.key, endOf(asked), step);
  return [
    get(versions, async (asked) => {
      const { cluster, name } = releaseAsked(asked);
      return versionsOf(cluster, name);
    }),
    get(`${versions}/:version/manifest`, async (asked) => {
      const { cluster, name } = releaseAsked(asked);
      const [version, part] = [requiredVersion(asked.params['version']), partIn(asked.query)];
      return inTurn(asked, async () => manifestOf(cluster, name, version, part));
    }),
    get(`${versions}/:version/values`, async (asked) => {
      const { cluster, name } = releaseAsked(asked);
      const version = requiredVersion(asked.params['version']);
      return inTurn(asked, async () => valuesOf(cluster, name, version, chartOf));
    }),
    get(`${versions}/:version/notes`, async (asked) => {
      const { cluster, name } = releaseAsked(asked);
      const version = requiredVersion(asked.params['version']);
      const { text } = await inTurn(asked, async () => notesOf(cluster, name, version));
      return { text: printableLines(text) };
    }),
    get('/api/releases/:namespace/:name/diff', async (asked) => {
      const { cluster, name } = releaseAsked(asked);
      if (asked.query.has('live')) return liveDiff(cluster, name, endOf(asked));
      const [from, to] = [versionIn(asked.query.get('from')), requiredVersion(asked.query.get('to'))];
      return inTurn(asked, async () => recordedDiff(cluster, name, from, to));
    }),
  ];
}

function releaseRoutes(): Route<Handler>[] {
  return [
    post('/api/releases/:namespace/:name/preview', async (asked) => {
      const { cluster, name } = releaseAsked(asked);
      const { action } = actionRequestOf(await bodyOf(asked));
      return previewOf(cluster, name, action, endOf(asked));
    }),
    post('/api/releases/:namespace/:name/actions', async (asked) => {
      const { cluster, name } = releaseAsked(asked);
      const { action, generation } = actionRequestOf(await bodyOf(asked));
      const release = await performAction(cluster, name, action, generation);
      return release === undefined ? {} : { release: rowOf(release) };
    }),
  ];
}

async function viewerOf({ identity }: ViewerRequest, { cluster, charts }: Settings): Promise<Viewer> {
  const { client, hasSession, csrf } = identity;
  const { username, groups, answeredAt: now } = await whoAmI(client);
  const namespace = client.namespace ?? 'default';
  const features: Feature[] = charts === undefined ? ['tenants'] : ['charts', 'tenants'];
  return { user: username, groups: [...groups], cluster, namespace, signOut: hasSession, features, now, csrf };
}

function liveStream(asked: ViewerRequest, settings: Settings, streams: StreamCount) {
  streams.enter(asked.identity.key, endOf(asked));
  const times = timesOf(settings);
  const stream = new EventStream(asked.response, times, settings.log);
  const answer = { ended: stream.ended, end: (why?: string) => stream.end(why) };
  return { stream, checkSession: watchSession(asked.identity, answer, times) };
}

function timesOf({ times = {} }: Settings): StreamTimes & SessionTimes {
  return { ...STREAM_TIMES, ...SESSION_TIMES, ...times };
}

/** Aborts when nobody reads the answer any more. */
function endOf({ response }: ViewerRequest): AbortSignal {
  const ending = new AbortController();
  response.once('close', () => ending.abort());
  return ending.signal;
}

function namespacesIn(query: URLSearchParams): string[] {
  return query.getAll('namespace').map(checkedName).slice(0, MAX_NAMESPACES);
}

function namespaceIn(query: URLSearchParams): string {
  return checkedName(query.get('namespace') ?? '');
}

/** A name as Kubernetes has them: no other is put into an address of the API server. Throws HttpError BadRequest. */
export function checkedName(name: string): string {
  if (/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/.test(name)) return name;
  throw new HttpError(400, 'BadRequest', `${JSON.stringify(name)} cannot be a name`);
}

function partIn(query: URLSearchParams): ManifestPart {
  const part = query.get('part') ?? 'objects';
  if (part === 'objects' || part === 'hooks' || part === 'crds') return part;
  throw new HttpError(400, 'BadRequest', `there is no part "${part}" of a manifest`);
}

function get(pattern: string, target: Handler): Route<Handler> {
  return { method: 'GET', pattern, target };
}

function post(pattern: string, target: Handler): Route<Handler> {
  return { method: 'POST', pattern, target };
}
