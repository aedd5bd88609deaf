import type {
  ChartCache,
  ConnectionOptions,
  TransferLimits,
  NetworkPolicy,
  ProxySettings,
} from '../../registry-client/index.ts';
import type { AllowedRegistries } from './allowed-registries.ts';

/** How registries are reached. */
export interface ChartOptions {
  cache: ChartCache;
  /** Hosts (`host[:port]`) that may be reached by plain HTTP. */
  plainHttpHosts: readonly string[];
  registries: AllowedRegistries;
  network: NetworkPolicy;
  proxy: ProxySettings;
  /** Origins that may be sent the credentials for a registry, by its `host[:port]`. */
  tokenServers: ReadonlyMap<string, readonly string[]>;
  limits: Partial<TransferLimits>;
  /** Told of each request to a registry; must not throw. */
  onRequest?: ConnectionOptions['onRequest'];
}
