import { describe, expect, test } from '@jest/globals';
import { failedTry, nextTryInMs, outcomeOf, outcomeOfError, stateAfter } from '../../../../controller/notices/tries.ts';
import { RegistryError } from '../../../../registry-client/index.ts';

const answer = (status: number, retryAfterMs?: number) => outcomeOf({ status, retryAfterMs });

describe('an attempt', () => {
  test.each([200, 202, 204])('has succeeded with %i', (status) => {
    expect(answer(status)).toEqual({ end: 'sent' });
    expect(nextTryInMs(answer(status), 1, 0)).toBeUndefined();
  });

  test.each([408, 425, 429, 500, 502, 503])('is repeated after %i', (status) => {
    expect(nextTryInMs(answer(status), 1, 1)).toBe(1_000);
  });

  test.each([300, 301, 302, 307, 308, 400, 401, 403, 404, 410, 413])('is not repeated after %i', (status) => {
    expect(nextTryInMs(answer(status), 1, 1)).toBeUndefined();
  });

  test('is repeated where there was no answer, unless none is allowed', () => {
    const error = (code: 'Unavailable' | 'HostRefused' | 'InsecureTransport') =>
      outcomeOfError(new RegistryError({ code, reason: 'https://example.com/secret/path could not be read' }));
    expect(error('Unavailable')).toEqual(failedTry('it gave no valid answer', true));
    const refused = Object.assign(new Error('connect ECONNREFUSED 192.0.2.1:443'), { code: 'ECONNREFUSED' });
    const withCause = new RegistryError({ code: 'Unavailable', reason: '', cause: refused });
    expect(outcomeOfError(withCause)).toEqual(failedTry('it gave no valid answer (ECONNREFUSED)', true));
    expect(error('HostRefused')).toMatchObject({ mayPass: false });
    expect(error('InsecureTransport')).toEqual(failedTry('it is not reached by HTTPS', false));
    expect(outcomeOfError(new DOMException('late', 'TimeoutError'))).toMatchObject({ mayPass: true });
  });
});

describe('the attempts', () => {
  const passing = failedTry('', true);

  test('are ten, within minutes', () => {
    const pauses = Array.from({ length: 9 }, (_, index) => nextTryInMs(passing, index + 1, 1) ?? 0);
    expect(pauses.reduce((sum, each) => sum + each)).toBe(511_000);
    expect(nextTryInMs(passing, 10, 0)).toBeUndefined();
  });

  test('come later where the receiver asks for it, up to five minutes', () => {
    expect(nextTryInMs(answer(429, 30_000), 1, 0)).toBe(30_000);
    expect(nextTryInMs(answer(503, 1e12), 1, 0)).toBe(300_000);
    expect(nextTryInMs(answer(503, 0), 1, 0)).toBe(500);
  });

  test('for other Releases also wait while the receiver asks for it, up to half a minute', () => {
    expect(stateAfter(answer(200), 10).restMs).toBe(100);
    expect(stateAfter(answer(429), 10).restMs).toBe(100);
    expect(stateAfter(answer(429, 2_000), 10).restMs).toBe(2_000);
    expect(stateAfter(answer(429, Infinity), 10).restMs).toBe(30_000);
  });

  test('show that a receiver is slow where they fail or take long, whatever the answer', () => {
    expect(stateAfter(answer(200), 900).isSlow).toBe(false);
    expect(stateAfter({ end: 'unwanted' }, 1).isSlow).toBe(false);
    expect(stateAfter(answer(200), 9_900).isSlow).toBe(true);
    expect(stateAfter(answer(500), 1).isSlow).toBe(true);
  });
});
