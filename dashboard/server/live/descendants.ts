import type { ApiResource } from '../../../kube/index.ts';
import { groupOf, healthOf, numberAt, type KubeObject } from '../../../resources/index.ts';
import type { EventRow } from '../../api/index.ts';
import { podNode } from './pod-node.ts';
import { aboutKey, type Descendant } from './tree.ts';

/** An event, as much of it as is shown. */
export type KeptEvent = KubeObject & ShownEvent;

/** An event as it is shown, and about what it is: `aboutKey`. */
export interface ShownEvent {
  readonly row: EventRow;
  readonly about: string;
}

/** The kinds that children make, and that make pods. */
export const DESCENDANT_KINDS: readonly ApiResource[] = [
  resource('', 'Pod', 'pods'),
  resource('apps', 'ReplicaSet', 'replicasets'),
  resource('apps', 'StatefulSet', 'statefulsets'),
  resource('batch', 'Job', 'jobs'),
];

/** Events of the core group, which have all that the newer ones have. */
export const EVENTS: ApiResource = resource('', 'Event', 'events');

function resource(group: string, kind: string, plural: string): ApiResource {
  return { group, version: 'v1', kind, plural, namespaced: true, verbs: [] };
}

/** What is kept of an object of these kinds; nothing of a ReplicaSet that has been replaced. */
export function descendantOf(object: KubeObject): Descendant | undefined {
  const { kind, metadata } = object;
  const isReplaced = numberAt(object, 'spec', 'replicas') === 0 && (numberAt(object, 'status', 'replicas') ?? 0) === 0;
  if (kind === 'ReplicaSet' && isReplaced) return undefined;
  return {
    ...identityOf(object),
    node: kind === 'Pod' ? podNode(object) : nodeOf(object),
    metadata: keptMetadata(metadata),
  };
}

function nodeOf(object: KubeObject): Descendant['node'] {
  const { kind, metadata } = object;
  const { health, message } = healthOf(object, { pods: [] });
  const { name, namespace, uid = name, creationTimestamp } = metadata;
  return {
    id: uid,
    kind,
    name,
    ...(namespace !== undefined && { namespace }),
    health,
    ...(message !== undefined && { cause: message }),
    children: [],
    ...(creationTimestamp !== undefined && { created: creationTimestamp }),
  };
}

const MAX_MESSAGE = 1_000;

type EventObject = KubeObject & {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly involvedObject?: { readonly apiVersion?: string; readonly kind?: string; readonly name?: string };
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly series?: { readonly lastObservedTime?: string; readonly count?: number };
};
function timeOf({ series, lastTimestamp, eventTime }: EventObject): string | undefined {
  return series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? undefined;
}

/** What is kept of an event. */
export function eventOf(object: KubeObject): KeptEvent {
  const event = object as EventObject;
  const { involvedObject: about = {}, series, reason = '', message = '', count = 1 } = event;
  const row: EventRow = {
    at: timeOf(event) ?? object.metadata.creationTimestamp ?? '',
    type: event.type === 'Warning' ? 'Warning' : 'Normal',
    reason,
    object: `${about.kind}/${about.name}`,
    message: message.slice(0, MAX_MESSAGE),
    count: series?.count ?? count,
  };
  return { ...identityOf(object), metadata: keptMetadata(object.metadata), row, about: keyOf(about) };
}

function keyOf({ apiVersion, kind = '', name = '' }: NonNullable<EventObject['involvedObject']>): string {
  return aboutKey(apiVersion === undefined ? undefined : groupOf(apiVersion), kind, name);
}

function identityOf({ apiVersion, kind }: KubeObject): Pick<KubeObject, 'apiVersion' | 'kind'> {
  return { apiVersion, kind };
}

function keptMetadata({
  name,
  namespace,
  uid,
  resourceVersion,
  ownerReferences,
}: KubeObject['metadata']): KubeObject['metadata'] {
  return { name, namespace, uid, resourceVersion, ownerReferences } as KubeObject['metadata'];
}
