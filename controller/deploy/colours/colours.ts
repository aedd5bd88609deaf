import { isWork, keyOf, refOf, titleOf, type KubeObject } from '../../../resources/index.ts';
import { historyOf } from '../../history/owned-versions.ts';
import { durationMs } from '../../pass/duration.ts';
import { ReleaseError } from '../../pass/failures/errors.ts';
import type { Observed } from '../../pass/observed.ts';
import { colourOfObject } from '../../plan/strategies/colours.ts';
import type { Desired, DesiredObject } from '../../plan/desired.ts';
import type { Progress } from '../../status/progress.ts';
import type { TargetServices } from '../../versions/services.ts';
import { previousTarget } from '../../versions/target-in-force.ts';
import { isNotYetApplying, wasApplied } from '../operation.ts';
import type { DeployTarget } from '../target.ts';

/** The state in which a version comes up beside the one in force. */
export interface Beside {
  desired: Desired;
  /** The keys of those of its objects that are as the new version has them. */
  ahead: ReadonlySet<string>;
  /** What has to be Green before the cut. */
  awaited: DesiredObject[];
  /** What is left at the cut. */
  left: readonly DesiredObject[];
}

/** What there is beside a version: the one in force before the cut, and after it the colour that is kept. */
export interface Colours {
  /** Undefined after the cut, and where there is none. */
  beside?: Beside;
  standby: DesiredObject[];
}

/**
 * What there is beside the version that is deployed. Nothing, and nothing is read, where neither it nor the one in force has a colour.
 * Throws ReleaseError, KubeError if the other version cannot be read.
 */
export async function coloursOf(
  services: TargetServices,
  observed: Observed,
  target: DeployTarget,
  progress: Progress,
): Promise<Colours> {
  const version = otherVersion(observed, target, progress);
  if (version === undefined) return { standby: [] };
  const other = await previousTarget(services, observed, version);
  const isCut = !isNotYetApplying(progress);
  if (!other && isCut) return { standby: [] };
  if (!other) throw unreadable(version, target.version);
  const standby = standbyOf(other.desired, target.desired);
  return isCut ? { standby } : { standby, beside: besideOf(other.desired, target.desired) };
}

/** The version beside; undefined where there is none, or not any more. */
function otherVersion(observed: Observed, target: DeployTarget, progress: Progress): number | undefined {
  if (target.operation === 'Delete') return undefined;
  const { version, operation } = progress;
  if (wasApplied(progress)) return standbyLeftMs(observed, progress) > 0 ? operation?.standby : undefined;
  if (version === undefined || version === target.version) return undefined;
  const hasColour = target.desired.objects.some(({ object }) => colourOfObject(object) !== undefined);
  return hasColour || historyOf(observed, version)?.spec.colour !== undefined ? version : undefined;
}

function unreadable(inForce: number, version: number): ReleaseError {
  const remedy = 'to go on without it, which may interrupt the service, set spec.strategy.type to Apply';
  return new ReleaseError(
    'HistoryCorrupted',
    `version ${inForce} is in force and not recorded, so that version ${version} cannot come up beside it: ${remedy}`,
  );
}

const KEEP_FOR = '10m';
/** A Service without a colour leads to the pods of both: so long that all proxies know of the new ones. */
const WITHOUT_COLOUR_MS = 10_000;

/** Milliseconds for which the colour that was left at the cut still stays; 0 or less if there is none. */
export function standbyLeftMs(observed: Observed, { operation }: Pick<Progress, 'operation'>): number {
  if (operation?.standby === undefined || operation.appliedAt === undefined) return 0;
  const keepFor = durationMs(observed.release.spec.strategy?.keepFor ?? KEEP_FOR);
  const hasColour = historyOf(observed, operation.version)?.spec.colour !== undefined;
  const keptMs = hasColour ? keepFor : Math.min(keepFor, WITHOUT_COLOUR_MS);
  return Date.parse(operation.appliedAt) + keptMs - Date.now();
}

/** What the pods of a new version need, and what does nothing by itself, is not held back until the cut. */
const NEEDED_FIRST = new Set([
  'ServiceAccount',
  'Role',
  'RoleBinding',
  'ClusterRole',
  'ClusterRoleBinding',
  'NetworkPolicy',
  'ResourceQuota',
  'LimitRange',
  'PriorityClass',
  'CustomResourceDefinition',
]);

/**
 * The version in force, with what the new one has in its colour or anew; all that both have stays as it is until the cut. Work of the new
 * version begins at the cut.
 */
export function besideOf(inForce: Desired, next: Desired): Beside {
  const known = new Set(inForce.objects.map(keyOfDesired));
  const isNew = (desired: DesiredObject): boolean => !known.has(keyOfDesired(desired));
  const objects = next.objects.filter((desired) => {
    const { object } = desired;
    if (isNew(desired)) return !isWork(object);
    return colourOfObject(object) !== undefined || NEEDED_FIRST.has(object.kind);
  });
  const ahead = new Set(objects.map(keyOfDesired));
  const staying = inForce.objects.filter((desired) => !ahead.has(keyOfDesired(desired)));
  return {
    desired: { ...next, objects: [...staying, ...objects], pending: [], order: undefined },
    ahead,
    awaited: objects.filter((desired) => desired.object.kind === 'Deployment' && isNew(desired)),
    left: standbyOf(inForce, next),
  };
}

/**
 * The objects of the version left at the cut that are kept for a while: those of its colour or, where it had none, those that are there in
 * a colour by now. One budget more than there should be for the pods of a colour would keep them from being evicted.
 */
export function standbyOf(left: Desired, inForce: Desired): DesiredObject[] {
  const present = new Set(inForce.objects.map(keyOfDesired));
  const doubled = new Set(inForce.objects.flatMap(({ object }) => titleWithoutColour(object) ?? []));
  return left.objects.filter((desired) => {
    const { object } = desired;
    if (present.has(keyOfDesired(desired))) return false;
    const isDoubled = object.kind !== 'PodDisruptionBudget' && doubled.has(titleOf(refOf(object)));
    return colourOfObject(object) !== undefined || isDoubled;
  });
}

function titleWithoutColour(object: KubeObject): string | undefined {
  const colour = colourOfObject(object);
  return colour === undefined ? undefined : titleOf(refOf(object)).replace(new RegExp(`-${colour}$`), '');
}

/** The key of a desired object. */
export function keyOfDesired({ object }: DesiredObject): string {
  return keyOf(refOf(object));
}
