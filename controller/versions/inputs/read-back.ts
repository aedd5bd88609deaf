import type { Rendering } from '../../../chart-renderer/index.ts';
import { isKubeError } from '../../../kube/index.ts';
import { isAdoptable, isAdoptableHook, jsonOf, type KubeObject } from '../../../resources/index.ts';
import { ReleaseError } from '../../pass/failures/errors.ts';
import type { Observed } from '../../pass/observed.ts';
import { ownerOf } from '../../pass/ownership.ts';
import type { VersionServices } from '../services.ts';

/** All of them are sent to the process that renders. */
const MAX_MIB = 16;
const MIB = 1024 * 1024;

/**
 * The objects that a Release is about to take over, as they are live, where what was drawn at random for them has to be kept: those of the
 * same names as the objects of a rendering that draws. Empty if it draws nothing, or nothing may be taken over. Throws KubeError. Calls
 * `hold` before they take more bytes than it was last called with, a few times in all. Throws what that throws.
 */
export async function objectsToReadBack(
  services: Pick<VersionServices, 'discovery' | 'secrets'>,
  observed: Observed,
  { objects, hooks, remembered = {} }: Rendering,
  hold: (bytes: number) => void,
): Promise<KubeObject[]> {
  const { adopt } = observed.release.spec;
  if (adopt === 'Never' || Object.keys(remembered).length === 0) return [];
  const owner = ownerOf(observed.release);
  const found: KubeObject[] = [];
  let bytes = 0;
  let held = 0;
  for (const { object } of [...objects, ...hooks]) {
    const live = await liveOf(services, observed, object);
    if (!live || !(isAdoptable(live, owner, adopt) || isAdoptableHook(live, owner, adopt))) continue;
    services.secrets.learnObject(observed.key, live);
    bytes += jsonOf(live).length;
    if (bytes > MAX_MIB * MIB) throw tooLarge();
    if (bytes > held) hold((held = 2 * bytes));
    found.push(live);
  }
  return found;
}

function tooLarge(): ReleaseError {
  const message = `the objects to take over are larger than ${MAX_MIB} MiB together, so what is generated in them cannot be kept: take them over with a chart that generates nothing`;
  return new ReleaseError('LimitExceeded', message);
}

/** By an empty patch, which is not stored: an account that may patch what the chart holds need not have the right to get it. */
async function liveOf(
  { discovery }: Pick<VersionServices, 'discovery'>,
  { release, tenant }: Observed,
  { apiVersion, kind, metadata }: KubeObject,
): Promise<KubeObject | undefined> {
  const resource = await discovery.resourceFor(apiVersion, kind);
  if (!resource || !metadata.name) return undefined;
  const namespace = resource.namespaced ? release.metadata.namespace : undefined;
  try {
    return await tenant.patchMerge(resource, namespace, metadata.name, {}, { dryRun: true });
  } catch (error) {
    // Missing permissions are named with all others, before anything is written.
    if (isKubeError(error, 'NotFound') || isKubeError(error, 'Forbidden')) return undefined;
    throw error;
  }
}
