import type { VersionRecord } from '../history/record.ts';
import type { Context, Pass } from '../pass/context.ts';
import { ReleaseError } from '../pass/errors.ts';
import { desiredState, type Desired, type Placed } from '../plan/desired.ts';
import { needsOfDeleting, needsOfDesired, needsOfSpec, type Need } from '../plan/needs.ts';
import { checkPermissions } from '../plan/permissions.ts';
import { checkRefusals, openScope, planIn } from '../plan/scope.ts';
import { progressOf } from '../status/progress.ts';

/** All that can be known before the first write: refusals, missing permissions, objects that others own. */
export async function validated(
  context: Context,
  pass: Pass,
  record: VersionRecord,
  denied: readonly Need[] = [],
): Promise<Desired> {
  const desired = await desiredState(context, pass, record);
  const { inventory } = progressOf(pass.release.status);
  const { definitions, objects, pending, hooks } = desired;
  const known = new Set(inventory.map(({ group, kind }) => `${group}/${kind}`));
  const isNew = ({ resource: { group, kind } }: Placed): boolean => !known.has(`${group}/${kind}`);
  if (denied.length > 0 || [...definitions, ...objects, ...pending, ...hooks].some(isNew)) {
    const { namespace } = pass.release.metadata;
    const reading = needsOfSpec(namespace, pass.release.spec);
    const deleting = await needsOfDeleting(context.discovery, namespace, inventory);
    const needs = [...reading, ...needsOfDesired(namespace, desired), ...deleting, ...denied];
    await checkPermissions(pass.tenant, pass.release, needs);
  }
  // What was rendered without them is not what the chart says.
  if (denied.length > 0)
    throw new ReleaseError('Progressing', 'rendered anew, as lookups are allowed now', { retry: 'soon' });
  const scope = await openScope(context, pass, desired, inventory);
  checkRefusals(await planIn(scope, context, pass, desired, inventory));
  return desired;
}
