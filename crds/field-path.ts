/** A JSON pointer as people write a field: `.spec.containers[0].image`, `.metadata.annotations["a/b"]`. */
export function fieldPath(pointer: string): string {
  const keys = pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const step = (key: string): string => {
    if (/^\d+$/.test(key)) return `[${key}]`;
    return /^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
  };
  return keys.map(step).join('');
}
