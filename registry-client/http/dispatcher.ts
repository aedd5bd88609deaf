import { getCACertificates } from 'node:tls';

import { Agent, Pool, ProxyAgent, buildConnector } from 'undici';

import { checkTlsIdentity } from '../auth/tls-identity.ts';
import { timeoutsOf } from '../options.ts';
import type { ConnectionOptions } from '../options.ts';
import type { NetworkGuard } from './network-policy.ts';

/**
 * Makes the connections of one operation: each origin's own, direct ones to addresses that the guard hands out, others through the proxy
 * that `proxyOf` returns. The TLS client certificate is shown to `home` alone. Throws `InvalidCredentials`.
 */
export function createDispatcher(
  home: URL,
  options: ConnectionOptions,
  guard: NetworkGuard,
  proxyOf: (url: URL) => URL | undefined,
): Agent {
  const { connectMs, headersMs, stallMs } = timeoutsOf(options);
  const identity = checkTlsIdentity(options.tls, home.host);
  const { ca } = identity;
  // Where a registry redirects to often has another authority: a blob store, a token server.
  const elsewhere = ca === undefined ? {} : { ca: [...getCACertificates('default'), ca] };
  const limits = { headersTimeout: headersMs, bodyTimeout: stallMs };
  return new Agent({
    factory: (origin) => {
      const url = new URL(origin);
      const tls = { timeout: connectMs, allowH2: false, ...(url.origin === home.origin ? identity : elsewhere) };
      const proxy = proxyOf(url);
      if (proxy !== undefined) {
        return new ProxyAgent({ uri: proxy.href, requestTls: tls, proxyTls: { timeout: connectMs }, ...limits });
      }
      const connect = buildConnector({ lookup: guard.lookup, autoSelectFamily: true, ...tls });
      return new Pool(origin, { connect, ...limits });
    },
  });
}
