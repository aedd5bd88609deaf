import type { ErrorFacts } from '../../../api/index.ts';
import type { VouchedUser } from '../vouched.ts';

/** What a session knows of a viewer who has signed in by a provider. Times are in milliseconds since 1970. */
export interface OidcSession {
  readonly kind: 'oidc';
  /** Stays the same when the session is renewed. */
  readonly id: string;
  /** Whom the provider knows by this. */
  readonly subject: string;
  /** As whom requests are made: with the ID token, or as this user. */
  readonly as: { readonly token: string } | VouchedUser;
  /** From then on it is to be renewed, where it can be. */
  readonly renewFrom: number;
  /** When what the provider said is worth nothing any more. */
  readonly expires: number;
  /** Absent: it ends with what the provider said. */
  readonly refreshToken?: string | undefined;
  /** When it ends for good. */
  readonly until: number;
}

/** A sign-in under way, known to the browser alone: it went to the provider and is to come back. */
export interface BegunSignIn {
  readonly kind: 'oidc-begun';
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly until: number;
}

/** Why a sign-in failed: told to the browser that tried, once. */
export interface FailedSignIn {
  readonly kind: 'oidc-failed';
  readonly why: ErrorFacts;
  readonly until: number;
}

/** Renewed in the last quarter, so that a provider that does not answer for a while costs nobody a session. */
const RENEWED_AFTER = 0.75;

/** The times of what a provider said at `nowMs` and is good until `expires`. */
export function timesOf(nowMs: number, expires: number): Pick<OidcSession, 'renewFrom' | 'expires'> {
  return { renewFrom: nowMs + (expires - nowMs) * RENEWED_AFTER, expires };
}

/** The session as it is until its token ends. */
export function withoutRenewal(session: OidcSession): OidcSession {
  return { ...session, refreshToken: undefined, until: Math.min(session.until, session.expires) };
}

/** When a window that opens with this session has to ask anew: by then it was renewed, or has ended. */
export function endOfStream(session: OidcSession, nowMs: number): { at: number; isRenewable: boolean } {
  const { refreshToken, renewFrom, expires } = session;
  const isRenewable = refreshToken !== undefined;
  // Past that, it could not be renewed just now.
  return { at: isRenewable && nowMs < renewFrom ? renewFrom : expires, isRenewable };
}
