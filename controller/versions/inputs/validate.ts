import type { VersionRecord } from '../../../records/index.ts';
import type { Observed } from '../../pass/observed.ts';
import { inStep } from '../../pass/step.ts';
import type { PlanServices } from '../../plan/services.ts';
import type { VersionServices } from '../services.ts';
import { ReleaseError } from '../../pass/failures/errors.ts';
import { desiredState, type Desired, type DesiredObject } from '../../plan/desired.ts';
import { needsOfDeleting, needsOfDesired, needsOfSpec, type Need } from '../../plan/permissions/needs.ts';
import { checkPermissions } from '../../plan/permissions/permissions.ts';
import { checkRefusals, openScope, planIn } from '../../plan/scope.ts';
import { progressOf } from '../../status/progress.ts';

/**
 * The desired state of a record, checked for all that can be known before the first write: refusals, missing permissions, objects that
 * others own. `adopts`: whether some of its objects are taken over.
 */
export async function validated(...of: Parameters<typeof validate>): ReturnType<typeof validate> {
  return inStep('preflight', () => validate(...of));
}

async function validate(
  services: PlanServices & Pick<VersionServices, 'grants'>,
  observed: Observed,
  record: VersionRecord,
  denied: readonly Need[] = [],
): Promise<{ desired: Desired; adopts: boolean }> {
  const desired = await desiredState(services, observed, record);
  const { inventory } = progressOf(observed.release.status);
  const { definitions, existing, objects, pending, hooks } = desired;
  const known = new Set(inventory.map(({ group, kind }) => `${group}/${kind}`));
  const isNew = ({ resource: { group, kind } }: DesiredObject): boolean => !known.has(`${group}/${kind}`);
  if (denied.length > 0 || [...definitions, ...existing, ...objects, ...pending, ...hooks].some(isNew)) {
    const { namespace } = observed.release.metadata;
    const reading = needsOfSpec(namespace, observed.release.spec);
    const deleting = await needsOfDeleting(services.discovery, namespace, inventory);
    const needs = [...reading, ...needsOfDesired(namespace, desired), ...deleting, ...denied];
    const { user, tenant, release } = observed;
    await services.grants.check(user, needs, () => checkPermissions(tenant, release, needs));
  }
  // What was rendered without these lookups is not what the chart says.
  if (denied.length > 0)
    throw new ReleaseError('Progressing', 'rendering again, now that the lookups are allowed', { retry: 'soon' });
  const scope = await openScope(services, observed, desired, inventory);
  const plan = await planIn(scope, services, observed, desired, inventory);
  checkRefusals(plan);
  const adopts = plan.writes.some((write) => write.type === 'update' && write.adopts !== undefined);
  if (adopts && record.colour !== undefined && observed.release.status?.version === undefined) throw colourless();
  return { desired, adopts };
}

/** What is taken over has no colour: a Service would lead to nothing, and what it led to would stay for ever. */
function colourless(): ReleaseError {
  const remedy = 'take over with the strategy Apply, and set BlueGreen when that version is in force';
  return new ReleaseError('Refused', `spec.strategy: objects exist that were not made in two colours: ${remedy}`);
}
