import { CHUNK_SECRET_TYPE, GROUP_VERSION, RELEASE_LABEL, type ReleaseHistory } from '../../../crds/index.ts';
import type { KubeObject } from '../../../resources/index.ts';
import { CliError } from '../../errors.ts';

/** What was requested of an object, or reported about it, where it was, and means nothing elsewhere. */
const LEFT_OUT =
  /^(kubectl\.kubernetes\.io\/last-applied-configuration|coxswain\.dev\/(reconcile|rerun-hooks|edited-by))$/;

/**
 * The objects of a Release as they can be created elsewhere: without owners, which have other uids there, and without a status. The Release
 * comes last: before it, its versions have to exist with all of their chunks.
 */
export function exportedObjects(
  release: KubeObject,
  histories: readonly KubeObject[],
  chunks: readonly KubeObject[],
): KubeObject[] {
  return [...histories, ...chunks, release].map(elsewhere);
}

function elsewhere(known: KubeObject): KubeObject {
  const { status: _, ...object } = known;
  const { name, namespace, labels, annotations = {} } = object.metadata;
  const kept = Object.entries(annotations).filter(([annotation]) => !LEFT_OUT.test(annotation));
  return {
    ...object,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels && { labels }),
      ...(kept.length > 0 && { annotations: Object.fromEntries(kept) }),
    },
  };
}

/** What a file of exported objects holds. */
export interface Exported {
  readonly release: KubeObject;
  /** The ReleaseHistories. */
  readonly histories: readonly KubeObject[];
  readonly chunks: readonly KubeObject[];
}

/** The Secrets that hold a version. */
export function chunksOf({ spec: { chunks, base } }: ReleaseHistory): string[] {
  return [...chunks, ...(base?.chunks ?? [])].map(({ name }) => name);
}

/** A chunk that belongs to the versions that it holds, as these are stored now, and goes with the last of them. */
export function ownedChunk(chunk: KubeObject, histories: readonly KubeObject[]): KubeObject {
  const owners = histories.filter((history) => chunksOf(asHistory(history)).includes(chunk.metadata.name));
  const ownerReferences = owners.map(({ metadata: { name, uid = '' } }) => ({
    apiVersion: GROUP_VERSION,
    kind: 'ReleaseHistory',
    name,
    uid,
  }));
  return { ...chunk, metadata: { ...chunk.metadata, ownerReferences } };
}

function asHistory(object: KubeObject): ReleaseHistory {
  return object as unknown as ReleaseHistory;
}

/**
 * What is to be imported of a file's document, all in one namespace. Throws CliError Unreadable for anything that an export of one
 * Release does not hold: whoever imports has the right to create more than that.
 */
export function exportedIn(document: unknown, namespace: string | undefined): Exported {
  const objects = itemsOf(document);
  const releases = objects.filter((object) => object.apiVersion === GROUP_VERSION && object.kind === 'Release');
  const [release] = releases;
  if (!release || releases.length > 1) throw unreadable(`it holds ${releases.length} Releases`);
  const { name } = release.metadata;
  const versions = objects.filter((object) => object !== release);
  const foreign = versions.find((object) => !isOf(object, name));
  if (foreign) throw unreadable(`${foreign.kind}/${foreign.metadata?.name} is not part of the Release ${name}`);
  const placed = (object: KubeObject): KubeObject => ({
    ...object,
    metadata: { ...object.metadata, ...(namespace === undefined ? {} : { namespace }) },
  });
  const [histories, chunks] = ['ReleaseHistory', 'Secret'].map((kind) =>
    versions.filter((object) => object.kind === kind).map(placed),
  );
  return { release: placed(release), histories: histories ?? [], chunks: chunks ?? [] };
}

function isOf({ apiVersion, kind, metadata, type }: KubeObject, release: string): boolean {
  const isVersion = apiVersion === GROUP_VERSION && kind === 'ReleaseHistory';
  const isChunk = apiVersion === 'v1' && kind === 'Secret' && type === CHUNK_SECRET_TYPE;
  return (isVersion || isChunk) && metadata?.labels?.[RELEASE_LABEL] === release;
}

function itemsOf(document: unknown): KubeObject[] {
  if (typeof document !== 'object' || document === null) throw unreadable('it does not hold an object');
  const { items } = document as { items?: unknown };
  if (!Array.isArray(items)) throw unreadable('it is not a List');
  return items.map((object) => {
    const { metadata } = object as Partial<KubeObject>;
    if (typeof metadata?.name !== 'string') throw unreadable('it holds an object without a name');
    return elsewhere(object as KubeObject);
  });
}

function unreadable(why: string): CliError {
  return new CliError('Unreadable', `this is not what kubectl release export writes: ${why}`);
}
