import type { PlannedObject, ReleasePlan } from '../../crds/index.ts';
import { keyOf, withoutUndefined } from '../../resources/index.ts';
import { inTurn, inTurns } from '../../turns/index.ts';
import { ReleaseError } from '../pass/failures/errors.ts';
import type { Observed } from '../pass/observed.ts';
import { controlDigest } from '../status/control-digest.ts';
import { describeNeeds } from '../plan/permissions/grant.ts';
import { plannedChanges, type ChangeServices, type PlannedChanges } from '../preview/planned-changes.ts';
import { plannedOf } from '../preview/planned-version.ts';
import { countsOf, listsOf, maskedFindings } from '../preview/preview-status.ts';
import type { Target } from '../versions/target.ts';
import { movedSince, planDigest, type PlanParts } from './plan-digest.ts';

/** A plan before it has a time and a digest. */
export interface PlanDraft extends PlanParts {
  target: Target;
  changes: PlannedChanges;
  /** The version in force. */
  from: number | undefined;
}

/** What carrying out a version would change now, found out by dry run. Throws ReleaseError, KubeError where another attempt is due. */
export async function draftPlan(services: ChangeServices, observed: Observed, target: Target): Promise<PlanDraft> {
  const { release } = observed;
  const changes = await plannedChanges(services, observed, plannedOf(target));
  if (changes.lacking.length > 0)
    throw new ReleaseError(
      'Forbidden',
      `no plan can be made: service account "${release.spec.serviceAccountName}" may not: ${describeNeeds(changes.lacking)}`,
    );
  return { target, changes, control: controlDigest(release.spec), from: release.status?.version };
}

/** Whether a plan is what would be planned now. */
export function isStillPlanned(plan: ReleasePlan, draft: PlanDraft): boolean {
  return planDigest(plan.madeAt, draft) === plan.digest;
}

/** The lists in a Release's status: far smaller than those of a preview, as thousands of children may be in it too. */
const LIMITS = {
  objects: { items: 150, bytes: 30_000 },
  changes: { items: 150, bytes: 40_000 },
  hooks: { items: 50, bytes: 8_000 },
  refusals: { items: 20, bytes: 12_000 },
  missingPermissions: { items: 0, bytes: 0 },
  warnings: { items: 10, bytes: 6_000 },
};

/** The plan as the status holds it, with all secrets masked; `before` is the one that it takes the place of. `now` is RFC 3339. */
export async function planOf(
  { secrets }: Pick<ChangeServices, 'secrets'>,
  { key }: Observed,
  draft: PlanDraft,
  { before, now }: { before: ReleasePlan | undefined; now: string },
): Promise<ReleasePlan> {
  const { target, changes, control, from } = draft;
  await inTurns(secrets.prepare(key));
  const findings = { generation: 0, now, from, changes };
  const shown = await inTurn(() => maskedFindings(findings, (text) => secrets.mask(key, text)).changes ?? changes);
  const { version, operation, history } = target;
  const { cluster, digests, resolved } = history.spec;
  const { content, inputs } = digests;
  const facts = {
    operation: shown.operation ?? operation,
    chart: resolved,
    ...(cluster && { cluster }),
    digests: { content, inputs, control },
  };
  const { objects, ...lists } = listsOf(shown, LIMITS);
  return withoutUndefined({
    digest: planDigest(now, draft),
    madeAt: now,
    version,
    from,
    ...facts,
    counts: countsOf(shown),
    ...lists,
    objects: objects?.map((row) => withState(row, changes)),
    changesTotal: shown.changes.total,
    replaces: before?.digest,
    moved: before && movedSince(before, facts, changes),
  });
}

function withState(row: PlannedObject, { states }: PlannedChanges): PlannedObject {
  const key = keyOf(row);
  const state = states.find((one) => one.key === key)?.state;
  return state === undefined ? row : { ...row, state };
}
