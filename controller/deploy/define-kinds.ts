import { isKubeError, type ApiResource } from '../../kube/index.ts';
import {
  affecting,
  definitionChangesOf,
  definitionToApply,
  isSameDefinition,
  objectOwnerOf,
  refOf,
  storedKindOf,
  titleOfObject,
  unpacked,
  type DefinitionChanges,
  type KubeObject,
  listed,
} from '../../resources/index.ts';
import { inTurn, inTurns } from '../../turns/index.ts';
import type { Observed } from '../pass/observed.ts';
import { ownerOf } from '../pass/ownership.ts';
import type { DesiredObject } from '../plan/desired.ts';
import { isSameProgress } from '../status/progress.ts';
import { applyPlan } from './apply.ts';
import { liveObject } from './objects/beside-apply.ts';
import { sendApply } from './objects/object-writes.ts';
import type { DeployServices } from './services.ts';
import type { StageInput, StageResult } from './stage.ts';

/**
 * Creates the definitions of the chart's `crds/` that do not exist and, if the Release says so, upgrades the others as far as that is safe.
 * Hooks may need them, so they come first, as in Helm. None is ever deleted. Throws KubeError, ReleaseError.
 */
export async function defineKinds(step: StageInput): Promise<StageResult> {
  const { services, observed, target, scope, progress } = step;
  const { definitions, existing } = target.desired;
  const isMissing = ({ object }: DesiredObject): boolean => scope.live(refOf(object)) === undefined;
  const writes = definitions
    .filter(isMissing)
    .map(({ object }) => ({ type: 'create' as const, ref: refOf(object), object }));
  if (writes.length + existing.length > 0) await storeApproved(step);
  await applyPlan(services, observed, scope, { writes, refusals: [] });
  if (isUpgrading(step)) {
    const others = definitions.filter((definition) => !isMissing(definition));
    for (const definition of [...others, ...existing]) await upgradeDefinition(services, observed, definition);
  }
  return { progress, isOver: true };
}

/** What was approved must not be asked for again because a part of it is done. */
async function storeApproved({ observed, progress, checkpoint }: StageInput): Promise<void> {
  const isApproved = observed.release.spec.approval === 'Manual';
  if (isApproved && !isSameProgress(progress, checkpoint.progress)) await checkpoint.store(progress);
}

/** Once for each operation, before its hooks. Not in a rollback: the definitions of an earlier chart are older. */
function isUpgrading({ observed, progress: { operation, hooks } }: StageInput): boolean {
  const isBegun = operation?.phase === 'Before' && hooks.length === 0;
  return observed.release.spec.crds === 'Upgrade' && isBegun && operation.type !== 'Rollback';
}

type UpgradeServices = Pick<DeployServices, 'events' | 'releases' | 'writes'>;

async function upgradeDefinition(
  services: UpgradeServices,
  observed: Observed,
  { object, resource }: DesiredObject,
): Promise<void> {
  const live = await liveDefinition(observed, resource, object);
  if (!live) return;
  const desired = unpacked(object);
  // A definition can have a megabyte.
  if (await inTurn(() => isSameDefinition(desired, live))) return;
  const owner = ownerConflict(services, observed, live);
  const unsafe = owner
    ? [owner]
    : await unsafeChanges(observed, await inTurn(() => definitionChangesOf(desired, live)), live);
  if (unsafe.length > 0) return announceKept(services, observed, object, unsafe);
  await sendApply(services, observed, resource, { type: 'update', object: definitionToApply(desired, live) });
  services.writes.count(observed.key, 'update');
}

async function liveDefinition(
  { tenant }: Observed,
  resource: ApiResource,
  object: KubeObject,
): Promise<KubeObject | undefined> {
  try {
    const live = await liveObject(tenant, resource, object);
    return live.metadata.deletionTimestamp ? undefined : live;
  } catch (error) {
    if (!isKubeError(error, 'NotFound')) throw error;
    return undefined;
  }
}

/** A definition that no Release keeps, such as one that Helm made of a chart's `crds/`, is nobody's. */
function ownerConflict(
  { releases }: Pick<UpgradeServices, 'releases'>,
  { release }: Observed,
  live: KubeObject,
): string | undefined {
  const owner = objectOwnerOf(live, ownerOf(release));
  if (owner.type === 'helm') return `it belongs to the Helm release ${owner.name}`;
  if (owner.type !== 'release') return undefined;
  const [namespace = '', name = ''] = owner.name.split('/');
  return releases.get(namespace, name) ? `it belongs to the Release ${owner.name}` : undefined;
}

const MAX_BYTES = 16 * 1024 * 1024;

/** What is unsafe: whatever the objects are or, as far as a schema is narrower, for those that exist. */
async function unsafeChanges(
  { tenant }: Observed,
  { unsafe, narrowings }: DefinitionChanges,
  live: KubeObject,
): Promise<string[]> {
  if (unsafe.length > 0 || narrowings.length === 0) return [...unsafe, ...narrowings.map(({ message }) => message)];
  const kind = storedKindOf(live);
  try {
    const resource = { ...kind, verbs: [] };
    const { items } = await tenant.listAt(resource, undefined, {}, { maxBytes: MAX_BYTES });
    return await inTurns(affecting(narrowings, items));
  } catch (error) {
    if (!isKubeError(error, 'Forbidden') && !isKubeError(error, 'TooLarge')) throw error;
    const why = error.code === 'Forbidden' ? 'may not be listed by the service account' : 'take more than 16 MiB';
    return [`the existing ${kind.plural} ${why}`, ...narrowings.map(({ message }) => message)];
  }
}

const MAX_NAMED = 10;
const MAX_CHARS = 300;

function announceKept(
  { events }: Pick<UpgradeServices, 'events'>,
  { release }: Observed,
  definition: KubeObject,
  unsafe: readonly string[],
): void {
  const changes = unsafe.map((text) => text.slice(0, MAX_CHARS));
  const message = `${titleOfObject(definition)} is not upgraded: ${listed(changes, MAX_NAMED, '; ')}`;
  events.record({ object: release, type: 'Warning', reason: 'DefinitionKept', message });
}
