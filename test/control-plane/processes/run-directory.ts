import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ApiAccess } from '../api.ts';

/** The users that the token file knows: the administrator and the components, each under its own name. */
export type TokenUser = 'admin' | 'kube-controller-manager' | 'kube-scheduler' | 'kwok';

/** One secret token a user. */
export type Tokens = Readonly<Record<TokenUser, string>>;

/** Ports, one a listener. */
export type Ports = {
  readonly apiserver: number;
  readonly etcd: number;
  readonly etcdPeer: number;
  readonly registry: number;
};

/** What a control plane is configured with. */
export type Place = {
  readonly ports: Ports;
  /** At which nodes and pods reach the API server: the loopback address where all nodes are kwok's. */
  readonly address: string;
  /** An AuthenticationConfiguration for the API server. */
  readonly authentication?: object;
};

/** The loopback address. */
export const LOOPBACK = '127.0.0.1';

/** The file of the AuthenticationConfiguration, where there is one. */
export const AUTHENTICATION = 'authentication.json';

/** Returns what to listen on to be reached at `address`, and at the loopback address. */
export function listenAddress(address: string): string {
  return address === LOOPBACK ? LOOPBACK : '0.0.0.0';
}

const GROUPS: Readonly<Record<TokenUser, string>> = {
  admin: 'system:masters',
  'kube-controller-manager': '',
  'kube-scheduler': '',
  kwok: 'system:masters',
};

/** Returns tokens that nobody knows yet. */
export function createTokens(): Tokens {
  const token = (): string => randomBytes(16).toString('hex');
  return { admin: token(), 'kube-controller-manager': token(), 'kube-scheduler': token(), kwok: token() };
}

/**
 * Writes what the components need before they start: tokens, keys of service accounts, audit policy, the registry's and kwok's
 * configuration. `stages` is a YAML stream of kwok stages.
 */
export async function writeConfiguration(
  directory: string,
  tokens: Tokens,
  place: Place,
  stages: string,
): Promise<void> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
  });
  await mkdir(join(directory, 'logs'));
  const files: Record<string, string> = {
    'tokens.csv': tokenFile(tokens),
    'service-account.pub': publicKey,
    'service-account.key': privateKey,
    'audit-policy.json': JSON.stringify(AUDIT_POLICY),
    'registry.json': JSON.stringify(registryConfiguration(directory, place)),
    ...(place.authentication === undefined ? {} : { [AUTHENTICATION]: JSON.stringify(place.authentication) }),
    'kwok.yaml': `${JSON.stringify(KWOK_CONFIGURATION)}\n---\n${stages}`,
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), content, { mode: 0o600 });
}

/** Writes the kubeconfig of a user, which trusts the certificate that the API server made for itself, and returns its path. */
export async function writeKubeconfig(directory: string, user: TokenUser, api: ApiAccess): Promise<string> {
  const path = join(directory, `${user}.kubeconfig`);
  const name = 'coxswain';
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server: api.server, 'certificate-authority-data': base64(api.ca) } }],
    users: [{ name: user, user: { token: api.token } }],
    contexts: [{ name, context: { cluster: name, user, namespace: 'default' } }],
  };
  await writeFile(path, JSON.stringify(kubeconfig, null, 2), { mode: 0o600 });
  return path;
}

/** Every request, once, when it is done. */
const AUDIT_POLICY = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived', 'ResponseStarted'],
  rules: [{ level: 'Metadata' }],
};

const KWOK_CONFIGURATION = {
  apiVersion: 'config.kwok.x-k8s.io/v1alpha1',
  kind: 'KwokConfiguration',
  options: {
    // A real node is not to be played.
    manageAllNodes: false,
    manageNodesWithAnnotationSelector: 'kwok.x-k8s.io/node=fake',
    cidr: '10.244.0.1/16',
    nodeIP: '10.245.0.1',
    nodeLeaseDurationSeconds: 0,
    nodePlayStageParallelism: 4,
    nodeLeaseParallelism: 4,
    podPlayStageParallelism: 16,
    podsOnNodeSyncParallelism: 4,
  },
};

function registryConfiguration(directory: string, { ports, address }: Place): object {
  return {
    version: 0.1,
    log: { level: 'warn', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(directory, 'registry') }, delete: { enabled: true } },
    http: { addr: `${listenAddress(address)}:${ports.registry}` },
  };
}

function tokenFile(tokens: Tokens): string {
  const users = Object.keys(tokens) as TokenUser[];
  const nameOf = (user: TokenUser): string => (user.startsWith('kube-') ? `system:${user}` : user);
  return users.map((user) => `${tokens[user]},${nameOf(user)},${user},"${GROUPS[user]}"\n`).join('');
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
