import type { ComponentChildren } from 'preact';
import { Notice } from '../parts/notices.tsx';
import { words } from '../words/words.ts';
import { isUnreadable, permissionsFor } from './permissions.ts';
import type { ReadPermission, PermissionTarget } from './permissions.ts';

/** Why the viewer is certain to be refused what is read of a Release, in words; undefined where it may be read. */
export function whyUnreadable({ namespace, name }: PermissionTarget, what: ReadPermission): string | undefined {
  const whom = name === undefined ? { namespace } : { namespace, name };
  return isUnreadable(permissionsFor(whom), what) ? words.value.unreadable[what](namespace) : undefined;
}

/** What is read of a Release or, in its place, that the viewer may not read it. */
export function WhereReadable({
  of,
  what,
  children,
}: {
  of: PermissionTarget;
  what: ReadPermission;
  children: ComponentChildren;
}) {
  const reason = whyUnreadable(of, what);
  return reason === undefined ? <>{children}</> : <Notice tone="plain">{reason}</Notice>;
}
