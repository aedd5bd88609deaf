import dgram from 'node:dgram';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

/**
 * Takes from this thread, for good, what rendering does not need: the permissions that starting it took (files, threads), signals, and
 * every way to the network, which Node's permissions do not cover before Node 25. A guard against what libraries might do for a chart, not
 * against one that breaks out of V8.
 */
export function confine(): void {
  // Node 22 has no `drop`: there the thread keeps the right to read the program's own files and to start threads like itself.
  const permission = process.permission as { drop?: (scope: string) => void } | undefined;
  for (const scope of ['fs.read', 'worker']) permission?.drop?.(scope);
  // All clients and servers of Node, `fetch` among them, come to these.
  take(net.Socket.prototype, ['connect']);
  take(net.Server.prototype, ['listen']);
  take(dgram.Socket.prototype, ['bind', 'connect', 'send']);
  for (const resolver of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype]) {
    take(resolver, functionsOf(resolver));
  }
  take(process, ['kill']);
  syncBuiltinESMExports();
}

function functionsOf(owner: object): string[] {
  const properties = Object.entries(Object.getOwnPropertyDescriptors(owner));
  return properties.flatMap(([name, { value }]) => (typeof value === 'function' ? [name] : []));
}

function take(owner: object, names: readonly string[]): void {
  for (const name of names) Reflect.set(owner, name, refuse);
}

function refuse(): never {
  throw Object.assign(new Error('chart renderers may not do this'), { code: 'ERR_ACCESS_DENIED' });
}
