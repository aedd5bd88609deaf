import { access, readFile } from 'node:fs/promises';
import type { AccessOptions, AccessSource, ServerAccess } from './credentials.ts';
import { KubeError } from '../errors.ts';

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * The given kubeconfig; else `KUBECONFIG`; else the pod's service account; else `~/.kube/config`. Throws KubeError
 * Misconfigured where none is usable.
 */
export async function findAccess(options: AccessOptions): Promise<AccessSource> {
  // As in kubectl, an empty KUBECONFIG counts as none.
  const explicit = options.kubeconfig ?? options.context ?? (process.env['KUBECONFIG'] || undefined);
  const source = explicit === undefined && (await inPod()) ? inClusterAccess : await kubeconfigAccess(options);
  return explained(source);
}

function explained(source: AccessSource): AccessSource {
  return async (freshness) => {
    try {
      return await source(freshness);
    } catch (cause) {
      const why = firstLine(cause instanceof Error ? cause.message : String(cause));
      throw new KubeError('Misconfigured', `loading the cluster's address and credentials: ${why}`, { cause });
    }
  };
}

/** A parser's message goes on with the lines around the fault, which may hold a token. */
function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? '';
}

async function inPod(): Promise<boolean> {
  if (process.env['KUBERNETES_SERVICE_HOST'] === undefined) return false;
  return access(`${SERVICE_ACCOUNT}/token`).then(
    () => true,
    () => false,
  );
}

/**
 * Read here and not by the Kubernetes client library, because a controller in its pod would pay 60 MB of resident
 * memory, the library's generated models, for three small files.
 */
async function inClusterAccess(): Promise<ServerAccess> {
  const [token, ca, namespace] = await Promise.all(
    ['token', 'ca.crt', 'namespace'].map((file) => readFile(`${SERVICE_ACCOUNT}/${file}`, 'utf8')),
  );
  const host = process.env['KUBERNETES_SERVICE_HOST'] ?? '';
  const port = process.env['KUBERNETES_SERVICE_PORT'] ?? '443';
  return {
    server: new URL(`https://${host.includes(':') ? `[${host}]` : host}:${port}`),
    namespace: namespace?.trim() ?? 'default',
    headers: { authorization: `Bearer ${token?.trim() ?? ''}` },
    tls: ca === undefined ? {} : { ca },
  };
}

/** Imported on demand, and by its deepest path, for the reason given at inClusterAccess. */
async function kubeconfigAccess(options: AccessOptions): Promise<AccessSource> {
  const { readKubeconfig } = await import('./kubeconfig.ts');
  return readKubeconfig(options);
}
