import { createServer, type Server } from 'node:http';
import { listening, REQUEST_DEADLINES } from './connections.ts';

/** A process that has lost its lease ends within half of this. */
const MAX_LOST_MS = 20_000;

/** Whether a process leads: `lost` is one that did and no longer does, and is to end. */
export type LeadershipState = 'waiting' | 'leading' | 'lost';

/** How the process is. */
export interface ProcessHealth {
  ready: () => boolean;
  leadership: () => LeadershipState;
  eventLoopLagMs: () => number;
  /** The monotonic clock, in milliseconds. */
  now?: () => number;
}

/**
 * Serves `/healthz` and `/readyz` (`ready` says so) for probes. `/healthz` reports the leadership and how late the event loop is. It is 503
 * only if a restart helps: the process lost its lease so long ago that it should have ended. One whose event loop stands still gives no
 * answer.
 */
export async function serveHealth(port: number, health: ProcessHealth): Promise<Server> {
  const alive = aliveOf(health);
  const server = createServer(REQUEST_DEADLINES, (request, response) => {
    const [status, text] = answerTo(request.url?.split('?')[0], health, alive);
    response.writeHead(status, { 'content-type': 'text/plain' }).end(text);
  });
  return listening(server, port);
}

function answerTo(
  path: string | undefined,
  { ready, leadership, eventLoopLagMs }: ProcessHealth,
  alive: () => boolean,
): [status: number, text: string] {
  if (path === '/readyz') return ready() ? [200, 'ok\n'] : [503, 'not at work\n'];
  if (path !== '/healthz') return [404, 'not found\n'];
  const facts = `leadership: ${leadership()}\nevent loop: ${eventLoopLagMs()} ms late at most\n`;
  return alive() ? [200, `ok\n${facts}`] : [503, `the lease was lost, and the process did not end\n${facts}`];
}

/** False for a process that lost the lease and does not end; it finds out by being asked again, as a probe does. */
function aliveOf({ leadership, now = () => performance.now() }: ProcessHealth): () => boolean {
  let lostAt: number | undefined;
  return () => {
    lostAt = leadership() === 'lost' ? (lostAt ?? now()) : undefined;
    return lostAt === undefined || now() - lostAt < MAX_LOST_MS;
  };
}
