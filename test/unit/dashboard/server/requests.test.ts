import { describe, expect, test } from '@jest/globals';
import { refusalOf } from '../../../../dashboard/server/http/guard.ts';
import { routeOf } from '../../../../dashboard/server/http/routes.ts';
import { clearedCookies, cookieFor, cookiesFor, textInCookies } from '../../../../dashboard/server/sign-in/cookies.ts';
import { OneTimeCodes } from '../../../../dashboard/server/sign-in/codes.ts';
import { userFromProxy } from '../../../../dashboard/server/sign-in/proxy.ts';
import { isCsrf, Seal } from '../../../../dashboard/server/sign-in/seal.ts';
import { actionRequestOf } from '../../../../dashboard/server/releases/action-request.ts';

const ADDRESSES = {
  hosts: new Set(['dash.example.com']),
  origins: new Set(['https://dash.example.com']),
  callbackPaths: new Set(['/api/back']),
};
const HERE = { host: 'dash.example.com' };

describe('a request', () => {
  test.each([
    ['GET', '/', HERE, undefined],
    ['GET', '/', { ...HERE, 'sec-fetch-site': 'cross-site' }, undefined],
    ['GET', '/api/viewer', { ...HERE, 'sec-fetch-site': 'same-origin' }, undefined],
    ['GET', '/api/viewer', { ...HERE, 'sec-fetch-site': 'none' }, undefined],
    ['GET', '/api/viewer', { ...HERE, 'sec-fetch-site': 'same-site' }, 403],
    ['GET', '/api/back', { ...HERE, 'sec-fetch-site': 'cross-site' }, undefined],
    ['POST', '/api/back', { ...HERE, 'sec-fetch-site': 'cross-site' }, 403],
    ['GET', '/api/back', { ...HERE, origin: 'https://evil.example' }, 403],
    ['GET', '/api/viewer', { ...HERE, origin: 'https://evil.example' }, 403],
    ['POST', '/api/sign-in', { ...HERE, origin: 'https://dash.example.com' }, undefined],
    ['POST', '/api/sign-in', { ...HERE, origin: 'null' }, 403],
    ['POST', '/api/sign-in', { ...HERE, 'sec-fetch-site': 'none' }, 403],
    ['POST', '/api/sign-in', { ...HERE, 'content-length': '5000000000' }, 413],
    ['PUT', '/', HERE, 405],
    ['GET', '/', { host: 'dash.example.com:81' }, 421],
    ['GET', '/', {}, 421],
  ] as const)('%s %s with %j is answered with %s', (method, path, headers, status) => {
    expect(refusalOf({ method, path, headers }, ADDRESSES)?.status).toBe(status);
  });
});

describe('a session', () => {
  const session = { kind: 'token', token: 'abc', user: 'ann', until: 1_000 } as const;

  test('can be read by whoever has the key, until it expires', () => {
    const secret = Buffer.alloc(32, 7);
    const sealed = new Seal(secret).seal(session);
    expect(new Seal(secret).open(sealed, 999)).toEqual(session);
    expect(new Seal(secret).open(sealed, 1_000)).toBeUndefined();
    expect(new Seal().open(sealed, 0)).toBeUndefined();
    // Under another way to sign in, or another provider.
    expect(new Seal(secret, 'other').open(sealed, 0)).toBeUndefined();
    expect(sealed).not.toContain('abc');
    expect(() => new Seal(Buffer.alloc(31))).toThrow('32 bytes');
  });

  test('is invalid once one byte of it differs', () => {
    const seal = new Seal();
    const bytes = Buffer.from(seal.seal(session), 'base64url');
    for (const [index, byte] of bytes.entries()) {
      const changed = Buffer.from(bytes);
      changed[index] = byte ^ 1;
      expect(seal.open(changed.toString('base64url'), 0)).toBeUndefined();
    }
    for (const text of ['', 'x', '%', 'a'.repeat(40)]) expect(seal.open(text, 0)).toBeUndefined();
  });

  test('has a CSRF token for actions that no other session has', () => {
    const seal = new Seal();
    const [one, two] = [seal.seal(session), seal.seal(session)];
    const csrf = seal.csrfOf(one);
    expect(isCsrf(csrf, seal.csrfOf(one))).toBe(true);
    expect(isCsrf(csrf, seal.csrfOf(two))).toBe(false);
    expect(isCsrf(csrf, new Seal().csrfOf(one))).toBe(false);
    expect([undefined, '', 'x', [csrf]].some((given) => isCsrf(csrf, given))).toBe(false);
  });

  test('of any length is stored in cookies that scripts cannot read', () => {
    const options = cookieFor(new URL('https://dash.example.com:8443'));
    for (const length of [1, 3_500, 3_501, 14_000]) {
      const text = 'a'.repeat(length);
      const cookies = cookiesFor(text, options) ?? [];
      for (const cookie of cookies)
        expect(cookie).toMatch(/^__Host-coxswain-8443-\d=a*; Path=\/; HttpOnly; SameSite=Strict; Secure/);
      const header = cookies.map((cookie) => cookie.split(';')[0]).join('; ');
      expect(textInCookies(`other=1; ${header}`, options)).toBe(text);
    }
    expect(cookiesFor('a'.repeat(14_001), options)).toBeUndefined();
    expect(
      textInCookies(
        clearedCookies(options)
          .map((cookie) => cookie.split(';')[0])
          .join('; '),
        options,
      ),
    ).toBeUndefined();
  });
});

