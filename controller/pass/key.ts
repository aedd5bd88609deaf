/** The queue's name of a Release: `namespace/name`. */
export function keyOfRelease(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

/** The queue's name of a ReleasePreview: no Release has it, as the name of none has a slash. */
export function keyOfPreview(namespace: string, name: string): string {
  return `${namespace}/${PREVIEW}${name}`;
}

const PREVIEW = 'preview/';

/** The name of the ReleasePreview that a key stands for; undefined where it stands for a Release. */
export function previewNameOf(key: string): string | undefined {
  const name = nameOf(key);
  return name.startsWith(PREVIEW) ? name.slice(PREVIEW.length) : undefined;
}

/** The namespace in a key. */
export function namespaceOf(key: string): string {
  return key.slice(0, key.indexOf('/'));
}

/** The Release's name in a key. */
export function nameOf(key: string): string {
  return key.slice(key.indexOf('/') + 1);
}
