import { signal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import type { DeedName, Permissions } from '../../api/index.ts';
import { ask } from '../live/ask.ts';

interface Known {
  readonly answer: Signal<Permissions | null>;
  /** When it is asked again. */
  until: number;
}

const known = new Map<string, Known>();

/** Rights are given and taken meanwhile; what could not be found out is not asked with each stroke of a key. */
const KEPT_MS = 180_000;
const FAILED_MS = 30_000;

/** What the viewer may do in a namespace; null while that is not known. */
export function permissionsIn(namespace: string): Permissions | null {
  const entry = known.get(namespace) ?? { answer: signal<Permissions | null>(null), until: 0 };
  known.set(namespace, entry);
  if (entry.until <= Date.now()) {
    entry.until = Date.now() + KEPT_MS;
    ask<Permissions>(`/api/permissions?namespace=${encodeURIComponent(namespace)}`).then(
      (answer) => (entry.answer.value = answer),
      () => (entry.until = Date.now() + FAILED_MS),
    );
  }
  return entry.answer.value;
}

/** Forgets what was known, as another may look now, or the same by other rights. */
export function forgetPermissions(): void {
  known.clear();
}

/** Whether a deed is certain to be refused. Where that is not known, the cluster will say. */
export function isRefused(permissions: Permissions | null, deed: DeedName): boolean {
  return permissions !== null && permissions.complete && !permissions.deeds[deed];
}
