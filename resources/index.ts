// What is known of Kubernetes objects: their identity and order, what a Release wants of them, whether the cluster agrees, what to do about
// it, and their health. Pure functions only: no request, no clock, no memory. This folder imports no other folder and knows nothing of
// Releases beyond the names and labels it is given.

export * from './plan/adoption.ts';
export * from './plan/contest.ts';
export * from './defined-kinds.ts';
export * from './definitions/definition-changes.ts';
export * from './plan/diff.ts';
export * from './json/digest.ts';
export * from './finished.ts';
export * from './plan/guard.ts';
export { eventSubjectsOf, healthOf, releaseHealthOf } from './health/health.ts';
export { red, yellow } from './health/verdict.ts';
export type { EndedRun, EventsAbout, EventSubject, EventText, HealthContext, Verdict } from './health/verdict.ts';
export * from './hooks.ts';
export { hookEventSubjectsOf, type HookLogs } from './hook-ends.ts';
export * from './apply/blocking-fields.ts';
export * from './json/json-text.ts';
export {
  holdsMoreThan,
  isDeeperThan,
  isMap,
  type JsonMap,
  listAt,
  nodesIn,
  numberAt,
  pointerTo,
  textAt,
  textsAndNumbersIn,
  valueAt,
} from './json/json.ts';
export { managedAsApplied, managedWithClaim, managedWithTransfer } from './fields/managed-fields.ts';
export { ignoredFields, type IgnoredFields } from './plan/ignored-fields.ts';
export { otherManagersOf } from './fields/other-managers.ts';
export { maskFor, maskInSteps, type Mask } from './masking/mask.ts';
export { secretsInObject, textsToMask } from './masking/secret-texts.ts';
export * from './apply/merge-update.ts';
export * from './apply/normalize.ts';
export * from './apply/nulls.ts';
export {
  inObjectOrder,
  inReverseOrder,
  orderOf,
  orderRefusals,
  type HeldObject,
  type ObjectGroups,
  type ObjectOrder,
  type OrderAnnotations,
  type OrderedPlan,
} from './plan/object-order.ts';
export * from './plan/order.ts';
export * from './owner.ts';
export * from './json/packed.ts';
export * from './json/without-undefined.ts';
export * from './plan/plan.ts';
export { jsonPatched } from './patch/json-patch.ts';
export { mergeRulesFor } from './patch/merge-keys.ts';
export { PatchError } from './patch/patch-error.ts';
export { strategicMerge } from './patch/strategic-merge.ts';
export * from './pods-of.ts';
export * from './reference.ts';
export { immutableChangeOf, type ChangeClass, type ImmutableChange } from './recreate/change-class.ts';
export { recreateRefusal, type RecreatePolicy } from './recreate/recreate-policy.ts';
export { claimCount, claimNames, isClaimOf, mustGrow } from './recreate/stateful-set.ts';
export * from './apply/refused-nulls.ts';
export * from './selector.ts';
export * from './steps.ts';
export { blueGreenProblem } from './strategies/blue-green-problem.ts';
export { inColour } from './strategies/blue-green.ts';
export { httpCheckJob } from './strategies/http-check.ts';
export { throughPreview, type PreviewPath } from './strategies/through-preview.ts';
export * from './plan/sync.ts';
export * from './plain-text.ts';
export type * from './types.ts';
export * from './apply/undeclared.ts';
