import type { ReleaseName } from '../../api/index.ts';

/** Where the server answers for a Release. */
export function apiPath({ namespace, name }: ReleaseName): string {
  return `/api/releases/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
}
