import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cookiesOf } from '../../../../dashboard/server/sign-in/cookies.ts';
import { identityOf, type IdentityOptions } from '../../../../dashboard/server/sign-in/identity.ts';
import { OidcSignIn } from '../../../../dashboard/server/sign-in/oidc/oidc-sign-in.ts';
import { providerFetch } from '../../../../dashboard/server/sign-in/oidc/provider-fetch.ts';
import { timesOf } from '../../../../dashboard/server/sign-in/oidc/session.ts';
import { Seal, type Session } from '../../../../dashboard/server/sign-in/seal.ts';
import { connect, type KubeClient } from '../../../../kube/index.ts';

const KUBECONFIG = `{
  "current-context": "a", "contexts": [{"name": "a", "context": {"cluster": "a", "user": "a"}}], "users": [{"name": "a", "user": {}}],
  "clusters": [{"name": "a", "cluster": {"server": "https://127.0.0.1:1"}}]
}`;

const keeping = { seal: new Seal(Buffer.alloc(32, 1)), cookie: { name: 'coxswain', isSecure: true } };
const sessions: Session[] = [
  { kind: 'kubeconfig', until: 9_000 },
  { kind: 'token', token: 'x', user: 'ann', until: 9_000 },
  { kind: 'oidc', id: 'i', subject: 'ann', as: { token: 'y' }, until: 9_000, ...timesOf(0, 8_000) },
];
const oidc = new OidcSignIn({ issuer: 'https://127.0.0.1:1', clientId: 'a', scopes: 'openid', identity: 'token' });
let client: KubeClient;

function optionsFor(way: 'kubeconfig' | 'token' | 'oidc'): IdentityOptions {
  return way === 'oidc' ? { way, client, oidc } : { way, client };
}

describe('a user with a session', () => {
  beforeAll(async () => {
    const kubeconfig = join(await mkdtemp(join(tmpdir(), 'identity-')), 'config');
    await writeFile(kubeconfig, KUBECONFIG);
    client = await connect({ kubeconfig });
  });
  afterAll(async () => client.close());

  test.each(sessions)('of $kind is known until it ends, where people sign in that way', async (session) => {
    const cookie = cookiesOf(keeping, session)
      .map((each) => each.split(';')[0])
      .join('; ');
    const options = optionsFor(session.kind);
    const known = await identityOf({ headers: { cookie }, headersDistinct: {} }, options, { ...keeping, nowMs: 5_000 });
    expect(known).toMatchObject({ identity: { hasSession: true } });
    expect(known.cookies).toBeUndefined();
    const refused = { status: 401, code: 'Unauthorized' };
    const late = identityOf({ headers: { cookie }, headersDistinct: {} }, options, { ...keeping, nowMs: 9_000 });
    await expect(late).rejects.toMatchObject(refused);
    for (const { kind } of sessions.filter((other) => other !== session)) {
      const elsewhere = identityOf({ headers: { cookie }, headersDistinct: {} }, optionsFor(kind), {
        ...keeping,
        nowMs: 5_000,
      });
      await expect(elsewhere).rejects.toMatchObject(refused);
    }
  });

  test('with two tokens is one user, whose streams count together', async () => {
    const keyOf = async (token: string, user: string): Promise<string> => {
      const cookies = cookiesOf(keeping, { kind: 'token', token, user, until: 9_000 });
      const cookie = cookies.map((each) => each.split(';')[0]).join('; ');
      const asked = { headers: { cookie }, headersDistinct: {} };
      return (await identityOf(asked, optionsFor('token'), { ...keeping, nowMs: 0 })).identity.key;
    };
    expect(await keyOf('x', 'ann')).toBe(await keyOf('y', 'ann'));
    expect(await keyOf('x', 'ann')).not.toBe(await keyOf('x', 'bob'));
  });

  test('is known, unlike one without a session', async () => {
    await expect(
      identityOf({ headers: {}, headersDistinct: {} }, optionsFor('token'), { ...keeping, nowMs: 0 }),
    ).rejects.toMatchObject({
      status: 401,
    });
  });
});

test('a provider receives forms unchanged', async () => {
  const server = createServer((request, response) => {
    request.setEncoding('utf8').on('data', (text: string) => response.end(`${request.method} ${text}`));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    const body = new URLSearchParams({ code: 'a b' });
    const answer = await providerFetch(undefined)(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      headers: {},
      body,
      redirect: 'manual',
    });
    expect(await answer.text()).toBe('POST code=a+b');
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
