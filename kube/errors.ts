/** Why a request to the API server did not do what was asked. */
export type KubeErrorCode =
  | 'NotFound'
  /** There is no such resource type, or not in that version: this says nothing about any object. */
  | 'NotServed'
  | 'AlreadyExists'
  | 'Conflict'
  | 'Forbidden'
  | 'Denied'
  | 'Unauthorized'
  | 'Invalid'
  | 'BadRequest'
  | 'TooManyRequests'
  | 'Unavailable'
  | 'TimedOut'
  | 'Gone'
  | 'TooLarge'
  | 'NamespaceTerminating'
  /** Not sent, because this process may no longer write. */
  | 'Fenced'
  | 'Misconfigured'
  | 'Unknown';

/** What was attempted: the verb as RBAC names it, the resource as `plural.group`. */
export interface Attempt {
  verb: string;
  resource?: string | undefined;
  namespace?: string | undefined;
  name?: string | undefined;
}

/** One field that server-side apply found owned by another manager; `field` is a path such as `.spec.replicas`. */
export interface FieldConflict {
  manager: string;
  field: string;
}

/** One field that an object is refused for; `field` is a path such as `spec.selector`. */
export interface RefusedField {
  field: string;
  /** Whether it is refused because it may not differ from what it was before. */
  isImmutable: boolean;
}

/** The permission that RBAC refused, in RBAC's words; `group` is empty for the core group. */
export interface DeniedPermission {
  verb: string;
  resource: string;
  group: string;
  namespace?: string;
}

/** The facts of a KubeError besides its message. */
export interface KubeErrorFacts {
  attempt?: Attempt;
  status?: number;
  conflicts?: FieldConflict[];
  refusedFields?: RefusedField[];
  denied?: DeniedPermission;
  retryAfterMs?: number;
  /** True where the request surely never reached the server, so that repeating it is safe whatever the verb. */
  unsent?: boolean;
  cause?: unknown;
}

const TRANSIENT: ReadonlySet<KubeErrorCode> = new Set(['TooManyRequests', 'Unavailable', 'TimedOut', 'Unauthorized']);

/** The one error that this folder throws; `transient` says that the same request may succeed later unchanged. */
export class KubeError extends Error {
  override readonly name = 'KubeError';
  readonly code: KubeErrorCode;
  readonly transient: boolean;
  readonly status: number | undefined;
  readonly verb: string | undefined;
  readonly resource: string | undefined;
  readonly namespace: string | undefined;
  readonly objectName: string | undefined;
  readonly conflicts: readonly FieldConflict[];
  readonly refusedFields: readonly RefusedField[];
  readonly denied: DeniedPermission | undefined;
  readonly retryAfterMs: number | undefined;
  readonly unsent: boolean;

  constructor(code: KubeErrorCode, why: string, facts: KubeErrorFacts = {}) {
    super(facts.attempt ? `${describe(facts.attempt)}: ${why}` : why, { cause: facts.cause });
    this.code = code;
    this.transient = TRANSIENT.has(code);
    this.status = facts.status;
    this.verb = facts.attempt?.verb;
    this.resource = facts.attempt?.resource;
    this.namespace = facts.attempt?.namespace;
    this.objectName = facts.attempt?.name;
    this.conflicts = facts.conflicts ?? [];
    this.refusedFields = facts.refusedFields ?? [];
    this.denied = facts.denied;
    this.retryAfterMs = facts.retryAfterMs;
    this.unsent = facts.unsent ?? false;
  }
}

/** Whether `error` is a KubeError, with that code where one is given. */
export function isKubeError(error: unknown, code?: KubeErrorCode): error is KubeError {
  return error instanceof KubeError && (code === undefined || error.code === code);
}

function describe({ verb, resource, namespace, name }: Attempt): string {
  const what = [verb, resource, name === undefined ? undefined : `"${name}"`].filter((part) => part !== undefined);
  return what.join(' ') + (namespace === undefined ? '' : ` in namespace "${namespace}"`);
}
