import { isWork, keyOfObject, textAt, titleOfObject, type KubeObject } from '../../../resources/index.ts';
import { historyOfVersion } from '../../history/owned-versions.ts';
import { durationMs } from '../../pass/duration.ts';
import { ReleaseError } from '../../pass/failures/errors.ts';
import type { Observed } from '../../pass/observed.ts';
import { isInColour } from '../../plan/strategies/colours.ts';
import type { Desired, DesiredObject } from '../../plan/desired.ts';
import type { Progress } from '../../status/progress.ts';
import type { TargetServices } from '../../versions/services.ts';
import { previousTarget } from '../../versions/target-in-force.ts';
import type { Target } from '../../versions/target.ts';
import { isNotYetApplying, wasApplied } from '../operation.ts';
import type { DeployTarget } from '../target.ts';

/** The state in which a version comes up beside the one in force. */
export interface Beside {
  desired: Desired;
  /** The same without what would serve: where the version in force has no colour, its Service leads to the pods of both. */
  withheld: Desired;
  /** The keys of those of its objects that are as the new version has them. */
  ahead: ReadonlySet<string>;
}

/** A version's objects, and the colour that some of them have. */
type Versioned = Pick<DeployTarget, 'desired' | 'record'>;

/** What there is beside a version: the one in force before the cut, and after it the colour that is kept. */
export interface Colours {
  /** Undefined after the cut, and where there is none. */
  beside?: Beside;
  /** The objects that are left at the cut. */
  standby: DesiredObject[];
  /** What has to be Green before the cut. */
  awaited: DesiredObject[];
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
  if (version === undefined) return { standby: [], awaited: awaitedAlone(target, progress) };
  const isCut = !isNotYetApplying(progress) || isInForce(target, progress);
  const other = await otherTarget(services, observed, { version, isCut }, target);
  if (!other) return { standby: [], awaited: [] };
  const colours = { standby: standbyOf(other, target), awaited: newDeployments(other, target) };
  return isCut ? colours : { ...colours, beside: besideOf(other, target) };
}

/** The version beside; undefined where there is none, or not any more. */
function otherVersion(observed: Observed, target: DeployTarget, progress: Progress): number | undefined {
  if (target.operation === 'Delete') return undefined;
  if (wasApplied(progress)) return standbyLeftMs(observed, progress) > 0 ? progress.operation?.standby : undefined;
  const version = leftVersion(target, progress);
  if (version === undefined || version === target.version) return undefined;
  return target.record?.colour !== undefined || colourOfVersion(observed, version) !== undefined ? version : undefined;
}

function colourOfVersion(observed: Observed, version: number): string | undefined {
  return historyOfVersion(observed, version)?.spec.colour;
}

/**
 * The version that the Service led to when the operation began; if the operation goes back to the one in force, a version that was cut to
 * but is not in force.
 */
export function leftVersion(
  target: DeployTarget,
  progress: Pick<Progress, 'version' | 'operation'>,
): number | undefined {
  return isInForce(target, progress) ? progress.operation?.from : progress.version;
}

function isInForce({ version }: DeployTarget, progress: Pick<Progress, 'version'>): boolean {
  return version === progress.version;
}

/**
 * The version beside as a target. Undefined if it is not recorded or cannot be read, and that does not matter: it is only left behind, or
 * the operation is one without colours.
 */
async function otherTarget(
  services: TargetServices,
  observed: Observed,
  { version, isCut }: { version: number; isCut: boolean },
  target: DeployTarget,
): Promise<Target | undefined> {
  let cause = 'it is not recorded';
  try {
    const other = await previousTarget(services, observed, version);
    if (other) return other;
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
    cause = error.message;
  }
  if (isCut || target.record?.colour === undefined) return undefined;
  const remedy = 'to go on without it, which may interrupt the service, set spec.strategy.type to Apply';
  const message = `version ${target.version} cannot come up beside version ${version}, which is in force: ${cause}; ${remedy}`;
  throw new ReleaseError('HistoryCorrupted', message);
}

