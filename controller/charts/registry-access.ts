import type { ChartSpec, Release } from '../../crds/index.ts';
import { isKubeError, KubeError, type KubeClient } from '../../kube/index.ts';
import { credentialsFor, type ChartPlace, type Credentials, type TlsIdentity } from '../../registry-client/index.ts';
import { digestOfJson, type KubeObject } from '../../resources/index.ts';
import { ReleaseError } from '../pass/failures/errors.ts';
import { SECRETS, SERVICE_ACCOUNTS } from '../pass/resources.ts';

/** What is presented to a registry, and how it is trusted. */
export interface RegistryAccess {
  credentials?: Credentials | undefined;
  tls?: TlsIdentity | undefined;
  /** Origins, besides the registry itself, that may be sent the credentials. */
  tokenServers?: readonly string[] | undefined;
  /** Equal only for the same credentials at the same registry, whoever presents them. */
  identity: string;
}

/** Access for everyone. */
export const ANONYMOUS: RegistryAccess = { identity: 'anonymous' };

const DOCKER_CONFIG = '.dockerconfigjson';
const KEYS = [DOCKER_CONFIG, 'username', 'password', 'tls.crt', 'tls.key', 'ca.crt'];
const TOKEN_SERVER = 'token-server';
const TYPES = ['kubernetes.io/dockerconfigjson', 'kubernetes.io/basic-auth', 'kubernetes.io/tls', 'Opaque'];

/** The access that the Secret of `spec.chart.secretRef` gives, read as the tenant. Throws ReleaseError, RegistryError, KubeError. */
export async function accessBySecret(
  { name }: NonNullable<ChartSpec['secretRef']>,
  place: ChartPlace,
  namespace: string,
  tenant: KubeClient,
): Promise<RegistryAccess> {
  const secret = await tenant.get(SECRETS, namespace, name).catch((cause: unknown) => {
    if (!isKubeError(cause, 'NotFound')) throw cause;
    const message = `Secret ${name} of spec.chart.secretRef does not exist`;
    throw new ReleaseError('RegistryUnauthorized', message, { cause });
  });
  return accessOf(secret, place);
}

/** Access by the pull secrets of the Release's service account, or why there is none. */
export type PullSecretsAccess = { access: RegistryAccess } | { obstacle: string; refused: KubeError[] };

/**
 * The access that the first fitting imagePullSecret of the service account gives, read as the tenant, as the kubelet would use it for an
 * image. A Secret that cannot be read gives none. Throws KubeError where the API server is out of reach.
 */
export async function accessByPullSecrets(
  { metadata: { namespace }, spec: { serviceAccountName } }: Release,
  place: ChartPlace,
  tenant: KubeClient,
): Promise<PullSecretsAccess> {
  const account = await getOrForbidden(tenant.get(SERVICE_ACCOUNTS, namespace, serviceAccountName));
  if (account === undefined || account instanceof KubeError) {
    const obstacle = `the service account ${serviceAccountName} may not read its own imagePullSecrets`;
    return { obstacle, refused: account === undefined ? [] : [account] };
  }
  const unreadable: string[] = [];
  const refused: KubeError[] = [];
  for (const name of pullSecretsOf(account)) {
    const secret = await getOrForbidden(tenant.get(SECRETS, namespace, name));
    if (secret === undefined || secret instanceof KubeError) {
      unreadable.push(name);
      if (secret) refused.push(secret);
      continue;
    }
    const credentials = listedCredentials(dataOf(secret), place);
    if (credentials) return { access: identified(place, { credentials, tokenServers: tokenServersIn(secret) }) };
  }
  if (unreadable.length > 0) {
    return { obstacle: unreadableMessage(unreadable, serviceAccountName), refused };
  }
  return { obstacle: `no imagePullSecret of the service account ${serviceAccountName} is for ${place.host}`, refused };
}

function unreadableMessage(names: readonly string[], account: string): string {
  const [secrets, absent] =
    names.length === 1 ? ['imagePullSecret', 'does not exist'] : ['imagePullSecrets', 'do not exist'];
  return `the ${secrets} ${names.join(', ')} of the service account ${account} ${absent} or cannot be read by it`;
}

function pullSecretsOf({ imagePullSecrets = [] }: KubeObject & { imagePullSecrets?: { name?: string }[] }): string[] {
  return imagePullSecrets.flatMap(({ name }) => name ?? []);
}

/** What was read; undefined where it does not exist, and the error where it may not be read. Throws other KubeErrors. */
async function getOrForbidden(reading: Promise<KubeObject>): Promise<KubeObject | KubeError | undefined> {
  return reading.catch((error: unknown) => {
    if (isKubeError(error, 'NotFound')) return undefined;
    if (!isKubeError(error, 'Forbidden')) throw error;
    return error;
  });
}

/** What a Docker configuration has for a place. */
function listedCredentials(
  data: Record<string, string | undefined>,
  { host, path }: ChartPlace,
): Credentials | undefined {
  const config = data[DOCKER_CONFIG];
  return config === undefined ? undefined : credentialsFor(config, `${host}/${path}`);
}

/** The keys of a Secret show what it gives: an authority to trust (`ca.crt`) may stand beside credentials of any kind. */
function accessOf(secret: KubeObject, place: ChartPlace): RegistryAccess {
  const data = dataOf(secret);
  const { username, password, 'ca.crt': ca, 'tls.crt': cert, 'tls.key': key, [DOCKER_CONFIG]: config } = data;
  const listed = listedCredentials(data, place);
  const faults: [boolean, string][] = [
    [!TYPES.includes(typeOf(secret)), `it is of type ${typeOf(secret)}; it must be one of ${TYPES.join(', ')}`],
    [!KEYS.some((each) => data[each] !== undefined), `it has none of ${KEYS.join(', ')}`],
    [config !== undefined && username !== undefined, `it has both ${DOCKER_CONFIG} and username`],
    [(username === undefined) !== (password === undefined), 'username and password must be given together'],
    [(cert === undefined) !== (key === undefined), 'tls.crt and tls.key must be given together'],
    [config !== undefined && !listed, `it has no entry for ${place.host}`],
  ];
  for (const [isAtFault, why] of faults) {
    if (!isAtFault) continue;
    const message = `Secret ${secret.metadata.name} of spec.chart.secretRef cannot be used: ${why}`;
    throw new ReleaseError('RegistryUnauthorized', message);
  }
  const credentials = username === undefined || password === undefined ? listed : { username, password };
  const tls = ca === undefined && cert === undefined ? undefined : { ca, cert, key };
  return identified(place, { credentials, tls, tokenServers: tokenServersIn(secret) });
}

/** The token server that the owner of the credentials trusts with them, if it is not the registry itself. */
function tokenServersIn(secret: KubeObject): string[] {
  const url = dataOf(secret)[TOKEN_SERVER]?.trim();
  if (url === undefined || url === '') return [];
  if (URL.canParse(url) && /^https?:/.test(url)) return [new URL(url).origin];
  const message = `Secret ${secret.metadata.name} cannot be used: its ${TOKEN_SERVER} is not a URL such as https://gitlab.example.com`;
  throw new ReleaseError('RegistryUnauthorized', message);
}

function typeOf(secret: KubeObject): string {
  return typeof secret['type'] === 'string' ? secret['type'] : 'Opaque';
}

function identified({ host }: ChartPlace, access: Omit<RegistryAccess, 'identity'>): RegistryAccess {
  return { ...access, identity: digestOfJson([host, access.credentials, access.tls]) };
}

function dataOf(secret: KubeObject): Record<string, string | undefined> {
  const data = (secret['data'] ?? {}) as Record<string, string>;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
}
