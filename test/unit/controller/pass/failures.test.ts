import { describe, expect, test } from '@jest/globals';
import { ReleaseError } from '../../../../controller/pass/failures/errors.ts';
import { BackoffPending, failureOf, isStaleRead, type Failure } from '../../../../controller/pass/failures/failures.ts';
import { ChartError, type ChartErrorCode } from '../../../../chart-renderer/index.ts';
import { KubeError, type KubeErrorCode } from '../../../../kube/index.ts';
import { RegistryError, type RegistryErrorCode } from '../../../../registry-client/index.ts';

const stalled = (reason: string) => ({ reason, retry: 'later', stalled: true });
const retried = (reason: string) => ({ reason, retry: 'soon', stalled: false });

describe('failureOf', () => {
  test.each<[ChartErrorCode, string]>([
    ['Archive', 'ChartInvalid'],
    ['UnsafePath', 'ChartInvalid'],
    ['InvalidChart', 'ChartInvalid'],
    ['Unreadable', 'ChartInvalid'],
    ['KubeVersion', 'ChartInvalid'],
    ['NotInstallable', 'ChartInvalid'],
    ['InvalidValues', 'ValuesInvalid'],
    ['Schema', 'SchemaViolation'],
    ['Limit', 'LimitExceeded'],
    ['Manifest', 'ManifestInvalid'],
  ])('ChartError %s stalls as %s', (code, reason) => {
    expect(failureOf(new ChartError(code, 'why'))).toEqual({ ...stalled(reason), message: 'why' });
  });

  test.each<[RegistryErrorCode, string]>([
    ['NotFound', 'ChartNotFound'],
    ['VersionNotFound', 'ChartVersionNotFound'],
    ['NoVersionMatches', 'ChartVersionNotFound'],
    ['DigestMismatch', 'ChartDigestMismatch'],
    ['TooLarge', 'ChartInvalid'],
    ['InvalidManifest', 'ChartInvalid'],
    ['Unauthorized', 'RegistryUnauthorized'],
    ['InvalidCredentials', 'RegistryUnauthorized'],
    ['Unavailable', 'RegistryUnavailable'],
    ['HostRefused', 'RegistryRefused'],
    ['InsecureTransport', 'RegistryRefused'],
  ])('RegistryError %s is %s, and stalls unless it is transient', (code, reason) => {
    const failed = (transient: boolean) => failureOf(new RegistryError({ code, reason: 'why', transient }));
    expect(failed(false)).toMatchObject(stalled(reason));
    expect(failed(true)).toMatchObject(retried(reason));
  });

  test.each<[KubeErrorCode, object]>([
    ['Forbidden', stalled('Forbidden')],
    ['AlreadyExists', stalled('AlreadyExists')],
    ['Invalid', stalled('ApplyFailed')],
    ['BadRequest', stalled('ApplyFailed')],
    ['TooLarge', stalled('ApplyFailed')],
    ['NotFound', stalled('ApplyFailed')],
    ['NotServed', retried('KindNotFound')],
    ['Conflict', retried('ApiUnavailable')],
    ['NamespaceTerminating', retried('ApiUnavailable')],
    ['TimedOut', retried('ApiUnavailable')],
    ['TooManyRequests', retried('ApiUnavailable')],
    ['Unauthorized', retried('ApiUnavailable')],
    ['Unavailable', retried('ApiUnavailable')],
  ])('KubeError %s is %j', (code, expected) => {
    expect(failureOf(new KubeError(code, 'why'))).toMatchObject(expected);
  });

  test.each<[string, unknown, object]>([
    ['a ReleaseError', new ReleaseError('VersionNotFound', 'why'), { ...stalled('VersionNotFound'), message: 'why' }],
    ['one to be retried', new ReleaseError('Progressing', 'why', { retry: 'soon' }), retried('Progressing')],
    ['a defect', new TypeError('x is not a function'), retried('InternalError')],
    ['a full stack', new RangeError('Maximum call stack size exceeded'), stalled('LimitExceeded')],
    ['another range', new RangeError('Invalid count value: -1'), retried('InternalError')],
    ['a thrown value that is not an error', 'words', { ...retried('InternalError'), message: 'words' }],
    ['nothing', undefined, retried('InternalError')],
  ])('%s', (_title, error, expected) => {
    expect(failureOf(error)).toMatchObject(expected);
  });

  test('of an attempt that is not repeated yet is the earlier one', () => {
    const failure: Failure = { reason: 'HookFailed', message: 'why', retry: 'later', stalled: true };
    expect(failureOf(new BackoffPending(failure))).toBe(failure);
  });

  test('cuts a message that does not fit into a condition', () => {
    const { message } = failureOf(new ReleaseError('Refused', 'x'.repeat(1_000_000)));
    expect(message.length).toBeLessThanOrEqual(32_768);
    expect(message).toMatch(/^x+…$/);
  });
});

test.each<[unknown, boolean]>([
  [new KubeError('Conflict', 'edited'), true],
  [new KubeError('Fenced', 'lost'), true],
  [new KubeError('Unavailable', 'down'), false],
  [new ReleaseError('VersionConflict', 'why'), false],
  [new Error('Conflict'), false],
  [undefined, false],
])('%s only means that another pass is due: %s', (error, expected) => {
  expect(isStaleRead(error)).toBe(expected);
});
