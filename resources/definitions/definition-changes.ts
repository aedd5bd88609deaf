import { digestOfJson } from '../json/digest.ts';
import { changedAt, listAt, mapAt, textAt, valueAt, type JsonMap } from '../json/json.ts';
import type { DefinedKind } from '../defined-kinds.ts';
import type { KubeObject } from '../types.ts';
import { isAffected, narrowingsOf, type Narrowing } from './schema-narrowing.ts';

/** What is unsafe about bringing a CustomResourceDefinition to another state. */
export interface DefinitionChanges {
  /** Whatever objects there are, each as a sentence. */
  unsafe: string[];
  /** Unsafe only for objects that it affects; with the version that it is in. */
  narrowings: NarrowingInWords[];
}

/** A narrowing in words, with its version and place. */
export interface NarrowingInWords extends Narrowing {
  message: string;
}

const MAX_NARROWINGS = 200;

/** Compares the definition of a chart with the live one. Only what objects or their readers could lose counts. */
export function definitionChangesOf(desired: KubeObject, live: KubeObject): DefinitionChanges {
  const [wanted, present] = [versionsOf(desired), versionsOf(live)];
  const unsafe = [
    ...identityChanges(desired, live),
    ...versionChanges(wanted, present, live),
    ...conversionChanges(desired, live),
    ...preservationChanges(desired, live),
  ];
  const narrowings: NarrowingInWords[] = [];
  for (const [name, version] of wanted) {
    for (const narrowing of narrowingsIn(name, version, { desired, present })) {
      if (narrowings.length >= MAX_NARROWINGS) break;
      narrowings.push(narrowing);
    }
  }
  return { unsafe, narrowings };
}

/**
 * Without conversion, objects appear in a new version just as they are stored in another one; so they do if another version is the stored
 * one by now, and then lose with the next write what that version does not have. With conversion, nothing is known of objects in versions
 * other than the stored one: any object counts as affected.
 */
function* narrowingsIn(
  name: string,
  version: unknown,
  { desired, present }: { desired: KubeObject; present: Versions },
): Generator<NarrowingInWords> {
  const [storedName, stored] = [...present].find(([, candidate]) => valueAt(candidate, 'storage') === true) ?? [];
  const before = present.get(name);
  const isStoredAsItIs = !isConverted(desired) && (before === undefined || valueAt(version, 'storage') === true);
  const states = isStoredAsItIs && before !== stored ? [before, stored] : [before];
  for (const narrowing of states.flatMap((state) => [...narrowingsOf(schemaOf(state), schemaOf(version))])) {
    const message = `${name}: .${narrowing.place.join('.')} ${narrowing.how}`;
    const isKnown = name === storedName || !isConverted(desired);
    yield { ...narrowing, message, ...(isKnown ? {} : { place: [], affects: 'present' }) };
  }
}

type Versions = ReadonlyMap<string, unknown>;

function versionsOf(definition: KubeObject): Versions {
  return new Map(listAt(definition, 'spec', 'versions').map((version) => [textAt(version, 'name') ?? '', version]));
}

function schemaOf(version: unknown): unknown {
  return valueAt(version, 'schema', 'openAPIV3Schema');
}

const IDENTITY: readonly (readonly string[])[] = [['group'], ['scope'], ['names', 'kind'], ['names', 'plural']];

function identityChanges(desired: KubeObject, live: KubeObject): string[] {
  return IDENTITY.flatMap((path) => {
    const [wanted, present] = [textAt(desired, 'spec', ...path), textAt(live, 'spec', ...path)];
    return wanted === present ? [] : [`${path.join('.')} is ${wanted} instead of ${present}`];
  });
}

