import { isDeepStrictEqual } from 'node:util';
import type { HookEvent, HookObject } from '../../chart-renderer/index.ts';
import type { ColourCheck, Release, TestFilter } from '../../crds/index.ts';
import { apiVersionOf, type ApiResource } from '../../kube/index.ts';
import {
  desiredInSteps,
  desiredOf,
  keepRef,
  keyOf,
  kindsDefinedBy,
  orderOf,
  orderRefusals,
  pack,
  refusalsOf,
  type KubeObject,
  type ObjectOrder,
  type OwnershipLimits,
  type Owner,
  type Refusal,
} from '../../resources/index.ts';
import { groupsFor, type OrderedRecord } from './order/chart-order.ts';
import { inItsColour } from './strategies/colours.ts';
import { releaseCycleRefusals, ancestorKeys } from './release-cycles.ts';
import type { Observed } from '../pass/observed.ts';
import type { DesiredServices } from './services.ts';
import { ReleaseError } from '../pass/failures/errors.ts';
import { ORDER_ANNOTATIONS, ownerOf } from '../pass/ownership.ts';
import { runsUnasked, testFilters } from './hooks/chart-tests.ts';
import { colourChecks, withChecks } from './strategies/checks.ts';
import { limitsOf } from './ownership-limits.ts';
import type { VersionRecord } from '../../records/index.ts';
import { inTurns } from '../../turns/index.ts';

/** An object of a version with the resource type that serves it. */
export interface DesiredObject {
  object: KubeObject;
  resource: ApiResource;
}

/** A hook of a version with the resource type that serves it. A type without verbs is defined by the version and not served yet. */
export interface DesiredHook extends DesiredObject {
  /** Helm orders hooks by it. */
  name: string;
  events: readonly HookEvent[];
  weight: number;
  deletePolicies: readonly string[];
  list?: number | undefined;
}

/** A version's objects as the cluster should have them. */
export interface Desired {
  objects: DesiredObject[];
  /** Objects of kinds that the version itself defines and that the cluster does not serve yet. */
  pending: DesiredObject[];
  /** The definitions of such kinds in the chart's `crds/`. Created if they do not exist, but no part of the state to hold. */
  definitions: DesiredObject[];
  /** The other definitions there, if they are to be upgraded; no part of the state to hold either. */
  existing: DesiredObject[];
  /** No part of the state to hold either. Tests are among them only where `spec.tests` has them run. */
  hooks: DesiredHook[];
  /** What goes before what; undefined where neither an object nor a chart says so. */
  order?: ObjectOrder | undefined;
  /** Of a deletion: the version whose objects go, if its charts have an order. */
  leaving?: OrderedRecord | undefined;
  /** Objects that were applied once and cannot be applied any more: the cluster does not serve their kind in that version. */
  unserved: KubeObject[];
}

/**
 * The objects of a version made ready for this Release. Throws ReleaseError with all refusals at once: another namespace,
 * cluster scope that no administrator allowed, kinds that the cluster does not have.
 */
export async function desiredState(
  services: DesiredServices,
  observed: Observed,
  recorded: VersionRecord,
  ofUnserved: 'refuse' | 'set aside' = 'refuse',
): Promise<Desired> {
  const { crds } = observed.release.spec;
  const tests = testFilters(observed.release.spec);
  const checks = colourChecks(observed.release.spec);
  const coloured = withChecks(await inItsColour(recorded, observed.release.metadata.namespace), checks);
  const record = crds === 'Skip' ? { ...coloured, crds: [] } : coloured;
  const limits = limitsOf(services, observed.release);
  const resources = await resourcesFor(services, record);
  const withResources = (items: readonly { object: KubeObject }[]): Candidate[] =>
    items.map(({ object }) => ({ object, resource: resources.get(typeOf(object)) }));
  const unservedCrds = await unserved(services, record.crds);
  const definitions = withResources(unservedCrds);
  const existing = withResources(
    crds === 'Upgrade' ? record.crds.filter(({ object }) => !unservedCrds.some((crd) => crd.object === object)) : [],
  );
  const { clusterScope } = limits;
  const inputs: DesiredInputs = {
    clusterScope,
    ofUnserved,
    resources,
    definitions: [...definitions, ...existing].map(({ object }) => object),
    crds,
    tests,
    checks,
    ancestors: ancestorKeys(observed.release, services.releases),
  };
  const known = made.get(recorded);
  if (known && isDeepStrictEqual(known.inputs, inputs)) return known.desired;
  const candidates = withResources(record.objects);
  const isAside = ({ resource }: Candidate): boolean => ofUnserved === 'set aside' && resource === undefined;
  const objects = candidates.filter((candidate) => !isAside(candidate));
  const hooks = hookCandidates(record, resources, (hook) => runsUnasked(hook, tests));
  const refusals = [
    ...refusalsOf([...definitions, ...existing, ...objects], limits),
    ...refusalsOfHooks(hooks, limits),
    ...releaseCycleRefusals([...objects, ...hooks], limits.namespace, inputs.ancestors),
  ];
  if (refusals.length > 0) throw refused(refusals);
  const outOfOrder = orderRefusals(objectsIn(candidates), ORDER_ANNOTATIONS, groupsFor(objectsIn(candidates), record));
  if (outOfOrder.length > 0) throw refused(outOfOrder);
  const all = { objects, hooks, definitions, existing, aside: candidates.filter(isAside) };
  const desired = await inTurns(desiredFrom(all, ownerOf(observed.release), record));
  made.set(recorded, { inputs, desired });
  return desired;
}

