import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
const TIMEOUT_MS = 10_000;
const MANAGER = 'fieldManager=mysql-operator';

/** An object as it is applied or created. */
export type Applied = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string } & Readonly<Record<string, unknown>>;
} & Readonly<Record<string, unknown>>;

/** The API server's answer to a request that it refused. */
class Refused extends Error {
  readonly code: number;

  /** `text` is the body of the answer. */
  constructor(code: number, request: string, text: string) {
    super(`${request}: ${code} ${text.slice(0, 500)}`);
    this.code = code;
  }
}

/** Reads an object, or undefined where there is none. */
export async function read<T>(path: string): Promise<T | undefined> {
  try {
    return (await request('GET', path)) as T;
  } catch (error) {
    if (error instanceof Refused && error.code === 404) return undefined;
    throw error;
  }
}

/** Reads a list. */
export async function list<T>(path: string): Promise<readonly T[]> {
  const { items } = (await request('GET', path)) as { items: readonly T[] };
  return items;
}

/** Makes an object as it is given: what it had before by this operator and is not given is removed. */
export async function apply(object: Applied): Promise<void> {
  await request('PATCH', `${pathOf(object)}?${MANAGER}&force=true`, object, 'application/apply-patch+yaml');
}

/** Creates an object; it is no error if there is one already. */
export async function create(object: Applied): Promise<void> {
  const path = pathOf(object);
  try {
    await request('POST', path.slice(0, path.lastIndexOf('/')), object);
  } catch (error) {
    if (!(error instanceof Refused && error.code === 409)) throw error;
  }
}

/** Merges into an object. */
export async function merge(path: string, patch: object): Promise<void> {
  await request('PATCH', `${path}?${MANAGER}`, patch, 'application/merge-patch+json');
}

/** Writes a status where it is not what was read before. */
export async function writeStatus(path: string, before: object, after: object): Promise<void> {
  if (!isDeepStrictEqual(before, after)) await merge(`${path}/status`, { status: after });
}

/** Deletes an object; it is no error if there is none. */
export async function remove(path: string): Promise<void> {
  try {
    await request('DELETE', path);
  } catch (error) {
    if (!(error instanceof Refused && error.code === 404)) throw error;
  }
}

/** The path of an object in the API. */
export function pathOf({ apiVersion, kind, metadata }: Pick<Applied, 'apiVersion' | 'kind' | 'metadata'>): string {
  const root = apiVersion.includes('/') ? 'apis' : 'api';
  return `/${root}/${apiVersion}/namespaces/${metadata.namespace}/${kind.toLowerCase()}s/${metadata.name}`;
}

/** The API server's certificate is trusted by NODE_EXTRA_CA_CERTS; the token is read each time, since the kubelet renews it. */
async function request(method: string, path: string, body?: object, type = 'application/json'): Promise<unknown> {
  const { KUBERNETES_SERVICE_HOST: host = '', KUBERNETES_SERVICE_PORT: port = '' } = process.env;
  const token = await readFile(join(ACCOUNT, 'token'), 'utf8');
  const answer = await fetch(`https://${host}:${port}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, accept: 'application/json', 'content-type': type },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Refused(answer.status, `${method} ${path}`, text);
  return JSON.parse(text);
}
