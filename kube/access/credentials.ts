/** How to reach the API server and as whom, at one moment: tokens and certificates rotate. */
export interface ServerAccess {
  server: URL;
  proxyUrl?: string;
  /** The namespace that the kubeconfig's context, or the pod, is in. */
  namespace?: string;
  headers: Record<string, string>;
  tls: {
    ca?: string | Buffer;
    cert?: string | Buffer;
    key?: string | Buffer;
    passphrase?: string;
    servername?: string;
    rejectUnauthorized?: boolean;
  };
}

/** Gives the current access; `fresh` reads everything again from its source, for a credential that was just refused. */
export type AccessSource = (freshness: 'cached' | 'fresh') => Promise<ServerAccess>;

/** Where the credentials come from: a kubeconfig file and its context, or, with neither, the default rules. */
export interface AccessOptions {
  kubeconfig?: string;
  context?: string;
}

/** The same server without anybody's credentials. */
export function withoutCredentials(source: AccessSource): AccessSource {
  return async (freshness) => {
    const access = await source(freshness);
    const { cert: _cert, key: _key, passphrase: _passphrase, ...tls } = access.tls;
    return { ...access, headers: {}, tls };
  };
}