test('a code signs in once, within a minute, and only the newest one does', () => {
  const codes = new OneTimeCodes();
  const [first, second] = [codes.issue(0), codes.issue(0)];
  expect(codes.redeem(first, 1)).toBe(false);
  expect(codes.redeem(second, 59_999)).toBe(true);
  expect(codes.redeem(second, 59_999)).toBe(false);
  expect(codes.redeem(codes.issue(0), 60_000)).toBe(false);
});

describe('a proxy', () => {
  const options = { secret: 's3cret', secretHeader: 'X-Secret', userHeader: 'X-User', groupsHeader: 'X-Groups' };

  test('names the user and the groups', () => {
    const headers = { 'x-secret': ['s3cret'], 'x-user': ['mia'], 'x-groups': ['devs, ops,'] };
    expect(userFromProxy(headers, options)).toEqual({ user: 'mia', groups: ['devs', 'ops'] });
    const inBytes = { ...headers, 'x-groups': [Buffer.from('研发').toString('latin1')] };
    expect(userFromProxy(inBytes, options)).toEqual({ user: 'mia', groups: ['研发'] });
  });

  test.each([
    [{ 'x-user': ['mia'] }, 401],
    [{ 'x-secret': ['other'], 'x-user': ['mia'] }, 401],
    [{ 'x-secret': ['s3cret'] }, 401],
    [{ 'x-secret': ['s3cret'], 'x-user': ['mia', 'ann'] }, 401],
    [{ 'x-secret': ['other', 's3cret'], 'x-user': ['mia'] }, 401],
    [{ 'x-secret': ['s3cret'], 'x-user': ['system:admin'] }, 403],
    [{ 'x-secret': ['s3cret'], 'x-user': ['mia'], 'x-groups': ['devs,system:masters'] }, 403],
    [{ 'x-secret': ['s3cret'], 'x-user': ['mia'], 'x-groups': ['devs', 'system:masters'] }, 403],
  ])('that sends %j is refused', (headers, status) => {
    expect(() => userFromProxy(headers, options)).toThrow(expect.objectContaining({ status }));
  });
});

describe('a path', () => {
  const routes = [
    { method: 'GET', pattern: '/api/releases/:namespace/:name', target: 'one' },
    { method: 'POST', pattern: '/api/sign-in', target: 'in' },
  ] as const;

  test('leads to its route', () => {
    const params = { namespace: 'shop', name: 'a b' };
    expect(routeOf(routes, 'GET', '/api/releases/shop/a%20b')).toEqual({ target: 'one', params });
    for (const path of ['/api/releases/shop', '/api/releases/shop/', '/api/releases/shop/a/b', '/'])
      expect(routeOf(routes, 'GET', path)).toBeUndefined();
  });

  test('is refused with another method, or when badly encoded', () => {
    expect(() => routeOf(routes, 'GET', '/api/sign-in')).toThrow('GET is not allowed');
    expect(() => routeOf(routes, 'HEAD', '/api/releases/shop/web')).toThrow('HEAD is not allowed');
    expect(() => routeOf(routes, 'GET', '/api/releases/shop/%ff')).toThrow('not encoded');
  });
});

test.each([
  [undefined, 'an action is missing'],
  [{ action: { do: 'constructor' } }, 'is not an action'],
  [{ action: { do: 'rollback', version: '1' } }, 'version of rollback has to be a number'],
  [{ action: { do: 'rollback', version: 0.5 } }, 'no such version'],
  [{ action: { do: 'edit' } }, 'nothing is changed'],
  [{ action: { do: 'edit', values: { a: 1 } } }, 'values of edit has to be a string'],
  [{ action: { do: 'install', registry: 'file:///etc', chart: 'a' } }, 'a registry is'],
  [{ action: { do: 'install', registry: 'oci://host/x', chart: '--kubeconfig=x' } }, 'name of a chart'],
])('a body of %j is refused', (body, message) => {
  expect(() => actionRequestOf(body)).toThrow(message);
});

test('unknown fields of an action are ignored', () => {
  const action = { do: 'suspend', spec: { serviceAccountName: 'admin' } };
  expect(actionRequestOf({ action, generation: 3, more: 1 })).toEqual({ action: { do: 'suspend' }, generation: 3 });
});
