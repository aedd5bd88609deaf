import { withoutCredentials } from './access/credentials.ts';
import { findAccess } from './access/server-access.ts';
import { KubeClient } from './client.ts';
import { runAtOnce } from './http/exchanges.ts';
import type { ConnectOptions } from './http/options.ts';
import { Transport } from './http/transport.ts';

/** Connects by a kubeconfig or from within a pod (see findAccess); throws KubeError Misconfigured. Sends no request. */
export async function connect(options: ConnectOptions = {}): Promise<KubeClient> {
  const found = await findAccess(options);
  const source = options.anonymous === true ? withoutCredentials(found) : found;
  const transport = new Transport(source, options.userAgent ?? 'coxswain', options.onRequest);
  const { namespace } = await transport.access();
  const { unreachable = 'retried', inTurns = runAtOnce } = options;
  return new KubeClient(transport, { unreachable, inTurns, ...(namespace === undefined ? {} : { namespace }) });
}
