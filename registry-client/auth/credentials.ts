import { RegistryError } from '../errors.ts';
import { isObject } from '../json-object.ts';

/** A user and password, a token that is exchanged for others at the token server, or one that is sent as it is. */
export type Credentials =
  | { readonly username: string; readonly password: string }
  | { readonly identityToken: string }
  | { readonly registryToken: string };

interface Entry {
  host: string;
  path: string;
  value: unknown;
}

const DOCKER_HUB = ['docker.io', 'index.docker.io', 'registry-1.docker.io'];

/**
 * Finds the credentials for `host` (`host[:port]`, with a repository path where entries may be that narrow) in a docker
 * configuration, the content of a `kubernetes.io/dockerconfigjson` secret. As the kubelet does: the longest path wins and `*`
 * stands for a part of a host name. Credential helpers are never run. Throws `InvalidCredentials` where the text is not such a
 * configuration or the entry cannot be used; undefined where no entry fits.
 */
export function credentialsFor(dockerConfigJson: string | Uint8Array, host: string): Credentials | undefined {
  const { host: wantedHost, path: wantedPath } = splitHost(host);
  const fitting = entriesOf(dockerConfigJson)
    .filter((entry) => hostFits(entry.host, wantedHost) && pathFits(entry.path, wantedPath))
    .sort((a, b) => b.path.length - a.path.length || Number(a.host.includes('*')) - Number(b.host.includes('*')));
  return fitting[0] === undefined ? undefined : credentialsOf(fitting[0]);
}

/** Returns the value of an `Authorization: Basic` header. */
export function basicAuthorization({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** Throws `InvalidCredentials` where a credential holds what would break out of a header or of Basic's `user:password`. */
export function checkCredentials(credentials: Credentials, owner: string): Credentials {
  const isBroken = Object.values(credentials).some((text: unknown) => typeof text !== 'string' || /\p{Cc}/u.test(text));
  if (isBroken) throw invalid(`the credentials for ${owner} contain control characters, such as a newline`);
  if ('username' in credentials && credentials.username.includes(':')) {
    throw invalid(`the user name for ${owner} contains a colon, which Basic authentication cannot carry`);
  }
  return credentials;
}

function entriesOf(dockerConfigJson: string | Uint8Array): Entry[] {
  let config: unknown;
  try {
    config = JSON.parse(Buffer.from(dockerConfigJson).toString('utf8'));
  } catch {
    // The parser's message would quote the text, which holds secrets.
    throw invalid('the docker configuration is not JSON');
  }
  const auths = isObject(config) ? config['auths'] : undefined;
  if (!isObject(auths)) throw invalid('the docker configuration has no "auths" object');
  return Object.entries(auths).map(([key, value]) => ({ ...splitHost(key), value }));
}

function credentialsOf({ host, value }: Entry): Credentials | undefined {
  if (!isObject(value)) throw invalid(`the entry for ${host} is not an object`);
  const { registrytoken, identitytoken, auth } = value;
  if (isText(registrytoken)) return checkCredentials({ registryToken: registrytoken }, host);
  if (isText(identitytoken)) return checkCredentials({ identityToken: identitytoken }, host);
  if (isText(auth)) return checkCredentials(decodeAuth(auth, host), host);
  const { username, password } = value;
  if (!isText(username) || !isText(password)) return undefined;
  return checkCredentials({ username, password }, host);
}

function decodeAuth(auth: string, host: string): Credentials {
  const text = Buffer.from(auth, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 1) throw invalid(`the entry for ${host} has an "auth" that is not base64 of user:password`);
  // Docker pads old entries with NUL.
  return { username: text.slice(0, colon), password: text.slice(colon + 1).replace(/\0+$/, '') };
}

function splitHost(key: string): { host: string; path: string } {
  const [host = '', ...path] = key.replace(/^[a-z]+:\/\//, '').split('/');
  const bare = host.toLowerCase().replace(/:443$/, '');
  if (DOCKER_HUB.includes(bare)) return { host: 'docker.io', path: path.join('/').replace(/^v[12]\/?/, '') };
  return { host: bare, path: path.join('/').replace(/^v[12]\/?$/, '') };
}

function hostFits(pattern: string, host: string): boolean {
  const patternParts = pattern.split('.');
  const parts = host.split('.');
  return (
    patternParts.length === parts.length && patternParts.every((part, index) => partFits(part, parts[index] ?? ''))
  );
}

function partFits(pattern: string, part: string): boolean {
  const pieces = pattern.split('*').map((piece) => piece.replaceAll(/[\\^$+?.()|[\]{}]/g, '\\$&'));
  return pieces.length === 1
    ? pattern === part
    : pieces.length < 5 && new RegExp(`^${pieces.join('[^:]*')}$`).test(part);
}

function pathFits(prefix: string, path: string): boolean {
  const bare = prefix.replace(/\/+$/, '');
  return bare === '' || path === bare || path.startsWith(`${bare}/`);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function invalid(reason: string): RegistryError {
  return new RegistryError({ code: 'InvalidCredentials', reason });
}
