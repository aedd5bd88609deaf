import type { Release, ReleaseHistory, RolledBack } from '../../../crds/index.ts';
import { contentDigest, isContentOf } from '../../../records/index.ts';
import { CliError } from '../../errors.ts';
import { isEditedSince } from '../../../client/edits/index.ts';

/**
 * Says that a Release goes back, or has gone back, by itself from a version that failed, if nothing was asked for since; undefined
 * otherwise.
 */
export function alreadyRolledBack(release: Release, histories: readonly ReleaseHistory[]): string | undefined {
  const { rolledBack, operation } = release.status ?? {};
  if (!rolledBack || !operation || asksForMore(release, rolledBack, histories)) return undefined;
  const { version, to, reason } = rolledBack;
  const done = operation.version === to && operation.phase === 'Done' ? 'is rolled back' : 'is being rolled back';
  return `release "${release.metadata.name}" ${done} to version ${to} already, as version ${version} failed (${reason}): nothing to do`;
}

/** Whether a Release is, or is asked to be, at something other than what a rollback leads to. */
function asksForMore(
  { spec, status: { operation, leftContent } = {} }: Release,
  { version, to }: RolledBack,
  histories: readonly ReleaseHistory[],
): boolean {
  const at = operation?.version;
  // Until it begins, the spec may still have the number and the content of the version that failed.
  const versions = at === to ? [to] : [version, to];
  if (at === undefined || !versions.includes(at) || !versions.includes(spec.version ?? at)) return true;
  const digest = contentDigest(spec);
  const isKnown = histories.some((one) => versions.includes(one.spec.version) && isContentOf(digest, one));
  return !isKnown && digest !== leftContent;
}

/** The version to go back to if the user names none; throws CliError NotFound if there is none. */
export function versionBefore(release: Release, histories: readonly ReleaseHistory[]): number {
  const before = rollbackUnderWay(release) ?? recordedBefore(release, histories);
  if (before !== undefined) return before;
  const { name } = release.metadata;
  throw new CliError('NotFound', `release "${name}" has no version before the one in force`, {
    next: `See its versions: kubectl release history ${name}`,
  });
}

/** The version that a rollback under way leads to, unless another one was asked for since. */
function rollbackUnderWay({ spec, status: { operation } = {} }: Release): number | undefined {
  if (operation?.type !== 'Rollback' || operation.phase === 'Done') return undefined;
  return (spec.version ?? operation.version) === operation.version ? operation.version : undefined;
}

function recordedBefore(release: Release, histories: readonly ReleaseHistory[]): number | undefined {
  const { version: inForce, lastGreen } = release.status ?? {};
  const running = histories.find((history) => history.spec.version === inForce);
  if (inForce !== undefined && isUnfinished(release, inForce, running)) return inForce;
  const before = lastGreen === undefined || lastGreen === inForce ? running?.spec.comparedWith : lastGreen;
  return histories.find((history) => history.spec.version === before)?.spec.version;
}

/** Whether something was begun or asked for that is not in force. */
function isUnfinished(release: Release, inForce: number, running: ReleaseHistory | undefined): boolean {
  const { spec, status } = release;
  const versions = [status?.operation?.version ?? inForce, spec.version ?? inForce];
  return versions.some((version) => version !== inForce) || (running !== undefined && isEditedSince(release, running));
}
