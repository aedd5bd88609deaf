/** Condition types of a Release, as kstatus reads them: Reconciling and Stalled are present only when True; kstatus ignores Healthy and Drifted. */
export type ConditionType = 'Ready' | 'Healthy' | 'Drifted' | 'Reconciling' | 'Stalled';

/** Green: as desired. Yellow: in progress, or unknown. Red: broken, with a cause. */
export type HealthColour = 'Green' | 'Yellow' | 'Red';

/** A `metav1.Condition`; `lastTransitionTime` is RFC 3339 and moves only when `status` does. */
export type Condition = {
  type: ConditionType;
  status: 'True' | 'False' | 'Unknown';
  reason: Reason;
  message: string;
  observedGeneration: number;
  lastTransitionTime: string;
};

/** The condition of a type in a status; undefined where there is none. */
export function conditionOf(
  status: { readonly conditions?: readonly Condition[] | undefined } | undefined,
  type: ConditionType,
): Condition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}

/** Every reason that a condition or an event of a Release can carry. */
export type Reason =
  // progress and success
  | 'InstallSucceeded'
  | 'AdoptSucceeded'
  | 'UpgradeSucceeded'
  | 'RollbackSucceeded'
  | 'RolledBack'
  | 'Progressing'
  | 'Uninstalling'
  | 'Suspended'
  | 'DriftCorrected'
  | 'DriftContested'
  | 'DriftDetected'
  | 'Recreated'
  | 'DefinitionKept'
  | 'VolumeKept'
  | 'DuplicateEntries'
  | 'KeylessEntries'
  | 'InSync'
  | 'CertificateRenewalDue'
  | 'ChartWarning'
  | 'FeedsItself'
  | 'ClusterChanged'
  | 'ApprovalAwaited'
  | 'PlanReady'
  | 'DependencyNotReady'
  | 'DependencyCycle'
  // the version asked for
  | 'VersionNotFound'
  | 'VersionConflict'
  | 'HistoryCorrupted'
  // the chart
  | 'ChartNotFound'
  | 'ChartVersionNotFound'
  | 'ChartDigestMismatch'
  | 'ChartVerificationFailed'
  | 'ChartInvalid'
  | 'RegistryUnavailable'
  | 'RegistryUnauthorized'
  | 'RegistryRefused'
  // values and rendering
  | 'ValuesNotFound'
  | 'ValuesInvalid'
  | 'SchemaViolation'
  | 'TemplateFailed'
  | 'ManifestInvalid'
  | 'PatchFailed'
  | 'LimitExceeded'
  // the cluster
  | 'KindNotFound'
  | 'Refused'
  | 'AlreadyExists'
  | 'ServiceAccountNotFound'
  | 'Forbidden'
  | 'ApplyFailed'
  | 'ApiUnavailable'
  | 'HookFailed'
  | 'TestFailed'
  | 'Healthy'
  | 'Unhealthy'
  | 'HealthCheckInvalid'
  | 'Flapping'
  | 'NoticeFailed'
  | 'TimedOut'
  | 'InternalError';

/** Reasons of a Release that waits for others: an event of theirs brings it back, and nothing else does. */
export const WAITS_FOR_OTHERS: ReadonlySet<Reason> = new Set(['DependencyNotReady', 'DependencyCycle']);

/** Reasons of a Release that waits for something to be pushed to its registry. */
export const WAITS_FOR_PUSH: ReadonlySet<Reason> = new Set([
  'ChartNotFound',
  'ChartVersionNotFound',
  'ChartDigestMismatch',
]);
