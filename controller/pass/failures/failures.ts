import { ChartError, frameOf, TemplateError, type ChartErrorCode } from '../../../chart-renderer/index.ts';
import type { Reason } from '../../../crds/index.ts';
import { KubeError, isKubeError, type KubeErrorCode } from '../../../kube/index.ts';
import { RegistryError, type RegistryErrorCode } from '../../../registry-client/index.ts';
import { cut, withoutUndefined } from '../../../resources/index.ts';
import { ReleaseError, StaleCatalog, WaitsForMemory, type Retry } from './errors.ts';

/** An error as its Release shows it and as the queue treats it. */
export interface Failure {
  reason: Reason;
  message: string;
  retry: Retry;
  /** Whether only a change by somebody else helps; otherwise the controller is still trying. */
  stalled: boolean;
  /** The objects that were refused, by key of their reference, and why. */
  objects?: ReadonlyMap<string, string>;
  /** When what it waits for changes by time alone (milliseconds since the epoch). */
  changesAt?: number;
}

/** An attempt that is not repeated yet, since the same one failed a moment ago. */
export class BackoffPending extends Error {
  override readonly name = 'BackoffPending';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/**
 * Whether an error only says that another pass is due: an edit in between, a lost lease or account, kinds that are now served differently,
 * no room in memory at the moment.
 */
export function isStaleRead(error: unknown): boolean {
  if (error instanceof StaleCatalog || error instanceof WaitsForMemory) return true;
  return isKubeError(error, 'Conflict') || isKubeError(error, 'Fenced');
}

/** The one place that turns an error into condition, event and retry; whatever it does not know is an InternalError. */
export function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof BackoffPending) return error.failure;
  if (error instanceof ReleaseError) return failureOfRelease(error);
  if (error instanceof TemplateError) return failureOfTemplate(error);
  if (error instanceof ChartError) return failure(CHART_REASONS[error.code], message, 'later');
  if (error instanceof RegistryError) return failureOfRegistry(error);
  if (error instanceof KubeError) return failure(KUBE_REASONS[error.code], message, kubeRetry(error));
  if (error instanceof RangeError && STACK_IS_FULL.test(message)) return failure('LimitExceeded', TOO_DEEP, 'later');
  return failure('InternalError', message, 'soon');
}

const STACK_IS_FULL = /^Maximum call stack size exceeded$/;
const TOO_DEEP = 'the values or an object are nested more than 1000 levels deep';

function failureOfTemplate(error: TemplateError): Failure {
  return failure(error.code === 'Limit' ? 'LimitExceeded' : 'TemplateFailed', framed(error), 'later');
}

function failureOfRegistry({ code, message, transient }: RegistryError): Failure {
  const flags = code === 'HostRefused' ? ' (the administrator: --allow-registry, --allow-registry-address)' : '';
  return failure(REGISTRY_REASONS[code], `${message}${flags}`, transient ? 'soon' : 'later');
}

function failureOfRelease({ code, message, retry, objects, changesAt }: ReleaseError): Failure {
  return withoutUndefined({ ...failure(code, message, retry), objects, changesAt });
}

function framed({ message, position }: TemplateError): string {
  return position === undefined ? message : `${message}\n${frameOf(position)}`;
}

/** A condition's message has at most 32768 characters. */
const MAX_CHARACTERS = 8_192;

function failure(reason: Reason, message: string, retry: Retry): Failure {
  return { reason, message: cut(message, MAX_CHARACTERS), retry, stalled: retry === 'later' };
}

const CHART_REASONS: Record<ChartErrorCode, Reason> = {
  Archive: 'ChartInvalid',
  UnsafePath: 'ChartInvalid',
  InvalidChart: 'ChartInvalid',
  Unreadable: 'ChartInvalid',
  KubeVersion: 'ChartInvalid',
  NotInstallable: 'ChartInvalid',
  InvalidValues: 'ValuesInvalid',
  Schema: 'SchemaViolation',
  Limit: 'LimitExceeded',
  Manifest: 'ManifestInvalid',
  Patch: 'PatchFailed',
};

const REGISTRY_REASONS: Record<RegistryErrorCode, Reason> = {
  NotFound: 'ChartNotFound',
  VersionNotFound: 'ChartVersionNotFound',
  NoVersionMatches: 'ChartVersionNotFound',
  DigestMismatch: 'ChartDigestMismatch',
  VerificationFailed: 'ChartVerificationFailed',
  TooLarge: 'ChartInvalid',
  InvalidManifest: 'ChartInvalid',
  InvalidIndex: 'ChartInvalid',
  Unauthorized: 'RegistryUnauthorized',
  InvalidCredentials: 'RegistryUnauthorized',
  Unavailable: 'RegistryUnavailable',
  InvalidReference: 'RegistryRefused',
  InsecureTransport: 'RegistryRefused',
  HostRefused: 'RegistryRefused',
  CertificateRejected: 'RegistryRefused',
  VersionExists: 'RegistryRefused',
  InvalidResponse: 'RegistryRefused',
};

const KUBE_REASONS: Record<KubeErrorCode, Reason> = {
  Forbidden: 'Forbidden',
  AlreadyExists: 'AlreadyExists',
  Denied: 'ApplyFailed',
  Invalid: 'ApplyFailed',
  BadRequest: 'ApplyFailed',
  TooLarge: 'ApplyFailed',
  NotFound: 'ApplyFailed',
  NotServed: 'KindNotFound',
  Misconfigured: 'ApplyFailed',
  Unknown: 'ApplyFailed',
  Conflict: 'ApiUnavailable',
  Gone: 'ApiUnavailable',
  NamespaceTerminating: 'ApiUnavailable',
  Fenced: 'ApiUnavailable',
  TimedOut: 'ApiUnavailable',
  TooManyRequests: 'ApiUnavailable',
  Unauthorized: 'ApiUnavailable',
  Unavailable: 'ApiUnavailable',
};

function kubeRetry(error: KubeError): Retry {
  const passesSoon: readonly KubeErrorCode[] = ['Conflict', 'NamespaceTerminating', 'NotServed'];
  return error.transient || passesSoon.includes(error.code) ? 'soon' : 'later';
}