/** What a desired state depends on besides the record and its Release, which stay the same. */
interface DesiredInputs {
  clusterScope: OwnershipLimits['clusterScope'];
  ofUnserved: 'refuse' | 'set aside';
  resources: ReadonlyMap<string, ApiResource | undefined>;
  /** Those that are to be created or upgraded. */
  definitions: readonly KubeObject[];
  crds: Release['spec']['crds'];
  /** Which tests run by themselves; undefined where none do. */
  tests: readonly TestFilter[] | undefined;
  checks: readonly ColourCheck[];
  /** The keys of the Release and of the Releases that it is a child of. */
  ancestors: readonly string[];
}

/** The desired state of each record, so that it need not be made again in each pass; kept as long as the record. */
const made = new WeakMap<VersionRecord, { inputs: DesiredInputs; desired: Desired }>();

interface Candidates {
  objects: readonly Candidate[];
  hooks: readonly HookCandidate[];
  definitions: readonly Candidate[];
  existing: readonly Candidate[];
  aside: readonly Candidate[];
}

function* desiredFrom(candidates: Candidates, owner: Owner, record: OrderedRecord): Generator<undefined, Desired> {
  const { objects, hooks, definitions, existing, aside } = candidates;
  const served = yield* desiredObjectsOf(objects.filter(isServed), owner);
  const pending = yield* desiredObjectsOf(
    objects.filter((candidate) => !isServed(candidate)),
    owner,
  );
  const all = objectsIn([...served, ...pending]);
  return {
    objects: served,
    pending,
    order: orderOf(all, ORDER_ANNOTATIONS, groupsFor(all, record)),
    definitions: yield* desiredObjectsOf(definitions, owner),
    existing: yield* desiredObjectsOf(existing, owner),
    hooks: yield* desiredHooksOf(hooks, owner),
    unserved: aside.map(({ object }) => desiredOf(object, owner, { namespaced: true })),
  };
}

function objectsIn(items: readonly { object: KubeObject }[]): KubeObject[] {
  return items.map(({ object }) => object);
}

/** The hooks of a version for some events, whether or not its objects may be created. Throws like desiredState. */
export async function desiredHooks(
  services: Pick<DesiredServices, 'discovery' | 'namespaces'>,
  { release }: Observed,
  record: VersionRecord,
  events: readonly HookEvent[],
): Promise<DesiredHook[]> {
  const resources = await resourcesFor(services, record);
  const hooks = hookCandidates(record, resources, (hook) => hook.events.some((event) => events.includes(event)));
  const refusals = refusalsOfHooks(hooks, limitsOf(services, release));
  if (refusals.length > 0) throw refused(refusals);
  return inTurns(desiredHooksOf(hooks, ownerOf(release)));
}

interface HookCandidate extends Candidate {
  hook: HookObject;
}

function hookCandidates(
  { hooks }: VersionRecord,
  resources: ReadonlyMap<string, ApiResource | undefined>,
  isWanted: (hook: HookObject) => boolean,
): HookCandidate[] {
  return hooks
    .filter(isWanted)
    .map((hook) => ({ hook, object: hook.object, resource: resources.get(typeOf(hook.object)) }));
}

