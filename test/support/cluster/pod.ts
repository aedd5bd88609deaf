import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The cluster of a kubeconfig. */
export type Cluster = { readonly server: string; readonly 'certificate-authority-data': string };

/** Where a kubelet puts a pod's service account, for the container and for clients in it. */
const PLACE = '/var/run/secrets/kubernetes.io/serviceaccount';
/** Only that place in the file system is a different one, and for the program alone. */
const MOUNTED = `mount -t tmpfs tmpfs /var/run && mkdir -p ${PLACE} && cp "$0"/* ${PLACE} && exec "$@"`;

/**
 * A program's command and environment by which it finds the service account as in a pod, without a kubeconfig. Needs Linux, where users
 * may have namespaces of their own. `directory` is made for its files.
 */
export async function asInPod(
  command: readonly string[],
  directory: string,
  account: { readonly cluster: Cluster; readonly namespace: string; readonly token: string },
): Promise<{ command: string[]; env: Record<string, string> }> {
  const { cluster, namespace, token } = account;
  const ca = Buffer.from(cluster['certificate-authority-data'], 'base64');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const files = Object.entries({ token, namespace, 'ca.crt': ca });
  await Promise.all(files.map(async ([name, content]) => writeFile(join(directory, name), content)));
  const { hostname, port } = new URL(cluster.server);
  return {
    command: ['unshare', '--map-root-user', '--mount', 'sh', '-c', MOUNTED, directory, ...command],
    env: { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port },
  };
}