const KEEP_FOR = '10m';
/** A Service without a colour leads to the pods of both, for this long: until all proxies know of the new ones. */
const WITHOUT_COLOUR_MS = 10_000;

/** Milliseconds for which the colour that was left at the cut still stays; 0 or less if there is none. */
export function standbyLeftMs(observed: Observed, { operation }: Pick<Progress, 'operation'>): number {
  if (operation?.standby === undefined || operation.appliedAt === undefined) return 0;
  const keepFor = durationMs(observed.release.spec.strategy?.keepFor ?? KEEP_FOR);
  const hasColour = colourOfVersion(observed, operation.version) !== undefined;
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
  'Certificate',
  'ExternalSecret',
  'SealedSecret',
  'SecretProviderClass',
]);

/** With it, the account of the pods pulls their images. */
const PULL_SECRET = /^kubernetes\.io\/dockerc/;

function isNeededFirst(object: KubeObject): boolean {
  return NEEDED_FIRST.has(object.kind) || PULL_SECRET.test(textAt(object, 'type') ?? '');
}

/**
 * The version in force, with what the new one has in its colour or anew; all that both have stays as it is until the cut. Work of the new
 * version begins at the cut.
 */
export function besideOf(inForce: Versioned, next: Versioned): Beside {
  const known = keysOf(inForce);
  const objects = next.desired.objects.filter((desired) => {
    const { object } = desired;
    if (!known.has(keyOfDesired(desired))) return !isWork(object) && object.kind !== 'CronJob';
    return isInColour(object, next.record) || isNeededFirst(object);
  });
  const ahead = new Set(objects.map(keyOfDesired));
  const staying = inForce.desired.objects.filter((desired) => !ahead.has(keyOfDesired(desired)));
  const desired = { ...next.desired, objects: [...staying, ...objects], pending: [], order: undefined };
  const serves = ({ object }: DesiredObject): boolean =>
    inForce.record?.colour === undefined && object.kind === 'Deployment' && isInColour(object, next.record);
  const withheld = { ...desired, objects: desired.objects.filter((one) => !serves(one)) };
  return { desired, withheld, ahead };
}

/** What comes up beside a version, and has to be Green before the cut. */
export function newDeployments(inForce: Versioned, next: Versioned): DesiredObject[] {
  const known = keysOf(inForce);
  return next.desired.objects.filter((one) => one.object.kind === 'Deployment' && !known.has(keyOfDesired(one)));
}

/** What has to be Green where no version is in force beside which it could have come up: somebody may be served all the same. */
function awaitedAlone({ desired, record }: DeployTarget, progress: Pick<Progress, 'version'>): DesiredObject[] {
  if (progress.version !== undefined || record?.colour === undefined) return [];
  return desired.objects.filter(({ object }) => object.kind === 'Deployment' && isInColour(object, record));
}

function keysOf({ desired }: Versioned): ReadonlySet<string> {
  return new Set(desired.objects.map(keyOfDesired));
}

/**
 * The objects of the version left at the cut that are kept for a while: those of its colour or, where it had none, those that are there in
 * a colour by now. One budget more than there should be for the pods of a colour would keep them from being evicted.
 */
export function standbyOf(left: Versioned, inForce: Versioned): DesiredObject[] {
  const present = keysOf(inForce);
  const inColour = inForce.desired.objects.filter(({ object }) => isInColour(object, inForce.record));
  const doubled = new Set(inColour.map(({ object }) => titleWithout(object, inForce.record?.colour)));
  return left.desired.objects.filter((desired) => {
    const { object } = desired;
    if (present.has(keyOfDesired(desired))) return false;
    const isDoubled = object.kind !== 'PodDisruptionBudget' && doubled.has(titleOfObject(object));
    return isInColour(object, left.record) || isDoubled;
  });
}

function titleWithout(object: KubeObject, colour = ''): string {
  const title = titleOfObject(object);
  return title.endsWith(`-${colour}`) ? title.slice(0, -colour.length - 1) : title;
}

/** The key of a desired object. */
export function keyOfDesired({ object }: DesiredObject): string {
  return keyOfObject(object);
}