/** The resource type of each kind that a version holds or defines, by `typeOf`. */
async function resourcesFor(
  { discovery }: Pick<DesiredServices, 'discovery'>,
  { objects, hooks, crds }: VersionRecord,
): Promise<Map<string, ApiResource | undefined>> {
  const promised = promisedKinds([...crds, ...objects]);
  const resources = new Map<string, ApiResource | undefined>();
  for (const { object } of [...objects, ...hooks, ...crds]) {
    const type = typeOf(object);
    if (resources.has(type)) continue;
    const served = await discovery.resourceFor(object.apiVersion, object.kind);
    resources.set(type, served ?? promised.get(type));
  }
  return resources;
}

function typeOf({ apiVersion, kind }: KubeObject): string {
  return `${apiVersion} ${kind}`;
}

/**
 * Each hook is checked alone: one may appear twice, for two events, or have the name of another object. No two of those are live at once.
 */
function refusalsOfHooks(hooks: readonly HookCandidate[], limits: OwnershipLimits): Refusal[] {
  return hooks.flatMap(({ object, resource }) => refusalsOf([{ object: withSomeName(object), resource }], limits));
}

/** An object with a generateName gets its name only when it runs. */
function withSomeName(object: KubeObject): KubeObject {
  const { name, generateName } = object.metadata;
  return name || !generateName ? object : { ...object, metadata: { ...object.metadata, name: generateName } };
}

/** The definitions that define a kind which the cluster does not serve. */
async function unserved<T extends { object: KubeObject }>(
  { discovery }: Pick<DesiredServices, 'discovery'>,
  definitions: readonly T[],
): Promise<T[]> {
  const checked = await Promise.all(
    definitions.map(async (definition) => {
      const kinds = kindsDefinedBy([definition.object]);
      const found = await Promise.all(kinds.map((kind) => discovery.resourceFor(apiVersionOf(kind), kind.kind)));
      return found.includes(undefined) ? [definition] : [];
    }),
  );
  return checked.flat();
}

function promisedKinds(items: readonly { object: KubeObject }[]): Map<string, ApiResource> {
  const kinds = kindsDefinedBy(items.map(({ object }) => object));
  return new Map(kinds.map((kind) => [`${apiVersionOf(kind)} ${kind.kind}`, { ...kind, verbs: [] }]));
}

/** A promised kind, one that the version itself defines, has no verbs until it is served. */
export function isServed({ resource }: Pick<Candidate, 'resource'>): boolean {
  return resource === undefined || resource.verbs.length > 0;
}

interface Candidate {
  object: KubeObject;
  resource: ApiResource | undefined;
}

function* desiredObjectsOf(candidates: readonly Candidate[], owner: Owner): Generator<undefined, DesiredObject[]> {
  const objects: DesiredObject[] = [];
  for (const candidate of candidates) objects.push(...(yield* desiredObjectOf(candidate, owner)));
  return objects;
}

function* desiredHooksOf(candidates: readonly HookCandidate[], owner: Owner): Generator<undefined, DesiredHook[]> {
  const hooks: DesiredHook[] = [];
  for (const candidate of candidates) {
    const { name, events, weight, deletePolicies, list } = candidate.hook;
    const desired = yield* desiredObjectOf(candidate, owner);
    hooks.push(...desired.map((one) => ({ ...one, name, events, weight, deletePolicies, list })));
  }
  return hooks;
}

/** Empty for an object whose kind is neither served nor about to be. Yields after each step whose time grows with the object. */
function* desiredObjectOf({ object, resource }: Candidate, owner: Owner): Generator<undefined, DesiredObject[]> {
  if (!resource) return [];
  const desired = yield* desiredInSteps(object, owner, resource);
  yield;
  const { value } = pack(desired);
  keepRef(value);
  yield;
  return [{ object: value, resource }];
}

function refused(refusals: readonly (Pick<Refusal, 'ref' | 'message'> & { code: string })[]): ReleaseError {
  const message = refusals.map((refusal) => refusal.message).join('; ');
  const onlyUnknown = refusals.every((refusal) => refusal.code === 'UnknownKind');
  const objects = new Map(refusals.map((refusal) => [keyOf(refusal.ref), refusal.message]));
  return new ReleaseError(onlyUnknown ? 'KindNotFound' : 'Refused', message, { objects });
}
