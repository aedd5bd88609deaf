import { HttpError } from '../../http/answers.ts';
import { vouchedUser, type VouchedUser } from '../vouched.ts';

/** Which claims of an ID token name a user, by the rules of kube-apiserver's flags of the same names. */
export interface ClaimMapping {
  readonly usernameClaim: string;
  /** Absent: the issuer and `#`, unless the claim is `email`; `-`: none. */
  readonly usernamePrefix?: string | undefined;
  /** Absent: no groups. */
  readonly groupsClaim?: string | undefined;
  readonly groupsPrefix: string;
}

/** What an ID token says that was checked. */
export type IdTokenClaims = Readonly<Record<string, unknown>>;

/** The user whom an ID token names. Throws HttpError Forbidden where it names none, or one whom a provider may not name. */
export function userInClaims(claims: IdTokenClaims, mapping: ClaimMapping): VouchedUser {
  const { usernameClaim, groupsClaim, groupsPrefix } = mapping;
  const name = claims[usernameClaim];
  if (typeof name !== 'string' || name === '') throw unnamed(`the claim "${usernameClaim}" is missing in its ID token`);
  if (usernameClaim === 'email' && (claims['email_verified'] ?? true) !== true)
    throw unnamed('it has not verified the email address');
  const user = prefixOf(claims, mapping) + name;
  const groups = groupsClaim === undefined ? [] : textsIn(claims[groupsClaim], groupsClaim);
  return vouchedUser({ user, groups: groups.map((group) => groupsPrefix + group) }, 'a provider');
}

function prefixOf(claims: IdTokenClaims, { usernameClaim, usernamePrefix }: ClaimMapping): string {
  if (usernamePrefix !== undefined) return usernamePrefix === '-' ? '' : usernamePrefix;
  return usernameClaim === 'email' ? '' : `${String(claims['iss'])}#`;
}

/** One text is taken for a list of one, as kube-apiserver does. */
function textsIn(claim: unknown, name: string): string[] {
  const list: unknown[] = Array.isArray(claim) ? claim : claim === undefined ? [] : [claim];
  return list.map((each) => {
    if (typeof each === 'string') return each;
    throw unnamed(`the claim "${name}" in its ID token is not a list of names`);
  });
}

function unnamed(why: string): HttpError {
  return new HttpError(403, 'Forbidden', `the provider does not say who you are: ${why}`);
}
