import { ChartError, TemplateError } from '../chart-renderer/index.ts';
import type { Reason } from '../crds/index.ts';
import { KubeError, isKubeError } from '../kube/index.ts';
import { RegistryError } from '../registry-client/index.ts';
import { ReleaseError, type Retry } from './errors.ts';

/** An error as its Release shows it and as the queue treats it. */
export interface Failure {
  reason: Reason;
  message: string;
  retry: Retry;
  /** Whether only a change by somebody else helps; otherwise the controller is still trying. */
  stalled: boolean;
}

/** An attempt that is not repeated yet, since the same one failed a moment ago. */
export class FailedBefore extends Error {
  override readonly name = 'FailedBefore';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** Whether an error only says that another pass is due: an edit in between, or a lost lease. */
export function saysLookAgain(error: unknown): boolean {
  return isKubeError(error, 'Conflict') || isKubeError(error, 'NotLeader');
}

/** The one place that turns an error into condition, event and retry; whatever it does not know is an InternalError. */
export function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof FailedBefore) return error.failure;
  if (error instanceof ReleaseError) return failure(error.code, message, error.retry);
  if (error instanceof TemplateError) return failure(templateReason(error), message, 'later');
  if (error instanceof ChartError) return failure(chartReason(error), message, 'later');
  if (error instanceof RegistryError)
    return failure(registryReason(error), message, error.transient ? 'soon' : 'later');
  if (error instanceof KubeError) return failure(kubeReason(error), message, kubeRetry(error));
  return failure('InternalError', message, 'soon');
}

function failure(reason: Reason, message: string, retry: Retry): Failure {
  return { reason, message, retry, stalled: retry === 'later' };
}

function templateReason(error: TemplateError): Reason {
  return error.code === 'limit' ? 'LimitExceeded' : 'TemplateFailed';
}

function chartReason({ code }: ChartError): Reason {
  switch (code) {
    case 'schema':
      return 'SchemaViolation';
    case 'limit':
      return 'LimitExceeded';
    case 'manifest':
      return 'ManifestInvalid';
    case 'invalid-values':
      return 'ValuesInvalid';
    case 'archive':
    case 'unsafe-path':
    case 'invalid-chart':
    case 'unreadable':
    case 'kube-version':
    case 'not-installable':
      return 'ChartInvalid';
  }
}

function registryReason(error: RegistryError): Reason {
  switch (error.code) {
    case 'NotFound':
      return 'ChartNotFound';
    case 'VersionNotFound':
    case 'NoVersionMatches':
      return 'ChartVersionNotFound';
    case 'DigestMismatch':
      return 'ChartDigestMismatch';
    case 'Unauthorized':
      return 'RegistryUnauthorized';
    case 'Unavailable':
      return 'RegistryUnavailable';
    case 'TooLarge':
    case 'InvalidManifest':
    case 'InvalidIndex':
      return 'ChartInvalid';
    case 'InvalidReference':
    case 'InvalidCredentials':
    case 'InsecureTransport':
    case 'HostRefused':
    case 'CertificateRejected':
    case 'VersionExists':
    case 'InvalidResponse':
      return 'RegistryRefused';
  }
}

function kubeReason(error: KubeError): Reason {
  switch (error.code) {
    case 'Forbidden':
      return 'Forbidden';
    case 'AlreadyExists':
      return 'AlreadyExists';
    case 'Invalid':
    case 'BadRequest':
    case 'TooLarge':
      return 'ApplyFailed';
    case 'TooManyRequests':
    case 'Unavailable':
    case 'TimedOut':
    case 'Unauthorized':
    case 'Gone':
    case 'NamespaceTerminating':
    case 'NotLeader':
    case 'Conflict':
      return 'ApiUnavailable';
    case 'NotFound':
    case 'Misconfigured':
    case 'Unknown':
      return 'ApplyFailed';
  }
}

function kubeRetry(error: KubeError): Retry {
  return error.transient || error.code === 'Conflict' || error.code === 'NamespaceTerminating' ? 'soon' : 'later';
}
