// Bytes and digests: finds, pulls, verifies, caches and pushes charts of OCI registries and of classic Helm repositories, and
// answers for credentials, limits, timeouts and the hosts that may be reached; posts a body elsewhere by the same rules. It must
// not know what is in a chart, what a Release is, or that there is a cluster: it reads no Kubernetes object, no environment
// variable and no configuration file.
export { listCharts, listVersions, pullChart, pullProvenance, pushChart, resolveChart } from './charts.ts';
export type { TlsIdentity } from './auth/tls-identity.ts';
export type { ChartSource, ConnectionOptions, TransferLimits, PullOptions, Retries, Timeouts } from './options.ts';
export type { PulledChart, ResolvedChart } from './results.ts';
export type { PushOptions, PushedChart } from './oci/push.ts';
export type { ChartMetadata } from './oci/annotations.ts';
export { formatReference, parseChartReference, placeOf } from './reference.ts';
export type { ChartPlace, ChartReference } from './reference.ts';
export { credentialsFor } from './auth/credentials.ts';
export type { Credentials } from './auth/credentials.ts';
export { ChartCache } from './cache.ts';
export type { CacheOptions } from './cache.ts';
export type { Content } from './sink.ts';
export { digestOfBytes } from './digest.ts';
export type { Digest } from './digest.ts';
export { RegistryError } from './errors.ts';
export type { RegistryErrorCode } from './errors.ts';
export { isSignerTrusted } from './verify/trust.ts';
export type { VerificationKey, VerificationPolicy, VerifiedSignature } from './verify/policy.ts';
export { postOnce } from './http/post.ts';
export type { PostResult } from './http/post.ts';
export { LOOPBACK, PRIVATE } from './http/network-policy.ts';
export type { NetworkPolicy } from './http/network-policy.ts';
export type { ProxySettings } from './http/proxy.ts';
export { proxyRules, proxySettingsIn } from './http/proxy.ts';
