import { createServer, type Server } from 'node:http';
import { listening, REQUEST_DEADLINES } from './connections.ts';

/** Serves `/metrics` for Prometheus. */
export async function serveMetrics(
  port: number,
  { text, contentType }: { text: () => Promise<string>; contentType: string },
): Promise<Server> {
  const server = createServer(REQUEST_DEADLINES, (request, response) => {
    if (request.url?.split('?')[0] !== '/metrics') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('404\n');
      return;
    }
    text().then(
      (body) => response.writeHead(200, { 'content-type': contentType }).end(body),
      () => response.writeHead(500, { 'content-type': 'text/plain' }).end('500\n'),
    );
  });
  return listening(server, port);
}
