import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

import type { KubeObject } from '../../../resources/index.ts';
import { callApi, type ApiAccess } from '../../control-plane/api.ts';
import type { ControlPlane } from '../../control-plane/index.ts';
import { eventually } from '../eventually.ts';

/** What a command wrote and how it ended; `code` is -1 when a signal ended it. */
export type Outcome = { readonly code: number; readonly stdout: string; readonly stderr: string };

/**
 * What a command gets on its standard input, environment variables besides those of this process, and who is told of output as it comes.
 */
export type RunOptions = {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly onOutput?: (text: string) => void;
};

/** Runs a program to its end, whatever its exit code; rejects only where it cannot be started. */
export async function run(path: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const child = spawn(path, args, { env: { ...process.env, ...options.env }, stdio: 'pipe' });
  // A program that does not read its input may be gone before it is written.
  child.stdin.on('error', () => undefined).end(options.input ?? '');
  const { onOutput } = options;
  if (onOutput) for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => onOutput(String(data)));
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code: code ?? -1, stdout, stderr };
}

/** kubectl with a control plane's administrator rights, or with another kubeconfig. */
export type Kubectl = {
  /** Runs a command that must succeed and returns its standard output; throws with its standard error. */
  (...args: readonly string[]): Promise<string>;
  /** Runs a command that may fail. */
  attempt(args: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** Applies objects by server-side apply. */
  apply(...objects: readonly object[]): Promise<void>;
  /** Reads one object, or a list, as JSON. */
  json<T>(...args: readonly string[]): Promise<T>;
  /**
   * Reads what is at a path of the API, as kubectl shows an object, or undefined where nothing is: what is looked at again and again, since a
   * start of kubectl takes twenty times the CPU of a request.
   */
  read<T>(path: string): Promise<T | undefined>;
};

/** Returns kubectl for a control plane; `kubeconfig` and `env` replace the administrator's. */
export function kubectlFor(
  { binaries, kubeconfig }: Pick<ControlPlane, 'binaries' | 'kubeconfig'>,
  env: Readonly<Record<string, string>> = {},
): Kubectl {
  let access: Promise<ApiAccess> | undefined;
  return kubectlBy(
    async (args, options = {}) =>
      run(binaries.kubectl, args, { ...options, env: { KUBECONFIG: kubeconfig, ...env, ...options.env } }),
    async <T>(path: string) => readBy<T>(await (access ??= accessOf(kubeconfig)), path),
  );
}

/** The same kubectl, in one namespace. */
export function inNamespace(kubectl: Kubectl, namespace: string): Kubectl {
  return kubectlBy(
    async (args, options) => kubectl.attempt(['--namespace', namespace, ...args], options),
    async (path) => kubectl.read(path),
  );
}

type Kubeconfig = {
  readonly clusters: readonly { cluster: { server: string; 'certificate-authority-data': string } }[];
  readonly users: readonly { user: { token: string } }[];
};

async function accessOf(kubeconfig: string): Promise<ApiAccess> {
  const { clusters, users } = JSON.parse(await readFile(kubeconfig, 'utf8')) as Kubeconfig;
  const [cluster, user] = [clusters[0]?.cluster, users[0]?.user];
  if (!cluster || !user) throw new Error(`${kubeconfig} names no cluster or no user`);
  const ca = Buffer.from(cluster['certificate-authority-data'], 'base64').toString();
  return { server: cluster.server, ca, token: user.token };
}

async function readBy<T>(access: ApiAccess, path: string): Promise<T | undefined> {
  const { status, body } = await callApi(access, 'GET', path);
  if (status === 404) return undefined;
  if (status !== 200) throw new Error(`GET ${path}: ${status}: ${JSON.stringify(body)}`);
  const found = body as Partial<KubeObject> & { items?: Partial<KubeObject>[] };
  // Of a list, the API tells the kind once.
  const kind = found.kind?.replace(/List$/, '');
  for (const item of found.items ?? []) Object.assign(item, { apiVersion: found.apiVersion, kind });
  for (const { metadata } of found.items ?? [found]) delete metadata?.managedFields;
  return found as T;
}

function kubectlBy(attempt: Kubectl['attempt'], read: Kubectl['read']): Kubectl {
  const succeed = async (args: readonly string[], options?: RunOptions): Promise<string> => {
    const { code, stdout, stderr } = await attempt(args, options);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: exit code ${code}: ${stderr.trim()}`);
    return stdout;
  };

  return Object.assign(async (...args: readonly string[]) => succeed(args), {
    attempt,
    apply: async (...objects: readonly object[]) => {
      const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
      await succeed(['apply', '--server-side', '--field-manager=test', '--filename=-'], { input });
    },
    json: async <T>(...args: readonly string[]) => JSON.parse(await succeed([...args, '--output=json'])) as T,
    read,
  });
}

/** Waits until definitions are served; `kubectl wait` fails on one that has no conditions yet. */
export async function established(kubectl: Kubectl, ...names: readonly string[]): Promise<void> {
  const definitions = names.map((name) => `crd/${name}`);
  await eventually(
    () => kubectl('wait', ...definitions, '--for=condition=Established', '--timeout=10s'),
    () => true,
  );
}
