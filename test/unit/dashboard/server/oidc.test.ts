import { afterEach, describe, expect, test } from '@jest/globals';
import { cookieFor, stepCookie, textOfStep } from '../../../../dashboard/server/sign-in/cookies.ts';
import { userInClaims } from '../../../../dashboard/server/sign-in/oidc/claims.ts';
import { oidcOptionsOf } from '../../../../dashboard/server/sign-in/oidc/flags.ts';
import { OidcSignIn } from '../../../../dashboard/server/sign-in/oidc/oidc-sign-in.ts';
import { endOfStream, timesOf } from '../../../../dashboard/server/sign-in/oidc/session.ts';
import { certificates } from '../../registry-client/support/certificates.ts';
import { serve, stopServers } from '../../registry-client/support/server.ts';

const CLAIMS = { iss: 'https://id.example', sub: '7', email: 'ann@example.com', groups: ['devs', '研发'], one: 'ops' };
const BY_SUB = { usernameClaim: 'sub', groupsPrefix: '' };

describe('the user named by an ID token', () => {
  test.each([
    [{}, 'https://id.example#7', []],
    [{ usernamePrefix: '-' }, '7', []],
    [{ usernamePrefix: 'oidc:' }, 'oidc:7', []],
    [{ usernameClaim: 'email' }, 'ann@example.com', []],
    [{ usernameClaim: 'email', groupsClaim: 'groups' }, 'ann@example.com', ['devs', '研发']],
    [{ usernameClaim: 'email', groupsClaim: 'one', groupsPrefix: 'o:' }, 'ann@example.com', ['o:ops']],
    [{ usernameClaim: 'email', groupsClaim: 'none' }, 'ann@example.com', []],
  ])('with %j is %s in %j, as for kube-apiserver', (mapping, user, groups) => {
    expect(userInClaims(CLAIMS, { ...BY_SUB, ...mapping })).toEqual({ user, groups });
  });

  test.each([
    [{}, { usernameClaim: 'login' }, 'claim "login" is missing'],
    [{ sub: 7 }, {}, 'claim "sub" is missing'],
    [{ email_verified: false }, { usernameClaim: 'email' }, 'not verified'],
    [{ email_verified: 'true' }, { usernameClaim: 'email' }, 'not verified'],
    [{ sub: 'system:admin' }, { usernamePrefix: '-' }, "cluster's own users"],
    [{ sub: 'admin' }, { usernamePrefix: 'system:' }, "cluster's own users"],
    [{ groups: ['devs', 'system:masters'] }, { groupsClaim: 'groups' }, "cluster's own users"],
    [{ groups: ['devs', ' system:masters'] }, { groupsClaim: 'groups' }, 'begin or end with a space'],
    [{ groups: ['devs', ''] }, { groupsClaim: 'groups' }, 'empty'],
    [{ sub: 'alice ' }, { usernamePrefix: '-' }, 'begin or end with a space'],
    [{ sub: '\u00a0system:admin' }, { usernamePrefix: '-' }, 'begin or end with a space'],
    [{ groups: [['devs']] }, { groupsClaim: 'groups' }, 'not a list of names'],
    [{ groups: ['a\r\nimpersonate-group: b'] }, { groupsClaim: 'groups' }, 'control characters'],
  ])('is refused with %j and %j', (claims, mapping, message) => {
    expect(() => userInClaims({ ...CLAIMS, ...claims }, { ...BY_SUB, ...mapping })).toThrow(message);
  });
});

describe('flags about a provider', () => {
  const flags = { 'oidc-issuer': 'https://id.example', 'oidc-client-id': 'dashboard', 'oidc-identity': 'token' };

  test('decide how people sign in', async () => {
    expect(await oidcOptionsOf({}, {})).toBeUndefined();
    expect(await oidcOptionsOf({ ...flags, 'oidc-scopes': 'email groups' }, {})).toMatchObject({
      scopes: 'openid email groups',
      clientSecret: undefined,
      identity: 'token',
    });
    expect(await oidcOptionsOf(flags, { COXSWAIN_OIDC_CLIENT_SECRET: 's3cret\n' })).toMatchObject({
      clientSecret: 's3cret',
    });
    expect(await oidcOptionsOf({ ...flags, 'oidc-identity': 'impersonate' }, {})).toMatchObject({ identity: BY_SUB });
    const emptyPrefix = { ...flags, 'oidc-identity': 'impersonate', 'oidc-username-prefix': '' };
    expect(await oidcOptionsOf(emptyPrefix, {})).toMatchObject({ identity: { usernamePrefix: undefined } });
  });

  test.each([
    [{ 'oidc-issuer': 'http://id.example' }, 'https://'],
    [{ 'oidc-issuer': 'id.example' }, 'https://'],
    [{ 'oidc-client-id': undefined }, 'needs --oidc-client-id'],
    [{ 'oidc-identity': 'guess' }, 'token or impersonate'],
    [{ 'oidc-ca-file': '/nowhere/ca.crt' }, 'no such file'],
  ])('are refused with %j', async (wrong, message) => {
    await expect(oidcOptionsOf({ ...flags, ...wrong }, {})).rejects.toThrow(message);
  });
});

