import { createServer, type Server } from 'node:http';
import { listening, REQUEST_DEADLINES } from './connections.ts';

/** Serves `/healthz` (the process answers) and `/readyz` (`ready` says so) for probes. */
export async function serveHealth(port: number, ready: () => boolean): Promise<Server> {
  const server = createServer(REQUEST_DEADLINES, (request, response) => {
    const path = request.url?.split('?')[0];
    const status = path === '/healthz' ? 200 : path !== '/readyz' ? 404 : ready() ? 200 : 503;
    response.writeHead(status, { 'content-type': 'text/plain' }).end(status === 200 ? 'ok\n' : `${status}\n`);
  });
  return listening(server, port);
}
