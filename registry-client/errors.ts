/** Why an operation on a registry failed; the README says what each code means to a caller. */
export type RegistryErrorCode =
  | 'InvalidReference'
  | 'InvalidCredentials'
  | 'InsecureTransport'
  | 'HostRefused'
  | 'CertificateRejected'
  | 'Unauthorized'
  | 'NotFound'
  | 'VersionNotFound'
  | 'NoVersionMatches'
  | 'VersionExists'
  | 'DigestMismatch'
  | 'VerificationFailed'
  | 'TooLarge'
  | 'InvalidManifest'
  | 'InvalidIndex'
  | 'InvalidResponse'
  | 'Unavailable';

/** The facts of a `RegistryError`: `reason` says why, `nextStep` what would help, neither ever holds a secret. */
export interface RegistryFailure {
  code: RegistryErrorCode;
  reason: string;
  nextStep?: string | undefined;
  /** What was attempted and on what, such as `pull` and `oci://host/space/name 1.2.3`. */
  attempted?: string | undefined;
  reference?: string | undefined;
  /** The HTTP status, where an answer was the cause. */
  status?: number | undefined;
  /** How long the registry asked to wait, in milliseconds. */
  retryAfterMs?: number | undefined;
  /** True where the same attempt may succeed later without any change. */
  transient?: boolean | undefined;
  cause?: unknown;
}

/** The only error this folder throws, apart from the caller's own abort reason. */
export class RegistryError extends Error {
  readonly code: RegistryErrorCode;
  readonly transient: boolean;
  readonly reference: string | undefined;
  readonly reason: string;
  readonly nextStep: string | undefined;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(failure: RegistryFailure) {
    super(messageOf(failure), failure.cause === undefined ? {} : { cause: failure.cause });
    this.name = 'RegistryError';
    this.code = failure.code;
    this.transient = failure.transient ?? false;
    this.reference = failure.reference;
    this.reason = failure.reason;
    this.nextStep = failure.nextStep;
    this.status = failure.status;
    this.retryAfterMs = failure.retryAfterMs;
  }
}

/** Runs `operation`; a `RegistryError` out of it leaves with what was attempted, on which reference, in its message. */
export async function withErrorContext<Result>(
  attempted: string,
  reference: string,
  operation: () => Promise<Result>,
): Promise<Result> {
  try {
    return await operation();
  } catch (error) {
    if (!(error instanceof RegistryError) || error.reference !== undefined) throw error;
    const { code, reason, nextStep, status, retryAfterMs, transient } = error;
    const failure = { code, reason, nextStep, status, retryAfterMs, transient };
    throw new RegistryError({ ...failure, attempted, reference, cause: error.cause });
  }
}

function messageOf({ attempted, reference, reason, nextStep }: RegistryFailure): string {
  const subject = [attempted, reference].filter((part) => part !== undefined).join(' ');
  return [subject === '' ? '' : `${subject}: `, reason, nextStep === undefined ? '' : `; ${nextStep}`].join('');
}
