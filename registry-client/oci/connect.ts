import { speaksPlainHttp } from '../http/failures.ts';
import { isLoopback } from '../http/network-policy.ts';
import { openSession } from '../http/session.ts';
import type { Session } from '../http/session.ts';
import { RegistryError } from '../errors.ts';
import type { ConnectionOptions } from '../options.ts';
import { parseRegistry, repositoryOf } from '../reference.ts';
import type { Repository } from './repository.ts';

/** Docker Hub is known by names under which no registry answers. */
const ALIASES = new Map([
  ['docker.io', 'registry-1.docker.io'],
  ['index.docker.io', 'registry-1.docker.io'],
]);

/**
 * Runs `use` with a function that connects to the repository when first called, so that content that is cached takes no connection. The
 * connections are closed afterwards. `mountable` is another repository that may be read from.
 */
export async function withRepository<Result>(
  source: { registry: string; name: string; mountable?: string | undefined },
  actions: 'pull' | 'pull,push',
  options: ConnectionOptions,
  use: (connect: () => Promise<Repository>) => Promise<Result>,
): Promise<Result> {
  const url = parseRegistry(source.registry);
  const name = repositoryOf(url, source.name);
  const own = `repository:${name}:${actions}`;
  const scope = source.mountable === undefined ? own : `${own} repository:${source.mountable}:pull`;
  return withRegistry(url, scope, options, async (connect) => use(async () => ({ session: await connect(), name })));
}

/** Runs `use` with a function that connects to the registry when first called, for what the scope names; closes it afterwards. */
export async function withRegistry<Result>(
  url: URL,
  scope: string,
  options: ConnectionOptions,
  use: (connect: () => Promise<Session>) => Promise<Result>,
): Promise<Result> {
  let session: Promise<Session> | undefined;
  try {
    return await use(async () => {
      session ??= connectTo(url, scope, options);
      return session;
    });
  } finally {
    await session?.then(
      (opened) => opened.close(),
      () => undefined,
    );
  }
}

async function connectTo(url: URL, scope: string, options: ConnectionOptions): Promise<Session> {
  const host = ALIASES.get(url.host) ?? url.host;
  const home = new URL(`https://${host}`);
  const mayBePlain = isLoopback(home) || options.allowPlainHttp === true;
  if (mayBePlain && (await isPlain(home, options))) return openSession(new URL(`http://${host}`), scope, options);
  return openSession(home, scope, options);
}

/** An `oci://` reference does not say whether TLS is spoken, so TLS is tried first; only an answer in plain text shows that it is not. */
async function isPlain(home: URL, options: ConnectionOptions): Promise<boolean> {
  const { credentials: _, ...anonymous } = options;
  const session = openSession(home, undefined, anonymous);
  try {
    (await session.send({ method: 'GET', url: new URL('/v2/', home) })).drop();
    return false;
  } catch (error) {
    options.signal?.throwIfAborted();
    // Any other failure comes again, and is then reported for what was asked.
    return error instanceof RegistryError && speaksPlainHttp(error.cause);
  } finally {
    await session.close();
  }
}
