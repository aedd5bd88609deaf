import { signal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import type { ActionName, Permissions, ReleaseName } from '../../api/index.ts';
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

/** What is asked about: a Release or, without a name, every one of a namespace. */
export type PermissionTarget = Pick<ReleaseName, 'namespace'> & Partial<ReleaseName>;

/** What the viewer may do with a Release, or every one of a namespace; null while that is not known. */
export function permissionsFor({ namespace, name }: PermissionTarget): Permissions | null {
  const query = new URLSearchParams(name === undefined ? { namespace } : { namespace, name }).toString();
  const entry = known.get(query) ?? { answer: signal<Permissions | null>(null), until: 0 };
  known.set(query, entry);
  if (entry.until <= Date.now()) {
    entry.until = Date.now() + KEPT_MS;
    ask<Permissions>(`/api/permissions?${query}`).then(
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

/** Whether an action is certain to be refused. Where that is not known, the cluster will say. */
export function isRefused(permissions: Permissions | null, action: ActionName): boolean {
  return permissions !== null && permissions.complete && !permissions.actions[action];
}

/** What may be read, or not. */
export type ReadPermission = 'readsLogs' | 'readsHistory' | 'readsSecrets';

/** Whether reading is certain to be refused. */
export function isUnreadable(permissions: Permissions | null, what: ReadPermission): boolean {
  return permissions !== null && permissions.complete && !permissions[what];
}
