import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerJson, errorAnswerOf, HttpError, isDefect, methodNotAllowed } from './http/answers.ts';
import { refusalOf, type ServedAddresses } from './http/guard.ts';
import { SECURITY_HEADERS } from './http/headers.ts';
import { routeOf, type Route } from './http/routes.ts';
import { answerStatic, readStaticFiles, type StaticFiles } from './http/static-files.ts';
import { checkedName, viewerRoutes } from './handlers.ts';
import { StreamCount } from './live/stream-count.ts';
import type { DashboardOptions, RunningDashboard } from './options.ts';
import { OneTimeCodes } from './sign-in/codes.ts';
import { cookieFor } from './sign-in/cookies.ts';
import { identityOf } from './sign-in/identity.ts';
import { CALLBACK_PATH } from './sign-in/oidc/routes.ts';
import { isCsrf, Seal } from './sign-in/seal.ts';
import type { OpenHandler, SignInServices } from './sign-in/services.ts';
import { openRoutes } from './sign-in/sign-in.ts';
import type { Handler } from './viewer-request.ts';

const LIMITS = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 60_000, maxHeaderSize: 32 * 1024 };
const MAX_CONNECTIONS = 1_000;

/** What a request is answered with. */
interface ServerContext {
  readonly addresses: ServedAddresses;
  readonly files: StaticFiles;
  readonly services: SignInServices;
  readonly open: readonly Route<OpenHandler>[];
  readonly forViewers: readonly Route<Handler>[];
  readonly log: (line: string) => void;
}

/** Starts a dashboard; resolves once it listens. Throws where it cannot listen there, or the page is not where it should be. */
export async function startDashboard(options: DashboardOptions): Promise<RunningDashboard> {
  const files = await readStaticFiles(options.page);
  const server = createServer(LIMITS);
  server.maxConnections = MAX_CONNECTIONS;
  server.listen(options.listen.port, options.listen.host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = new URL(options.publicUrl ?? `http://${bracketed(options.listen.host)}:${port}`);
  const services: SignInServices = {
    identity: options.identity,
    seal: new Seal(options.sessionKey, options.identity.way === 'oidc' ? options.identity.oidc.configuration : ''),
    cookie: cookieFor(url),
    codes: new OneTimeCodes(),
    origin: url.origin,
  };
  const context: ServerContext = {
    addresses: {
      hosts: new Set([url.host]),
      origins: new Set([url.origin]),
      callbackPaths: callbackPathsOf(options.identity),
    },
    files,
    services,
    open: openRoutes(services),
    forViewers: viewerRoutes(options, new StreamCount()),
    log: options.log,
  };
  server.on('request', (request, response) => void answer(context, request, response));
  return {
    url: url.origin,
    enterUrl: () => `${url.origin}/enter/${services.codes.issue(Date.now())}`,
    close: async () => closed(server),
  };
}

async function answer(context: ServerContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
  try {
    await answerTo(context, request, response);
  } catch (error) {
    if (isDefect(error)) context.log(`defect: ${error instanceof Error ? error.stack : String(error)}`);
    if (response.headersSent) response.destroy();
    else {
      const { status, body } = errorAnswerOf(error);
      // What is left of a request is not read.
      if (!request.complete) response.setHeader('connection', 'close');
      answerJson(response, status, body);
    }
  }
}

async function answerTo(context: ServerContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = '', headers } = request;
  const url = new URL(request.url ?? '/', 'http://dashboard');
  const path = url.pathname;
  // Asked by a kubelet, which knows no name; it tells nothing.
  if (path === '/healthz' || path === '/readyz') return void response.writeHead(200).end('ok\n');
  const refusal = refusalOf({ method, path, headers }, context.addresses);
  if (refusal !== undefined) throw refusal;
  const open = routeOf(context.open, method, path);
  if (open !== undefined) return open.target({ params: open.params, request, response });
  if (!path.startsWith('/api/')) return page(context, path, request, response);
  return answerViewer(context, url, request, response);
}

/** Who asks is found out before anything is said of what there is. */
async function answerViewer(
  context: ServerContext,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = '', headers } = request;
  const { services } = context;
  const { identity, cookies } = await identityOf(request, services.identity, { ...services, nowMs: Date.now() });
  // Whoever left while a provider was asked is not told of again: nothing would end what is begun for them.
  if (response.destroyed) return;
  if (cookies !== undefined) response.setHeader('set-cookie', cookies);
  const found = routeOf(context.forViewers, method, url.pathname);
  if (found === undefined) throw noSuchAddress();
  if (method === 'POST') requireCsrf(identity.csrf, headers['x-csrf-token']);
  for (const name of NAMES) if (found.params[name] !== undefined) checkedName(found.params[name]);
  const body = await found.target({ identity, params: found.params, query: url.searchParams, request, response });
  if (body !== undefined) answerJson(response, 200, body);
}

/** Variables of addresses that are put into addresses of the API server. */
const NAMES = ['namespace', 'name', 'pod', 'container'];

async function page(
  { files }: ServerContext,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method === 'POST') throw methodNotAllowed('POST');
  if (!(await answerStatic(files, path, request, response))) throw noSuchAddress();
}

function noSuchAddress(): HttpError {
  return new HttpError(404, 'NotFound', 'there is no such address');
}

function requireCsrf(csrf: string, given: unknown): void {
  if (!isCsrf(csrf, given)) throw new HttpError(403, 'CsrfToken', 'the request does not come from the page: reload it');
}

function callbackPathsOf({ way }: DashboardOptions['identity']): ReadonlySet<string> {
  return new Set(way === 'oidc' ? [CALLBACK_PATH] : []);
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

async function closed(server: Server): Promise<void> {
  const closing = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closing;
}
