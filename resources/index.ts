// What is known of Kubernetes objects: their identity and order, what a Release wants of them, whether the cluster agrees, what to do
// about it, and their health.
// Pure functions only: no request, no clock, no memory. This folder imports no other one and knows of no Release beyond the names
// and labels it is told.

export * from './contest.ts';
export * from './defined-kinds.ts';
export * from './diff.ts';
export * from './digest.ts';
export * from './finished.ts';
export * from './guard.ts';
export { eventSubjectsOf, healthOf, releaseHealthOf } from './health/health.ts';
export { yellow } from './health/verdict.ts';
export type { EventsAbout, EventSubject, EventText, Surroundings, Verdict } from './health/verdict.ts';
export * from './hooks.ts';
export * from './in-the-way.ts';
export * from './json-text.ts';
export { holdsMoreThan, isDeeperThan, valueAt, type JsonMap } from './json.ts';
export { managedAsApplied, managedWithClaim } from './managed-fields.ts';
export * from './merge-update.ts';
export * from './normalize.ts';
export * from './nulls.ts';
export * from './order.ts';
export * from './owner.ts';
export * from './packed.ts';
export * from './plan.ts';
export * from './pods-of.ts';
export * from './reference.ts';
export * from './refused-nulls.ts';
export * from './selector.ts';
export * from './sync.ts';
export type * from './types.ts';
export * from './undeclared.ts';
