/** The queue's name of a Release: `namespace/name`. */
export function keyOfRelease(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

/** The namespace in a key. */
export function namespaceOf(key: string): string {
  return key.slice(0, key.indexOf('/'));
}

/** The Release's name in a key. */
export function nameOf(key: string): string {
  return key.slice(key.indexOf('/') + 1);
}
