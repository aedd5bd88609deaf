import type {
  Attempt,
  DeniedPermission,
  FieldConflict,
  KubeErrorCode,
  KubeErrorFacts,
  RefusedField,
} from '../errors.ts';
import { KubeError } from '../errors.ts';

interface StatusCause {
  reason?: string;
  message?: string;
  field?: string;
}

/** The API server's `Status` object, as far as errors are made from it. */
export interface Status {
  kind?: string;
  code?: number;
  reason?: string;
  message?: string;
  details?: { name?: string; causes?: StatusCause[]; retryAfterSeconds?: number };
}

const BY_REASON: Readonly<Record<string, KubeErrorCode>> = {
  NotFound: 'NotFound',
  AlreadyExists: 'AlreadyExists',
  Conflict: 'Conflict',
  Forbidden: 'Forbidden',
  Unauthorized: 'Unauthorized',
  Invalid: 'Invalid',
  BadRequest: 'BadRequest',
  TooManyRequests: 'TooManyRequests',
  ServiceUnavailable: 'Unavailable',
  InternalError: 'Unavailable',
  ServerTimeout: 'Unavailable',
  Timeout: 'TimedOut',
  Gone: 'Gone',
  Expired: 'Gone',
  RequestEntityTooLarge: 'TooLarge',
};

const BY_STATUS: Readonly<Record<number, KubeErrorCode>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'BadRequest',
  406: 'BadRequest',
  409: 'Conflict',
  410: 'Gone',
  413: 'TooLarge',
  415: 'BadRequest',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'Unavailable',
  502: 'Unavailable',
  503: 'Unavailable',
  504: 'TimedOut',
};

/** Answers that come as internal errors with no reason, though the fault is in the object and stays there. */
const BY_MESSAGE: readonly [RegExp, KubeErrorCode][] = [
  [/request is too large|trying to send message larger than max/, 'TooLarge'],
  [/^failed to create (?:typed (?:patch|live|new) object|manager for existing fields)/, 'Invalid'],
  [/illegal base64 data/, 'Invalid'],
  // Another request has counted up the quota meanwhile: the refused one is as valid as before.
  [/^Operation cannot be fulfilled on resourcequotas/, 'Unavailable'],
];

/** What admission refuses (a quota, a policy, a webhook) comes as Forbidden too, though no right is lacking. */
const DENIED_BY_ADMISSION = / is forbidden: (?!user )|^admission webhook .+ denied the request/i;

/** The error for a refused request: `body` is the response's text, a Status object or not; `retryAfter` its header. */
export function errorFromResponse(attempt: Attempt, httpStatus: number, body: string, retryAfter?: string): KubeError {
  return errorFromStatus(attempt, parseStatus(httpStatus, body), retryAfter);
}

/** The error for a Status object, which a refused request carries as its body and a broken watch as its last event. */
export function errorFromStatus(attempt: Attempt, status: Status, retryAfter?: string): KubeError {
  const refusal = refusalOf(status);
  const facts: KubeErrorFacts = {
    attempt,
    status: refusal.code,
    conflicts: fieldConflicts(refusal),
    refusedFields: refusedFields(refusal),
  };
  const retryAfterMs = retryDelayMs(status, retryAfter);
  if (retryAfterMs !== undefined) facts.retryAfterMs = retryAfterMs;
  const denied = deniedPermission(refusal.message);
  if (denied !== undefined) facts.denied = denied;
  return new KubeError(codeOf(refusal), whyOf(attempt, refusal), facts);
}

/** A Status with nothing left out. */
interface Refusal {
  code: number;
  reason: string;
  message: string;
  /** The name of what is not found, say; empty where that is the path itself. */
  name: string;
  causes: readonly StatusCause[];
}

function refusalOf({ code = 0, reason = '', message = '', details }: Status): Refusal {
  return { code, reason, message, name: details?.name ?? '', causes: details?.causes ?? [] };
}

function parseStatus(httpStatus: number, body: string): Status {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null && 'kind' in parsed && parsed.kind === 'Status') {
      return { code: httpStatus, ...(parsed as Status) };
    }
  } catch {
    // Proxies and load balancers on the way answer in HTML or plain text: the text itself is then the message.
    return { code: httpStatus, message: body.slice(0, 200).trim() };
  }
  return { code: httpStatus };
}

function codeOf({ code, reason, message, name, causes }: Refusal): KubeErrorCode {
  if (causes.some((cause) => cause.reason === 'NamespaceTerminating')) return 'NamespaceTerminating';
  const byMessage = BY_MESSAGE.find(([pattern]) => pattern.test(message))?.[1];
  if (code === 403 && DENIED_BY_ADMISSION.test(message)) return 'Denied';
  const known = byMessage ?? BY_REASON[reason] ?? BY_STATUS[code] ?? 'Unknown';
  return known === 'NotFound' && name === '' ? 'NotServed' : known;
}

/** A Secret's values can stand in the words of these refusals, so only the names of its fields are passed on. */
const MAY_QUOTE_THE_OBJECT: ReadonlySet<KubeErrorCode> = new Set(['Invalid', 'BadRequest', 'Unavailable', 'Unknown']);

function whyOf(attempt: Attempt, refusal: Refusal): string {
  const { code, reason, message, causes } = refusal;
  if (attempt.resource !== 'secrets' || !MAY_QUOTE_THE_OBJECT.has(codeOf(refusal))) {
    return message || reason || `the server answered ${code}`;
  }
  const typed = /\): (\.[\w.[\]-]+): (?:expected|field not declared)/.exec(message)?.[1];
  const fields = [...new Set([...causes.map((cause) => cause.field), typed].filter((field) => field !== undefined))];
  const where = fields.length > 0 ? ` at ${fields.join(', ')}` : '';
  return `${reason || 'refused'}${where} (the server's own words may quote the Secret and are left out)`;
}

function fieldConflicts({ causes }: Refusal): FieldConflict[] {
  return causes
    .filter((cause) => cause.reason === 'FieldManagerConflict')
    .map(({ message = '', field = '' }) => ({
      manager: /conflict with "((?:[^"\\]|\\.)*)"/.exec(message)?.[1] ?? '',
      field,
    }));
}

/** How validation says that a field may not differ from what it was before. */
const IMMUTABLE =
  /\bimmutable\b|\b(?:may|can) ?not (?:be )?change|\bmay not be unset\b|\bupdates to .+ forbidden\b|\bcan not be less than (?:previous value|status\.capacity)/;

function refusedFields({ reason, causes }: Refusal): RefusedField[] {
  if (reason !== 'Invalid') return [];
  return causes.map(({ field = '', message = '' }) => ({ field, isImmutable: IMMUTABLE.test(message) }));
}

const DENIED = /cannot (\S+) resource "([^"]*)" in API group "([^"]*)"(?: in the namespace "([^"]*)")?/;

function deniedPermission(message: string): DeniedPermission | undefined {
  const [, verb, resource, group, namespace] = DENIED.exec(message) ?? [];
  if (verb === undefined || resource === undefined || group === undefined) return undefined;
  return namespace === undefined ? { verb, resource, group } : { verb, resource, group, namespace };
}

function retryDelayMs(status: Status, header: string | undefined): number | undefined {
  const seconds = header === undefined ? status.details?.retryAfterSeconds : Number(header);
  return seconds !== undefined && Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}
