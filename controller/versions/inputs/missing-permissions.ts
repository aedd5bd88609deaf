import { isKubeError } from '../../../kube/index.ts';
import { digestOfJson, withoutUndefined } from '../../../resources/index.ts';
import type { Observed } from '../../pass/observed.ts';
import type { NeedsServices, VersionServices } from '../services.ts';
import { ReleaseError, WaitsForMemory } from '../../pass/failures/errors.ts';
import { BackoffPending, failureOf, isStaleRead } from '../../pass/failures/failures.ts';
import { desiredState, type Desired } from '../../plan/desired.ts';
import { manifestFor } from '../../plan/permissions/grant.ts';
import {
  needOf,
  needsOfDeleting,
  needsOfDesired,
  needsOfSpec,
  withDenied,
  type Need,
} from '../../plan/permissions/needs.ts';
import { checkPermissions } from '../../plan/permissions/permissions.ts';
import { progressOf } from '../../status/progress.ts';
import { bytesOfObjects, colourOf, contentOf } from '../../../records/index.ts';
import { inTurns } from '../../../turns/index.ts';
import { memoryFor } from './generated-values.ts';
import { renderRelease } from './render.ts';
import { mergedValues } from './values.ts';
import { valuesFileTexts } from './values-files.ts';

/** The part of a desired state that decides which permissions are needed to hold it. */
type Wanted = Pick<Desired, 'objects' | 'pending' | 'definitions' | 'existing' | 'hooks'>;

/**
 * If `error` says that the service account lacks a permission, throws one that names all that it lacks. Else throws `error` itself, with
 * the roles to grant if a registry refused because pull secrets may not be read. Without `wanted`, what is needed is derived from the
 * chart, as far as that can be known. Checks once for the same state of the Release, and again when a failed attempt is repeated.
 */
export async function throwNamingMissingPermissions(
  services: NeedsServices & Pick<VersionServices, 'attempts'>,
  observed: Observed,
  error: unknown,
  wanted?: Wanted,
): Promise<never> {
  const isForbidden =
    isKubeError(error, 'Forbidden') || (error instanceof BackoffPending && error.failure.reason === 'Forbidden');
  if (!isForbidden) throw withGrantOfPullSecrets(observed, error);
  const { release, tenant } = observed;
  const { uid, generation, namespace } = release.metadata;
  await services.attempts.run(`${observed.key} rights`, digestOfJson([uid, generation]), async () => {
    const { inventory } = progressOf(release.status);
    const { needs: holding, remark } = wanted
      ? { needs: needsOfDesired(namespace, wanted) }
      : await needsOfChart(services, observed);
    const deleting = await needsOfDeleting(services.discovery, namespace, inventory);
    const reading = release.metadata.deletionTimestamp === undefined ? needsOfSpec(namespace, release.spec) : [];
    const needs = [...reading, ...holding, ...deleting];
    const denied = isKubeError(error) ? error.denied : undefined;
    await checkPermissions(tenant, release, denied ? withDenied(needs, denied) : needs, remark);
  });
  throw error;
}

/** The error; if a registry refused because pull secrets may not be read, with the roles that grant reading them. */
function withGrantOfPullSecrets({ release: { metadata, spec } }: Observed, error: unknown): unknown {
  const needs = needsOfPullSecrets(error);
  if (!(error instanceof ReleaseError) || needs.length === 0) return error;
  const { namespace, name: release } = metadata;
  const manifest = manifestFor(needs, { release, namespace, serviceAccount: spec.serviceAccountName });
  return new ReleaseError(error.code, `${error.message}. This grants it:\n${manifest}`, { cause: error });
}

/** What it takes to read the pull secrets without which a registry refused. */
function needsOfPullSecrets(error: unknown): Need[] {
  if (!(error instanceof ReleaseError) || !(error.cause instanceof AggregateError)) return [];
  return error.cause.errors.flatMap((refused: unknown) =>
    isKubeError(refused, 'Forbidden') && refused.denied ? [needOf(refused.denied, refused.objectName)] : [],
  );
}

interface ChartNeeds {
  needs: Need[];
  /** Why there may be more. */
  remark?: string;
}

/**
 * The permissions that the chart's objects need. A missing permission may be one that the chart cannot be rendered without. What the pass
 * held is of no more use, and its room goes to others: a registry may take long to answer.
 */
async function needsOfChart(services: NeedsServices, observed: Observed): Promise<ChartNeeds> {
  const hold = (bytes: number): void => services.memory.hold(observed.key, 'needs', bytes);
  services.memory.holdOnly(observed.key, 'needs', 0);
  try {
    return { needs: await needsOfRendering(services, observed, hold) };
  } catch (error) {
    // To begin again would lead here again, with as little room.
    if (error instanceof WaitsForMemory)
      return { needs: [], remark: remarkOn('there is no room in memory for it now') };
    if (isStaleRead(error)) throw error;
    const { reason, message } = failureOf(error);
    if (reason === 'InternalError') throw error;
    return { needs: needsOfPullSecrets(error), remark: remarkOn(message) };
  } finally {
    hold(0);
  }
}

function remarkOn(obstacle: string): string {
  return ` (what the objects of the chart need is only known after that: ${obstacle})`;
}

/** What is made of a rendering for the cluster takes as much again. */
const COPIES = 2;

/** Renders with the values of the spec and of the chart's files: those of valuesFrom may be what cannot be read. */
async function needsOfRendering(
  services: NeedsServices,
  observed: Observed,
  hold: (bytes: number) => void,
): Promise<Need[]> {
  const { release, tenant } = observed;
  const { chart } = await services.charts.load(observed, { onPulled: hold });
  const content = contentOf(release.spec);
  const files = await valuesFileTexts(services.sandbox, chart, release);
  const values = await inTurns(mergedValues(release.spec, files));
  const request = {
    chart,
    release,
    version: 1,
    operation: 'Install',
    values,
    memory: memoryFor(content, undefined),
  } as const;
  const denied: Need[] = [];
  const reader = {
    tenant,
    onRead: () => undefined,
    onDenied: (what: Parameters<typeof needOf>[0]) => denied.push(needOf(what)),
  };
  const { objects, hooks, crds } = await renderRelease(request, services.sandbox, services.discovery, reader);
  hold(COPIES * bytesOfObjects({ objects, hooks, crds }));
  const record = withoutUndefined({ content, colour: colourOf(content, 1), values, objects, hooks, crds });
  const desired = await desiredState(services, observed, record);
  return [...needsOfDesired(release.metadata.namespace, desired), ...denied];
}
