import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import type { RequestOptions } from 'node:https';
import type { AccessOptions, AccessSource, ServerAccess } from './credentials.ts';

/** Access by a kubeconfig: its tokens, client certificates, exec plugins and token files, as the client library reads them. */
export function readKubeconfig(options: AccessOptions): AccessSource {
  let config: KubeConfig | undefined;
  return async (freshness) => {
    if (config === undefined || freshness === 'fresh') config = load(options);
    return accessBy(config);
  };
}

function load({ kubeconfig, context }: AccessOptions): KubeConfig {
  const config = new KubeConfig();
  if (kubeconfig === undefined) loadDefault(config);
  else config.loadFromFile(kubeconfig);
  if (context !== undefined) config.setCurrentContext(context);
  return config;
}

function loadDefault(config: KubeConfig): void {
  config.loadFromDefault();
  // What the library falls back to where it finds nothing.
  if (config.getCurrentCluster()?.server !== 'http://localhost:8080') return;
  throw new Error('no kubeconfig found: KUBECONFIG names none, and ~/.kube/config does not exist');
}

async function accessBy(config: KubeConfig): Promise<ServerAccess> {
  const context = config.getContextObject(config.currentContext);
  const cluster = config.getCurrentCluster();
  if (context === null || cluster === null) {
    throw new Error(`the kubeconfig has no context "${config.currentContext}" with a cluster`);
  }
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const headers = Object.fromEntries(
    Object.entries(options.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
  if (options.auth) headers['authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`;
  const found: ServerAccess = { server: new URL(cluster.server), headers, tls: tlsOf(options) };
  if (cluster.proxyUrl) found.proxyUrl = cluster.proxyUrl;
  if (context.namespace) found.namespace = context.namespace;
  return found;
}

function tlsOf({ ca, cert, key, passphrase, servername, rejectUnauthorized }: RequestOptions): ServerAccess['tls'] {
  const tls: Record<string, unknown> = { ca, cert, key, passphrase, servername, rejectUnauthorized };
  return Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined));
}
