import { isMap, mapValues, type JsonMap } from '../json/json.ts';

/** The fields of a pod that name a ConfigMap or a Secret, be it in a volume or in the environment of a container; others name what pulls images. */
const REFERENCES: Readonly<Record<string, string>> = {
  configMap: 'ConfigMap',
  configMapRef: 'ConfigMap',
  configMapKeyRef: 'ConfigMap',
  secret: 'Secret',
  secretRef: 'Secret',
  secretKeyRef: 'Secret',
};
/** A Secret that is a volume is named by the second. */
const NAMES: readonly string[] = ['name', 'secretName'];
const PARTS: readonly string[] = ['containers', 'initContainers', 'volumes'];
const PULL_SECRETS = 'imagePullSecrets';

/** The new name of an object that a pod names; the same one if it is not renamed. */
export type Rename = (kind: string, name: string) => string;

/** The spec of a pod with other names for the ConfigMaps and Secrets that it reads. */
export function withReferences(podSpec: JsonMap, rename: Rename): JsonMap {
  return mapValues(podSpec, (part, key) => {
    if (key === PULL_SECRETS && Array.isArray(part))
      return part.map((item) => (isMap(item) ? renamed(item, 'Secret', rename) : item));
    return PARTS.includes(key) ? renamedIn(part, rename) : part;
  });
}

/** `Kind/name` of the ConfigMaps and Secrets that a pod reads. */
export function referencesIn(podSpec: JsonMap): ReadonlySet<string> {
  const found = new Set<string>();
  withReferences(podSpec, (kind, name) => {
    found.add(`${kind}/${name}`);
    return name;
  });
  return found;
}

function renamedIn(value: unknown, rename: Rename): unknown {
  if (Array.isArray(value)) return value.map((item) => renamedIn(item, rename));
  if (!isMap(value)) return value;
  return mapValues(value, (part, key) => {
    const kind = Object.hasOwn(REFERENCES, key) ? REFERENCES[key] : undefined;
    return kind !== undefined && isMap(part) ? renamed(part, kind, rename) : renamedIn(part, rename);
  });
}

function renamed(reference: JsonMap, kind: string, rename: Rename): JsonMap {
  return mapValues(reference, (value, key) =>
    NAMES.includes(key) && typeof value === 'string' ? rename(kind, value) : value,
  );
}
