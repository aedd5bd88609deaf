import type { HookEvent, HookObject } from '../../chart-renderer/index.ts';
import {
  API_GROUP,
  CHUNK_SECRET_TYPE,
  CLUSTER_SCOPE_ALLOWED,
  CLUSTER_SCOPE_LABEL,
  type Release,
} from '../../crds/index.ts';
import { apiVersionOf, type ApiResource } from '../../kube/index.ts';
import {
  desiredOf,
  kindsDefinedBy,
  refusalsOf,
  type KubeObject,
  type Limits,
  type Refusal,
} from '../../resources/index.ts';
import type { Context, Pass } from '../pass/context.ts';
import { ReleaseError } from '../pass/errors.ts';
import { ownerOf } from '../pass/ownership.ts';
import type { VersionRecord } from '../history/record.ts';

/** An object of a version with the resource type that serves it. */
export interface Placed {
  object: KubeObject;
  resource: ApiResource;
}

/** A hook of a version with the resource type that serves it; one without verbs is defined by the version and not served yet. */
export interface PlacedHook extends Placed {
  /** By which Helm orders it. */
  name: string;
  events: readonly HookEvent[];
  weight: number;
  deletePolicies: readonly string[];
}

/** A version's objects as the cluster should have them. */
export interface Desired {
  objects: Placed[];
  /** Objects of kinds that the version itself defines and that the cluster does not serve yet. */
  pending: Placed[];
  /** What defines such kinds in the chart's `crds/`: created where it is not there, and no part of the state to hold. */
  definitions: Placed[];
  /** No part of the state to hold either; without those that only `helm test` would run. */
  hooks: PlacedHook[];
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
  const hooks = await hookCandidates(context, record, isRun);
  const definitions = await place(await unserved(context, record.crds));
  const refusals = [...refusalsOf([...definitions, ...objects], limits), ...refusalsOfHooks(hooks, limits)];
  if (refusals.length > 0) throw refused(refusals);
  return {
    objects: made(objects.filter(isServed), pass.release),
    pending: made(
      objects.filter((candidate) => !isServed(candidate)),
      pass.release,
    ),
    definitions: made(definitions, pass.release),
    hooks: madeHooks(hooks, pass.release),
    unserved: aside.map(({ object }) => desiredOf(object, ownerOf(pass.release), { namespaced: true })),
  };
}

/** The hooks of a version for some events alone: whether its objects may be made does not matter to them. Throws as desiredState. */
export async function desiredHooks(
  context: Context,
  { release }: Pass,
  record: VersionRecord,
  events: readonly HookEvent[],
): Promise<PlacedHook[]> {
  const hooks = await hookCandidates(context, record, (hook) => hook.events.some((event) => events.includes(event)));
  const refusals = refusalsOfHooks(hooks, limitsOf(context, release));
  if (refusals.length > 0) throw refused(refusals);
  return madeHooks(hooks, release);
}

type HookCandidate = Candidate & { hook: HookObject };

async function hookCandidates(
  context: Context,
  { hooks, crds, objects }: VersionRecord,
  isWanted: (hook: HookObject) => boolean,
): Promise<HookCandidate[]> {
  const promised = promisedKinds([...crds, ...objects]);
  const candidates = hooks
    .filter(isWanted)
    .map(async (hook) => ({ hook, ...(await candidateOf(context, hook.object, promised)) }));
  return Promise.all(candidates);
}

function isRun({ events }: HookObject): boolean {
  return events.some((event) => event !== 'test');
}

/** A hook may come twice, for two events, and by the name of another object; no two of them are live at a time. */
function refusalsOfHooks(hooks: readonly HookCandidate[], limits: Limits): Refusal[] {
  return hooks.flatMap(({ object, resource }) => refusalsOf([{ object: withSomeName(object), resource }], limits));
}

/** What has a generateName gets its name when it runs. */
function withSomeName(object: KubeObject): KubeObject {
  const { name, generateName } = object.metadata;
  return name || !generateName ? object : { ...object, metadata: { ...object.metadata, name: generateName } };
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

function made(candidates: readonly Candidate[], release: Release): Placed[] {
  const owner = ownerOf(release);
  return candidates.flatMap(({ object, resource }) =>
    resource ? [{ object: desiredOf(object, owner, resource), resource }] : [],
  );
}

function madeHooks(candidates: readonly HookCandidate[], release: Release): PlacedHook[] {
  return candidates.flatMap((candidate) => {
    const { name, events, weight, deletePolicies } = candidate.hook;
    return made([candidate], release).map((placed) => ({ ...placed, name, events, weight, deletePolicies }));
  });
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
function clusterScopeOf(context: Context, { metadata }: Release): 'allowed' | 'refused' {
  const labels = context.namespaces.get(undefined, metadata.namespace)?.metadata.labels;
  return labels?.[CLUSTER_SCOPE_LABEL] === CLUSTER_SCOPE_ALLOWED ? 'allowed' : 'refused';
}

function refused(refusals: { code: string; message: string }[]): ReleaseError {
  const message = refusals.map((refusal) => refusal.message).join('; ');
  const onlyUnknown = refusals.every((refusal) => refusal.code === 'UnknownKind');
  return new ReleaseError(onlyUnknown ? 'KindNotFound' : 'Refused', message);
}
