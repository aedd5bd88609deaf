import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Which of a server's connections are to be kept when there are too many. */
export interface Connections {
  /** Keeps the connection of a sender that has proved who it is until `release`, or until it is closed. */
  keep(socket: Socket): void;
  /** Ends what `keep` began. */
  release(socket: Socket): void;
}

/** How long a sender may take for its headers, and for all of its request; milliseconds. */
export const REQUEST_DEADLINES = { headersTimeout: 5_000, requestTimeout: 10_000, connectionsCheckingInterval: 1_000 };

/**
 * Makes a server hold at most `max` connections: a new one takes the place of the oldest that has proved nothing, of the source that has
 * most of these. Those who only hold connections open thus keep out themselves, but nobody whose request comes with its connection.
 */
export function boundConnections(server: Server, max: number): Connections {
  const unproved = new Set<Socket>();
  const sources = new Map<Socket, string>();
  const forget = (socket: Socket): void => {
    unproved.delete(socket);
    sources.delete(socket);
  };
  server.on('connection', (socket: Socket) => {
    if (sources.size >= max) {
      const given = leastWorthy(unproved, sources) ?? socket;
      forget(given);
      given.destroy();
    }
    if (socket.destroyed) return;
    sources.set(socket, socket.remoteAddress ?? '');
    unproved.add(socket);
    socket.once('close', () => forget(socket));
  });
  return {
    keep: (socket) => void unproved.delete(socket),
    release: (socket) => void (sources.has(socket) && unproved.add(socket)),
  };
}

const MAX_CONNECTIONS = 64;

/** The server once it listens, with few connections at a time: for those who watch over this process. */
export async function listening(server: Server, port: number): Promise<Server> {
  boundConnections(server, MAX_CONNECTIONS);
  server.listen(port);
  await once(server, 'listening');
  return server;
}

function leastWorthy(unproved: ReadonlySet<Socket>, sources: ReadonlyMap<Socket, string>): Socket | undefined {
  const bySource = Map.groupBy(unproved, (socket) => sources.get(socket) ?? '');
  const [largest] = [...bySource.values()].sort((a, b) => b.length - a.length);
  return largest?.[0];
}