function versionChanges(wanted: Versions, present: Versions, live: KubeObject): string[] {
  const isServed = (version: unknown): boolean => valueAt(version, 'served') === true;
  const unserved = [...present].filter(([name, version]) => isServed(version) && !isServed(wanted.get(name)));
  const stored = listAt(live, 'status', 'storedVersions').filter((name) => !wanted.has(String(name)));
  const subresources = [...present].flatMap(([name, version]) => {
    const now = wanted.get(name);
    if (now === undefined) return [];
    const gone = Object.keys(mapAt(version, 'subresources')).filter((part) => !(part in mapAt(now, 'subresources')));
    return gone.map((part) => `version ${name} has no subresource ${part} any more`);
  });
  return [
    ...unserved.map(([name]) => `version ${name} is not served any more`),
    ...stored.map((name) => `version ${String(name)}, in which objects are stored, is gone`),
    ...subresources,
  ];
}

function isConverted(definition: KubeObject): boolean {
  return (textAt(definition, 'spec', 'conversion', 'strategy') ?? 'None') !== 'None';
}

function conversionChanges(desired: KubeObject, live: KubeObject): string[] {
  return isConverted(live) && !isConverted(desired) ? ['objects are not converted any more'] : [];
}

/** The oldest definitions keep fields that no schema names; those of today say so in the schema. */
function preservationChanges(desired: KubeObject, live: KubeObject): string[] {
  const [wanted, present] = [desired, live].map((each) => valueAt(each, 'spec', 'preserveUnknownFields') === true);
  return present && !wanted ? ['fields that no schema names are not kept any more'] : [];
}

/** Whether the live definition is as the chart's, apart from what the server fills in and what injectors do. */
export function isSameDefinition(desired: KubeObject, live: KubeObject): boolean {
  return digestOfJson(filledIn(desired)) === digestOfJson(filledIn(live));
}

function filledIn(definition: KubeObject): JsonMap {
  const { preserveUnknownFields, conversion, ...spec } = mapAt(definition, 'spec');
  const names = mapAt(spec, 'names');
  const kind = textAt(names, 'kind') ?? '';
  return {
    ...spec,
    ...(preserveUnknownFields === true ? { preserveUnknownFields } : {}),
    conversion: withoutCertificate(conversion ?? { strategy: 'None' }),
    names: { singular: kind.toLowerCase(), listKind: `${kind}List`, ...names },
  };
}

/** Injectors fill in the certificate of a conversion webhook. */
function withoutCertificate(conversion: unknown): unknown {
  return changedAt(conversion, ['webhook', 'clientConfig'], (config) => {
    const { caBundle: _, ...rest } = mapAt({ config }, 'config');
    return rest;
  });
}

/** The definition as it is sent: the certificate that somebody has injected into the live one stays. */
export function definitionToApply(desired: KubeObject, live: KubeObject): KubeObject {
  const path = ['spec', 'conversion'];
  const injected = textAt(live, ...path, 'webhook', 'clientConfig', 'caBundle');
  return injected ? (changedAt(desired, path, withoutCertificate) as KubeObject) : desired;
}

/**
 * The narrowings that affect any of the objects, in words. A generator: it yields after each look at an object, so that its caller can let
 * others run.
 */
export function* affecting(
  narrowings: readonly NarrowingInWords[],
  objects: readonly KubeObject[],
): Generator<undefined, string[]> {
  const told: string[] = [];
  for (const narrowing of narrowings) {
    for (const object of objects) {
      yield;
      if (!isAffected(object, narrowing)) continue;
      told.push(narrowing.message);
      break;
    }
  }
  return told;
}

/** The kind that a live definition defines, in the version in which its objects are read: the stored one, if it is served. */
export function storedKindOf(live: KubeObject): DefinedKind {
  const versions = listAt(live, 'spec', 'versions').filter((version) => valueAt(version, 'served') === true);
  const version = versions.find((candidate) => valueAt(candidate, 'storage') === true) ?? versions[0];
  return {
    group: textAt(live, 'spec', 'group') ?? '',
    version: textAt(version, 'name') ?? '',
    kind: textAt(live, 'spec', 'names', 'kind') ?? '',
    plural: textAt(live, 'spec', 'names', 'plural') ?? '',
    namespaced: textAt(live, 'spec', 'scope') === 'Namespaced',
  };
}
