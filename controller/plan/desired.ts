import {
  API_GROUP,
  CHUNK_SECRET_TYPE,
  CLUSTER_SCOPE_ALLOWED,
  CLUSTER_SCOPE_LABEL,
  type Release,
} from '../../crds/index.ts';
import { apiVersionOf, type ApiResource } from '../../kube/index.ts';
import { desiredOf, kindsDefinedBy, refusalsOf, type KubeObject, type Limits } from '../../resources/index.ts';
import type { Context, Pass } from '../pass/context.ts';
import { ReleaseError } from '../pass/errors.ts';
import { ownerOf } from '../pass/ownership.ts';
import type { VersionRecord } from '../history/record.ts';

/** An object of a version with the resource type that serves it. */
export interface Placed {
  object: KubeObject;
  resource: ApiResource;
}

/** A version's objects as the cluster should have them. */
export interface Desired {
  objects: Placed[];
  /** Objects of kinds that the version itself defines and that the cluster does not serve yet. */
  pending: Placed[];
  /** What defines such kinds in the chart's `crds/`: created where it is not there, and no part of the state to hold. */
  definitions: Placed[];
  /** No part of the state to hold either. */
  hooks: Placed[];
  /** What was applied once and cannot be any more: the cluster does not serve its kind in that version. */
  unserved: KubeObject[];
}

/**
 * The objects of a version made ready for this Release. Throws ReleaseError with all refusals at once: another namespace,
 * cluster scope that no administrator allowed, kinds that the cluster does not have.
 */
export async function desiredState(
  context: Context,
  pass: Pass,
  record: VersionRecord,
  ofUnserved: 'refuse' | 'set aside' = 'refuse',
): Promise<Desired> {
  const limits = limitsOf(context, pass.release);
  const promised = promisedKinds([...record.crds, ...record.objects]);
  const place = (items: readonly { object: KubeObject }[]) =>
    Promise.all(items.map(({ object }) => candidateOf(context, object, promised)));
  const candidates = await place(record.objects);
  const aside = ofUnserved === 'refuse' ? [] : candidates.filter(({ resource }) => resource === undefined);
  const objects = candidates.filter((candidate) => !aside.includes(candidate));
  const hooks = await place(record.hooks);
  const definitions = await place(await unserved(context, record.crds));
  // A hook may come twice, for two events, and by the name of another object; no two of them are live at a time.
  const ofHooks = hooks.flatMap((hook) => refusalsOf([hook], limits));
  const refusals = [...refusalsOf([...definitions, ...objects], limits), ...ofHooks];
  if (refusals.length > 0) throw refused(refusals);
  return {
    objects: made(objects.filter(isServed), pass.release),
    pending: made(
      objects.filter((candidate) => !isServed(candidate)),
      pass.release,
    ),
    definitions: made(definitions, pass.release),
    hooks: made(hooks, pass.release),
    unserved: aside.map(({ object }) => desiredOf(object, ownerOf(pass.release), { namespaced: true })),
  };
}

/** The definitions of which the cluster does not serve every kind. */
async function unserved<T extends { object: KubeObject }>(context: Context, definitions: readonly T[]): Promise<T[]> {
  const checked = await Promise.all(
    definitions.map(async (definition) => {
      const kinds = kindsDefinedBy([definition.object]);
      const found = await Promise.all(
        kinds.map((kind) => context.discovery.resourceFor(apiVersionOf(kind), kind.kind)),
      );
      return found.includes(undefined) ? [definition] : [];
    }),
  );
  return checked.flat();
}

function promisedKinds(items: readonly { object: KubeObject }[]): Map<string, ApiResource> {
  const kinds = kindsDefinedBy(items.map(({ object }) => object));
  return new Map(kinds.map((kind) => [`${apiVersionOf(kind)} ${kind.kind}`, { ...kind, verbs: [] }]));
}

async function candidateOf(
  context: Context,
  object: KubeObject,
  promised: Map<string, ApiResource>,
): Promise<Candidate> {
  const served = await context.discovery.resourceFor(object.apiVersion, object.kind);
  return { object, resource: served ?? promised.get(`${object.apiVersion} ${object.kind}`) };
}

/** A promised kind has no verbs yet. */
function isServed({ resource }: Candidate): boolean {
  return resource === undefined || resource.verbs.length > 0;
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
