import {
  API_GROUP,
  CHUNK_SECRET_TYPE,
  CLUSTER_SCOPE_ALLOWED,
  CLUSTER_SCOPE_LABEL,
  type Release,
} from '../crds/index.ts';
import type { ApiResource } from '../kube/index.ts';
import { desiredOf, refusalsOf, type KubeObject, type Limits } from '../resources/index.ts';
import type { Context, Pass } from './context.ts';
import { ReleaseError } from './errors.ts';
import { ownerOf } from './ownership.ts';
import type { VersionRecord } from './record.ts';

/** An object of a version with the resource type that serves it. */
export interface Placed {
  object: KubeObject;
  resource: ApiResource;
}

/** A version's objects as the cluster should have them; hooks are no part of the state to hold. */
export interface Desired {
  objects: Placed[];
  hooks: Placed[];
}

/**
 * The objects of a version made ready for this Release. Throws ReleaseError with all refusals at once: another namespace,
 * cluster scope that no administrator allowed, kinds that the cluster does not have.
 */
export async function desiredState(context: Context, pass: Pass, record: VersionRecord): Promise<Desired> {
  const limits = limitsOf(context, pass.release);
  const objects = await placed(context, record.objects);
  const hooks = await placed(context, record.hooks);
  // A hook may come twice, for two events, and by the name of another object; no two of them are live at a time.
  const ofHooks = hooks.flatMap((hook) => refusalsOf([hook], limits));
  const refusals = [...refusalsOf(objects, limits), ...ofHooks];
  if (refusals.length > 0) throw refused(refusals);
  return { objects: made(objects, pass.release), hooks: made(hooks, pass.release) };
}

async function placed(context: Context, items: readonly { object: KubeObject }[]): Promise<Candidate[]> {
  return Promise.all(
    items.map(async ({ object }) => ({
      object,
      resource: await context.discovery.resourceFor(object.apiVersion, object.kind),
    })),
  );
}

interface Candidate {
  object: KubeObject;
  resource: ApiResource | undefined;
}

function made(candidates: Candidate[], release: Release): Placed[] {
  const owner = ownerOf(release);
  return candidates.flatMap(({ object, resource }) =>
    resource ? [{ object: desiredOf(object, owner, resource), resource }] : [],
  );
}

function limitsOf(context: Context, release: Release): Limits {
  const { namespace } = release.metadata;
  return {
    namespace,
    clusterScope: clusterScopeOf(context, release),
    howToAllow: `an administrator labels the namespace ${CLUSTER_SCOPE_LABEL}=${CLUSTER_SCOPE_ALLOWED}`,
    reservedKinds: [`${API_GROUP}/ReleaseHistory`],
    reservedSecretTypes: [CHUNK_SECRET_TYPE],
  };
}

/** Whether an administrator labelled the namespace so that its Releases may own cluster-scoped objects. */
export function clusterScopeOf(context: Context, { metadata }: Release): 'allowed' | 'refused' {
  const labels = context.namespaces.get(undefined, metadata.namespace)?.metadata.labels;
  return labels?.[CLUSTER_SCOPE_LABEL] === CLUSTER_SCOPE_ALLOWED ? 'allowed' : 'refused';
}

function refused(refusals: { code: string; message: string }[]): ReleaseError {
  const message = refusals.map((refusal) => refusal.message).join('; ');
  const onlyUnknown = refusals.every((refusal) => refusal.code === 'UnknownKind');
  return new ReleaseError(onlyUnknown ? 'KindNotFound' : 'Refused', message);
}
