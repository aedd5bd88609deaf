import { backoffMs } from '../../kube/index.ts';
import { RegistryError, type PostResult, type RegistryErrorCode } from '../../registry-client/index.ts';
import type { LaneState } from './lanes.ts';

/** How an attempt to send a notice ended; a failure may pass by itself, or lasts. */
export type TryOutcome =
  | { end: 'sent' }
  | { end: 'unwanted' }
  | { end: 'failed'; why: string; mayPass: boolean; retryAfterMs?: number | undefined };

const MAX_TRIES = 10;
/** With ten tries, the last one comes four to nine minutes after the first. */
const BACKOFF_MS = { first: 1_000, max: 300_000 };
/** A receiver may ask for a longer pause, up to this. */
const MAX_RETRY_AFTER_MS = 300_000;
/** Between two requests to a receiver: a namespace can have many Releases, and a receiver that fails at once. */
const PACE_MS = 100;
/** How long, at most, a receiver that asks for a pause is not told of other Releases either. */
const MAX_REST_MS = 30_000;

/** A receiver that takes longer is slow, whatever it answers. */
const SLOW_MS = 1_000;

/** Answers after which the same request may succeed, beside those of 500 and above. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429]);

/** What an answer means. */
export function outcomeOf({ status, retryAfterMs }: PostResult): TryOutcome {
  if (status >= 200 && status < 300) return { end: 'sent' };
  const isRedirect = status >= 300 && status < 400;
  const why = `it answered ${status}${isRedirect ? ', and redirects are not followed' : ''}`;
  return { end: 'failed', why, mayPass: status >= 500 || PASSING.has(status), retryAfterMs };
}

/** What it means that there was no answer. The reason never has a path, in which many webhooks have their secret. */
export function outcomeOfError(error: unknown): TryOutcome {
  if (!(error instanceof RegistryError)) return failedTry('it did not answer in time', true);
  const { code, reason } = error;
  if (code === 'HostRefused' || code === 'CertificateRejected') return failedTry(reason, false);
  const why = LASTING[code];
  return why === undefined ? failedTry(`it gave no valid answer${codeIn(error.cause)}`, true) : failedTry(why, false);
}

/** The code of a socket or a parser, such as ` (ECONNREFUSED)`; none where there is none. */
function codeIn(cause: unknown): string {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  return /^[A-Z_]{3,40}$/.test(code) ? ` (${code})` : '';
}

/** A failure that lasts, in words of our own. */
const LASTING: Partial<Record<RegistryErrorCode, string>> = {
  InsecureTransport: 'it is not reached by HTTPS',
  InvalidCredentials: 'its ca.crt cannot be used',
};

/** An attempt that failed. */
export function failedTry(why: string, mayPass: boolean): TryOutcome {
  return { end: 'failed', why, mayPass };
}

/** Milliseconds until the next attempt after this many; undefined if there is none. `random`, from 0 to 1, decides on half of the pause. */
export function nextTryInMs(outcome: TryOutcome, tries: number, random: number): number | undefined {
  if (outcome.end !== 'failed' || !outcome.mayPass || tries >= MAX_TRIES) return undefined;
  const pauseMs = backoffMs(tries, BACKOFF_MS) * (0.5 + random / 2);
  return Math.max(pauseMs, Math.min(outcome.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS));
}

/**
 * What an attempt, and how long it took, shows of a receiver. A pause that it asks for is for all Releases, since it may be a rate limit.
 * One that failed may be silent again.
 */
export function stateAfter(outcome: TryOutcome, tookMs: number): LaneState {
  const hasFailed = outcome.end === 'failed';
  const askedMs = hasFailed ? (outcome.retryAfterMs ?? 0) : 0;
  return { restMs: Math.min(Math.max(askedMs, PACE_MS), MAX_REST_MS), isSlow: hasFailed || tookMs > SLOW_MS };
}