describe('a step of a sign-in', () => {
  const options = cookieFor(new URL('https://dash.example.com'));
  const begun = { step: 'begun', sameSite: 'Lax' } as const;

  test('is kept in a cookie that no other host can set and no script can read', () => {
    const header = stepCookie(begun, 'abc', options);
    expect(header).toBe('__Host-coxswain-dashboard-begun=abc; Path=/; HttpOnly; SameSite=Lax; Secure');
    expect(textOfStep(begun, `a=1; ${header.split(';')[0]}`, options)).toBe('abc');
    expect(textOfStep({ step: 'failed', sameSite: 'Strict' }, header.split(';')[0], options)).toBeUndefined();
    expect(textOfStep(begun, undefined, options)).toBeUndefined();
  });

  test('is removed by an empty cookie', () => {
    const header = stepCookie(begun, '', options);
    expect(header).toContain('Max-Age=0');
    expect(textOfStep(begun, header.split(';')[0], options)).toBeUndefined();
  });
});

/** It can be renewed from 3,000 on. */
const session = {
  kind: 'oidc',
  id: 'a',
  subject: 'ann',
  as: { token: 'x' },
  until: 9_000,
  refreshToken: 'r',
  ...timesOf(0, 4_000),
} as const;

describe('a session whose provider cannot be reached for renewal', () => {
  const oidc = new OidcSignIn({
    issuer: 'https://127.0.0.1:1',
    clientId: 'dashboard',
    scopes: 'openid',
    identity: 'token',
  });
  test('continues as long as its token is valid', async () => {
    expect(await oidc.current(session, 2_999)).toBe(session);
    expect(await oidc.current(session, 3_999)).toBe(session);
    await expect(oidc.current(session, 4_000)).rejects.toMatchObject({ status: 502, code: 'ProviderUnreachable' });
  });

  test('continues to its end if it cannot be renewed', async () => {
    const own = { ...session, refreshToken: undefined };
    expect(await oidc.current(own, 3_999)).toBe(own);
  });
});

describe('a session whose provider renews without an ID token', () => {
  afterEach(stopServers);

  test('continues as it is until its token ends, and is not renewed again', async () => {
    const { serverCert: cert, serverKey: key, ca } = certificates;
    const provider = await serve(
      ({ method }, response) => {
        const { origin: issuer } = provider;
        const address = (path: string) => issuer + path;
        const about = { issuer, token_endpoint: address('/token'), authorization_endpoint: address('/') };
        const renewed = { access_token: 'a', token_type: 'bearer', refresh_token: 'next' };
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(method === 'POST' ? renewed : about));
      },
      { cert, key },
    );
    const oidc = new OidcSignIn({
      issuer: provider.origin,
      clientId: 'dashboard',
      scopes: 'openid',
      ca,
      identity: 'token',
    });
    const kept = await oidc.current(session, 3_000);
    expect(kept).toEqual({ ...session, refreshToken: undefined, until: 4_000 });
    expect(await oidc.current(kept, 3_500)).toBe(kept);
    await expect(oidc.current(session, 4_000)).rejects.toMatchObject({ status: 401, next: 'Sign in again.' });
    expect(provider.requests.map(({ path }) => path)).toEqual(['/.well-known/openid-configuration', '/token']);
  });
});

describe('the stream of a session', () => {
  test('ends with the session', () => {
    expect(endOfStream({ ...session, refreshToken: undefined }, 0)).toEqual({ at: 4_000, isRenewable: false });
  });

  test('ends when the session can be renewed, or with it if renewal has just failed', () => {
    expect(endOfStream(session, 0)).toEqual({ at: 3_000, isRenewable: true });
    expect(endOfStream(session, 3_000)).toEqual({ at: 4_000, isRenewable: true });
  });
});
