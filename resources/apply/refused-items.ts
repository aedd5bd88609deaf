import { canonicalJson } from '../json/digest.ts';
import { changedAt, isMap, listAt, mapValues } from '../json/json.ts';
import { podSpecPath } from '../pod-spec.ts';
import type { KubeObject } from '../types.ts';

/**
 * The object without list items that a create would accept and an apply refuses: environment variables of the same name (the last value
 * wins, as in the kubelet, and takes the first one's place, so that references to it still resolve), pull secrets, ports and mounts that
 * are repeated word for word, repeated finalizers, host aliases of the same address (their names are joined), and secrets that a service
 * account lists without a name. Items that differ stay: dropping one could break what names it.
 */
export function withoutRefusedItems(object: KubeObject): KubeObject {
  const secrets = namedSecrets(object);
  const named = secrets ? { ...object, secrets } : object;
  const dropped = changedAt(named, ['metadata', 'finalizers'], (list) =>
    Array.isArray(list) ? [...new Set(list)] : list,
  );
  const path = podSpecPath(object);
  return (path === undefined ? dropped : changedAt(dropped, path, dropInPodSpec)) as KubeObject;
}

/** The secrets that a service account lists by name; undefined where every secret that it lists has one. */
export function namedSecrets(object: KubeObject): unknown[] | undefined {
  const isAccount = object.apiVersion === 'v1' && object.kind === 'ServiceAccount';
  const secrets = isAccount ? listAt(object, 'secrets') : [];
  const named = secrets.filter((secret) => (isMap(secret) ? (secret['name'] ?? '') !== '' : secret !== null));
  return named.length < secrets.length ? named : undefined;
}

function dropInPodSpec(spec: unknown): unknown {
  if (!isMap(spec)) return spec;
  return mapValues(spec, (value, key) => {
    if (!Array.isArray(value)) return value;
    if (key === 'containers' || key === 'initContainers') return value.map(dropInContainer);
    if (key === 'hostAliases') return joinedByAddress(value);
    return key === 'imagePullSecrets' ? lastByKey(value, canonicalJson) : value;
  });
}

/** The lines of a hosts file for one address say the same as one line with all its names. */
function joinedByAddress(aliases: readonly unknown[]): unknown[] {
  const byAddress = new Map<string, unknown[]>();
  for (const alias of aliases) {
    const address = isMap(alias) ? String(alias['ip']) : canonicalJson(alias);
    const others = byAddress.get(address);
    if (others) others.push(alias);
    else byAddress.set(address, [alias]);
  }
  return [...byAddress.values()].map(([first, ...more]) =>
    isMap(first) && more.length > 0
      ? { ...first, hostnames: [first, ...more].flatMap((alias) => listAt(alias, 'hostnames')) }
      : first,
  );
}

function dropInContainer(container: unknown): unknown {
  if (!isMap(container)) return container;
  return mapValues(container, (value, key) => {
    if (!Array.isArray(value)) return value;
    if (key === 'env') return lastByKey(value, (item) => (isMap(item) ? String(item['name']) : canonicalJson(item)));
    return key === 'ports' || key === 'volumeMounts' ? lastByKey(value, canonicalJson) : value;
  });
}

function lastByKey(items: readonly unknown[], keyOf: (item: unknown) => string): unknown[] {
  const last = new Map<string, unknown>();
  for (const item of items) last.set(keyOf(item), item);
  return [...last.values()];
}
