import { HttpError } from '../http/answers.ts';

/** A user for whom a proxy or a provider vouches. */
export interface VouchedUser {
  readonly user: string;
  readonly groups: readonly string[];
}

/**
 * The user, who can be impersonated. Throws HttpError Forbidden for the cluster's own users and groups, such as `system:masters`, whom no
 * provider of identities may name, and for names that no header can carry as they are; `by` is who names them.
 */
export function vouchedUser({ user, groups }: VouchedUser, by: 'a proxy' | 'a provider'): VouchedUser {
  const names = [user, ...groups];
  if (names.some((name) => name.startsWith('system:')))
    throw new HttpError(403, 'Forbidden', `${by} may not name the cluster's own users and groups`);
  if (names.some((name) => UNSENDABLE.test(name)))
    throw new HttpError(403, 'Forbidden', `${by} may not name users and groups with control characters`);
  // The API server takes away what is around a header: " system:masters" would be that group.
  if (names.some((name) => name === '' || name !== name.trim()))
    throw new HttpError(
      403,
      'Forbidden',
      `${by} may not name users and groups that are empty, or begin or end with a space`,
    );
  return { user, groups };
}

// oxlint-disable-next-line no-control-regex -- these are meant.
const UNSENDABLE = /[\u0000-\u001f\u007f]/;
