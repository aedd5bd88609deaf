import { signal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import type { DeedName, Permissions } from '../../api/index.ts';
import { ask } from '../live/ask.ts';

const known = new Map<string, Signal<Permissions | null>>();

/** What the viewer may do in a namespace; null while that is not known. */
export function permissionsIn(namespace: string): Permissions | null {
  const found = known.get(namespace);
  if (found !== undefined) return found.value;
  const asked = signal<Permissions | null>(null);
  known.set(namespace, asked);
  ask<Permissions>(`/api/permissions?namespace=${encodeURIComponent(namespace)}`).then(
    (answer) => (asked.value = answer),
    () => known.delete(namespace),
  );
  return asked.value;
}

/** Forgets what was known, as another may look now, or the same by other rights. */
export function forgetPermissions(): void {
  known.clear();
}

/** Whether a deed is certain to be refused. Where that is not known, the cluster will say. */
export function isRefused(permissions: Permissions | null, deed: DeedName): boolean {
  return permissions !== null && permissions.complete && !permissions.deeds[deed];
}
