import { open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

import type { ControlPlane } from '../../control-plane/index.ts';
import type { AuditedRequest } from './installation.ts';

/** A finished request with the moments at which it arrived and was answered, RFC 3339 with microseconds. */
export type TimedRequest = AuditedRequest & {
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
};

/** Who asks, by the beginning of the user agent: our controller, or real Helm. */
export type Agent = 'coxswain' | 'Helm/';

/**
 * A moment, in milliseconds since 1970, and the end of the audit log at it. What arrived before is not counted, though its line may come
 * later: who waits for what a request does sees that before its line is written. With a namespace, what was asked there or for it.
 */
export type AuditMark = {
  readonly auditLog: string;
  readonly offset: number;
  readonly sinceMs: number;
  readonly namespace?: string;
};

/** Longer than the controller leaves between two writes of a status that differ in detail only, also on a busy machine. */
const QUIET_MS = 3_500;
const UNCOUNTED = ['leases', 'events'];

/** Marks the present end of the audit log; where other tenants' Releases are tried again meanwhile, for one namespace. */
export async function markAudit(
  { auditLog }: Pick<ControlPlane, 'auditLog'>,
  { namespace }: { readonly namespace?: string } = {},
): Promise<AuditMark> {
  const sinceMs = Date.now();
  const file = await open(auditLog);
  try {
    return { auditLog, offset: (await file.stat()).size, sinceMs, ...(namespace !== undefined && { namespace }) };
  } finally {
    await file.close();
  }
}

/** All requests that arrived since the mark and are finished. */
export async function requestsSince({ auditLog, offset, sinceMs, namespace }: AuditMark): Promise<TimedRequest[]> {
  const file = await open(auditLog);
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - offset), 0, size - offset, offset);
    const text = buffer.toString('utf8', 0, bytesRead);
    // The last line may not be complete yet.
    const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
    const finished = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as TimedRequest);
    const requests = finished.filter((request) => Date.parse(request.requestReceivedTimestamp) >= sinceMs);
    return namespace === undefined ? requests : requests.filter((request) => concerns(namespace, request));
  } finally {
    await file.close();
  }
}

/** In the namespace, or by one of its service accounts. */
function concerns(namespace: string, { objectRef, impersonatedUser }: TimedRequest): boolean {
  const isByAccount = impersonatedUser?.username.startsWith(`system:serviceaccount:${namespace}:`) === true;
  return objectRef?.namespace === namespace || isByAccount;
}

/** The requests of one agent; watches, leases and events are not counted. */
export function countedOf<Request extends AuditedRequest>(agent: Agent, requests: readonly Request[]): Request[] {
  return requests.filter(({ userAgent, verb, objectRef }) => {
    const isOther = verb === 'watch' || UNCOUNTED.includes(objectRef?.resource ?? '');
    return userAgent?.startsWith(agent) === true && !isOther;
  });
}

/** Waits until an agent has been quiet for as long as it may leave between two requests, and returns those since the mark. */
export async function countedWhenQuiet(agent: Agent, mark: AuditMark, quietMs = QUIET_MS): Promise<TimedRequest[]> {
  let counted = countedOf(agent, await requestsSince(mark));
  for (;;) {
    await delay(quietMs);
    const again = countedOf(agent, await requestsSince(mark));
    if (again.length === counted.length) return again;
    counted = again;
  }
}

/** Waits until the controller has been quiet for as long as it may leave between two requests. */
export async function untilQuiet(controlPlane: Pick<ControlPlane, 'auditLog'>): Promise<void> {
  await countedWhenQuiet('coxswain', await markAudit(controlPlane));
}

/** `patch releases/web/status`: what a request was, for a person who wonders why there are so many. */
export function describeRequest({ verb, requestURI, objectRef, responseStatus }: TimedRequest): string {
  const { resource, name, subresource } = objectRef ?? {};
  const target = resource === undefined ? requestURI : [resource, name, subresource].filter(Boolean).join('/');
  const code = responseStatus?.code ?? 0;
  return `${verb} ${target}${code >= 400 ? ` (${code})` : ''}`;
}
