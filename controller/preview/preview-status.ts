import type { PreviewCondition, PreviewCounts, ReleasePreviewStatus } from '../../crds/index.ts';
import { cut, plainText, titleOfKey, withoutUndefined } from '../../resources/index.ts';
import type { Failure } from '../pass/failures/failures.ts';
import type { Need } from '../plan/permissions/needs.ts';
import type { PlannedChanges } from './planned-changes.ts';
import type { PlannedVersion } from './planned-version.ts';

/** What was found out for a preview. */
export interface PreviewFindings {
  generation: number;
  /** RFC 3339. */
  now: string;
  /** The version in force. */
  from: number | undefined;
  planned?: PlannedVersion | undefined;
  changes?: PlannedChanges | undefined;
  failure?: Failure | undefined;
  /** Roles and bindings that grant what is missing. */
  grant?: string | undefined;
}

/** The largest lists, in items and in bytes of JSON. */
export type ListLimits = Record<ListName, { items: number; bytes: number }>;
type ListName = 'objects' | 'changes' | 'hooks' | 'refusals' | 'missingPermissions' | 'warnings';

/** Those of a preview: together with all the rest well below what etcd stores in one object. */
const LIMITS: ListLimits = {
  objects: { items: 1_000, bytes: 150_000 },
  changes: { items: 500, bytes: 250_000 },
  hooks: { items: 200, bytes: 50_000 },
  refusals: { items: 100, bytes: 120_000 },
  missingPermissions: { items: 200, bytes: 50_000 },
  warnings: { items: 20, bytes: 30_000 },
};
const MAX_MESSAGE = 1_024;
const MAX_GRANT = 16_384;

/** The status that reports what was found, with lists and texts cut to their limits. */
export function previewStatusOf(findings: PreviewFindings): ReleasePreviewStatus {
  const { generation, from, planned, changes, failure } = findings;
  const { operation, version, chart, warnings } = planned ?? NONE_PLANNED;
  const shown = changes ?? { ...NO_CHANGES, refusals: refusalsOf(failure), warnings };
  return withoutUndefined({
    observedGeneration: generation,
    operation: changes ? changes.operation : operation,
    version,
    from,
    chart,
    counts: changes && countsOf(changes),
    changesTotal: changes?.changes.total,
    ...listsOf(shown),
    grant: findings.grant && cut(findings.grant, MAX_GRANT),
    conditions: [conditionOf(findings)],
  });
}

const NONE_PLANNED = {
  operation: undefined,
  version: undefined,
  chart: undefined,
  warnings: [],
};
const NO_CHANGES: PlannedChanges = {
  operation: undefined,
  objects: [],
  states: [],
  changes: { changes: [], total: 0 },
  unchanged: 0,
  hooks: [],
  refusals: [],
  lacking: [],
  warnings: [],
};

/** The lists, each within its limit; those that are empty are absent. */
export function listsOf(
  { objects, changes, hooks, refusals, lacking, warnings }: PlannedChanges,
  limits: ListLimits = LIMITS,
): Pick<ReleasePreviewStatus, ListName> {
  const shownHooks = hooks.map(({ event, weight, kind, name }) => ({ event, weight, kind, name }));
  const shownRefusals = refusals.map((refusal) => ({ ...refusal, message: cut(refusal.message, MAX_MESSAGE) }));
  const shownWarnings = warnings.map((warning) => cut(warning, MAX_MESSAGE));
  return withoutUndefined({
    objects: filled(bounded(objects, limits.objects)),
    changes: filled(bounded(changes.changes, limits.changes)),
    hooks: filled(bounded(shownHooks, limits.hooks)),
    refusals: filled(bounded(shownRefusals, limits.refusals)),
    missingPermissions: filled(bounded(lacking.map(permissionOf), limits.missingPermissions)),
    warnings: filled(bounded(shownWarnings, limits.warnings)),
  });
}

/** The findings with `mask` applied to each text that may quote something, before any of them is cut. */
export function maskedFindings(findings: PreviewFindings, mask: (text: string) => string): PreviewFindings {
  const { planned, changes, failure } = findings;
  const masked = <T extends { message: string }>(row: T): T => ({ ...row, message: mask(row.message) });
  const objects = failure?.objects && new Map([...failure.objects].map(([key, message]) => [key, mask(message)]));
  return {
    ...findings,
    planned: planned && { ...planned, warnings: planned.warnings.map(mask) },
    changes: changes && {
      ...changes,
      changes: { ...changes.changes, changes: changes.changes.changes.map(withPlainPath) },
      refusals: changes.refusals.map(masked),
      warnings: changes.warnings.map(mask),
    },
    failure: failure && { ...masked(failure), ...(objects && { objects }) },
  };
}

/** A path consists of keys, which can be any text. */
function withPlainPath<T extends { path: string }>(change: T): T {
  return { ...change, path: plainText(change.path) };
}

/** How many objects there are of each. */
export function countsOf({ objects, unchanged, hooks, refusals }: PlannedChanges): PreviewCounts {
  const count = (wanted: (typeof objects)[number]['action']): number =>
    objects.filter(({ action }) => action === wanted).length;
  return {
    create: count('Create'),
    update: count('Update'),
    recreate: count('Recreate'),
    delete: count('Delete'),
    unchanged,
    unknown: count('Unknown'),
    hooks: hooks.length,
    refused: refusals.length,
  };
}

function conditionOf({ generation, now, changes, failure }: PreviewFindings): PreviewCondition {
  const about = { type: 'Complete', observedGeneration: generation, lastTransitionTime: now } as const;
  if (failure) return { ...about, status: 'False', reason: failure.reason, message: failure.message };
  return { ...about, status: 'True', reason: 'Previewed', message: changes ? summaryOf(countsOf(changes)) : '' };
}

/** One line on what would happen. */
export function summaryOf(counts: PreviewCounts): string {
  const parts = [
    `${counts.create} to create`,
    `${counts.update} to update`,
    ...(counts.recreate > 0 ? [`${counts.recreate} to create again`] : []),
    `${counts.delete} to delete`,
    `${counts.unchanged} unchanged`,
    ...(counts.hooks > 0 ? [`${counts.hooks} hooks to run`] : []),
    ...(counts.refused > 0 ? [`${counts.refused} refused`] : []),
  ];
  return parts.join(', ');
}

/** The objects that a failure is about, each as a refusal. */
function refusalsOf(failure: Failure | undefined): PlannedChanges['refusals'] {
  const { objects = new Map<string, string>(), reason = 'Refused' } = failure ?? {};
  return [...objects].map(([key, message]) => ({ object: titleOfKey(key), reason, message }));
}

function permissionOf({
  verbs,
  group,
  resource,
  name,
  namespace,
}: Need): NonNullable<ReleasePreviewStatus['missingPermissions']>[number] {
  return withoutUndefined({ verbs: [...verbs], group, resource, name, namespace });
}

/** The first of the items that are within a limit. */
function bounded<T>(items: readonly T[], limit: { items: number; bytes: number }): T[] {
  let bytes = 0;
  const first = items.slice(0, limit.items);
  const end = first.findIndex((item) => {
    bytes += Buffer.byteLength(JSON.stringify(item));
    return bytes > limit.bytes;
  });
  return end < 0 ? first : first.slice(0, end);
}

function filled<T>(items: T[]): T[] | undefined {
  return items.length > 0 ? items : undefined;
}
