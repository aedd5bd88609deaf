import { readFile } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { callApi } from './api.ts';
import type { ApiAccess } from './api.ts';

const POLL_INTERVAL_MS = 50;

/**
 * Asks `answer` again and again until it gives a value; an error counts as not yet. Rejects when `signal` aborts, saying what
 * was waited for if its time is up.
 */
export async function until<T>(signal: AbortSignal, what: string, answer: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    if (signal.aborted) throw abortError(signal, what);
    const value = await answer().catch(() => undefined);
    if (value !== undefined) return value;
    await delay(POLL_INTERVAL_MS);
  }
}

function abortError(signal: AbortSignal, what: string): unknown {
  const isTimeUp = signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError';
  return isTimeUp ? new Error(`the time allowed was up while waiting for ${what}`) : signal.reason;
}

/** Returns the certificates that the API server of the run directory made for itself, once they are there. */
export async function readServerCertificates(directory: string): Promise<string | undefined> {
  // The key is written last.
  await readFile(join(directory, 'certificates', 'apiserver.key'), 'utf8');
  return readFile(join(directory, 'certificates', 'apiserver.crt'), 'utf8');
}

/** Gives true once the API server says that it is ready. */
export async function isServing(api: ApiAccess): Promise<true | undefined> {
  const answer = await callApi(api, 'GET', '/readyz');
  return answer.status === 200 ? true : undefined;
}

/** Gives true once the controller manager has made what a pod of the default namespace needs. */
export async function hasDefaultServiceAccount(api: ApiAccess): Promise<true | undefined> {
  const account = await callApi(api, 'GET', '/api/v1/namespaces/default/serviceaccounts/default');
  const trust = await callApi(api, 'GET', '/api/v1/namespaces/default/configmaps/kube-root-ca.crt');
  return account.status === 200 && trust.status === 200 ? true : undefined;
}

/** Gives true once `count` nodes are Ready and none of them is tainted. */
export async function hasReadyNodes(api: ApiAccess, count: number): Promise<true | undefined> {
  const answer = await callApi(api, 'GET', '/api/v1/nodes');
  const ready = (answer.body as { items: Node[] }).items.filter(isReady);
  return ready.length >= count ? true : undefined;
}

/** Gives true once the registry on that address answers its API. */
export async function isRegistryServing(address: string): Promise<true | undefined> {
  return new Promise((resolve, reject) => {
    get(`http://${address}/v2/`, (response) => {
      response.resume();
      resolve(response.statusCode === 200 ? true : undefined);
    }).on('error', reject);
  });
}

type Node = { spec: { taints?: unknown[] }; status: { conditions?: { type: string; status: string }[] } };

function isReady(node: Node): boolean {
  const hasCondition = (node.status.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True');
  return hasCondition && (node.spec.taints ?? []).length === 0;
}
