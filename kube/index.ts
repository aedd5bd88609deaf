// The Kubernetes API server as typed requests, discovery and informers, with everything that can go wrong as a KubeError.
// The only importer of the Kubernetes client library (kubeconfigs, credentials) and of undici in API traffic. It must not know
// what a Release is, nor decide what is written: it sends what it is given, as whom it is told.
export * from './rights.ts';
export * from './api-resource.ts';
export * from './backoff.ts';
export * from './client.ts';
export * from './connect.ts';
export * from './discovery/discovery.ts';
export * from './discovery/follow-offer.ts';
export * from './errors.ts';
export * from './events/events.ts';
export type { ObjectEvent } from './events/event-series.ts';
export * from './informer.ts';
export * from './joined-informer.ts';
export * from './lease.ts';
export type * from './http/options.ts';
export type { Change, CachePolicy } from './cache.ts';
export type { RequestRecord } from './http/transport.ts';
