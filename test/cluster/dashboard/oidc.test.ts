import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ListEvents, Viewer } from '../../../dashboard/api/index.ts';
import { startDashboard, type RunningDashboard } from '../../../dashboard/server/index.ts';
import { OidcSignIn, type OidcOptions } from '../../../dashboard/server/sign-in/oidc/oidc-sign-in.ts';
import { connect, whoAmI } from '../../../kube/index.ts';
import { startControlPlane, type ControlPlane } from '../../control-plane/index.ts';
import { findFreePort } from '../../control-plane/processes/ports.ts';
import { established, kubectlFor } from '../../support/cluster/kubectl.ts';
import { placeholderPage, Visitor, type Answer } from '../../support/dashboard.ts';
import { failureOf, returnFromProvider, signInAs } from '../../support/oidc/browser.ts';
import { signIn } from '../../support/oidc/code-flow.ts';
import { startProvider, type Provider } from '../../support/oidc/provider.ts';
import { readableNamespace } from '../../support/oidc/readable-namespace.ts';

const ANN = { name: 'ann', password: 'pear', email: 'ann@orchard.example', groups: ['orchard', '果园'] };
const BOB = { name: 'bob', password: 'grape', email: 'bob@vine.example', groups: ['vineyard'] };
const EVE = { name: 'eve', password: 'apple', email: 'eve@vine.example', groups: ['system:masters'] };
const CALLBACK = '/api/sign-in/oidc/callback';
const SECRET = 'a secret of the client';

const logged: string[] = [];
const closing: (() => Promise<void>)[] = [];
/** Known to the API server; its client has a secret. */
let provider: Provider;
/** Known to the API server for another client only. */
let other: Provider;
/** Not known to it; its tokens are good for seconds. */
let brief: Provider;
let controlPlane: ControlPlane;
let page: string;
let port: number;
let dashboard: RunningDashboard;

beforeAll(async () => {
  page = await placeholderPage();
  port = await findFreePort();
  const users = [ANN, BOB, EVE];
  provider = await startProvider({
    users,
    client: { id: 'dashboard', secret: SECRET, redirect: `http://127.0.0.1:${port}${CALLBACK}` },
  });
  // A public client may come back to any port of this machine.
  const client = { id: 'dashboard', redirect: `http://127.0.0.1${CALLBACK}` };
  other = await startProvider({ users, client });
  brief = await startProvider({ users, client, lifetime: '10s' });
  controlPlane = await startControlPlane({ nodes: 1, authentication: authenticationByBoth() });
  const kubectl = kubectlFor(controlPlane);
  await kubectl('create', '-f', join(import.meta.dirname, '..', '..', '..', 'crds', 'releases.yaml'));
  await established(kubectl, 'releases.coxswain.dev');
  for (const [namespace, group] of [
    ['orchard', 'orchard'],
    ['vineyard', 'vineyard'],
    ['grove', '果园'],
  ] as const)
    await readableNamespace(kubectl, namespace, [group, `oidc:${group}`]);
  dashboard = await dashboardBy({ clientSecret: SECRET }, { listenAt: port });
}, 1_200_000);

afterAll(async () => {
  for (const close of closing) await close();
  await controlPlane?.stop();
  for (const each of [provider, other, brief]) await each?.stop();
  expect(logged).toEqual([]);
});

type Jwt = { issuer: { audiences: string[] } };

function authenticationByBoth(): object {
  const jwtOf = ({ authentication }: Provider): Jwt[] => (authentication as { jwt: Jwt[] }).jwt;
  const forAnother = jwtOf(other).map((jwt) => ({ ...jwt, issuer: { ...jwt.issuer, audiences: ['somebody-else'] } }));
  return { ...provider.authentication, jwt: [...jwtOf(provider), ...forAnother] };
}

/** A dashboard whose viewers sign in so. */
async function dashboardBy(
  options: Partial<OidcOptions> & { readonly by?: Provider },
  { listenAt = 0, publicUrl }: { listenAt?: number; publicUrl?: string } = {},
): Promise<RunningDashboard> {
  const { by = provider, ...own } = options;
  const oidc: OidcOptions = {
    issuer: by.issuer,
    clientId: 'dashboard',
    scopes: 'openid email',
    ca: await readFile(by.certificate, 'utf8'),
    identity: 'token',
    ...own,
  };
  const { kubeconfig } = controlPlane;
  const client = await connect({ kubeconfig, anonymous: oidc.identity === 'token', unreachable: 'error' });
  const running = await startDashboard({
    listen: { host: '127.0.0.1', port: listenAt },
    publicUrl,
    identity: { way: 'oidc', client, oidc: new OidcSignIn(oidc) },
    page,
    cluster: 'test',
    sessionKey: Buffer.alloc(32, 1),
    log: (line) => logged.push(line),
  });
  closing.push(async () => {
    await running.close();
    await client.close();
  });
  return running;
}

/** Another process at the same address, to which a browser that began at the first comes back. */
async function replicaBy(clientSecret: string): Promise<(visitor: Visitor, search: string) => Promise<Answer>> {
  const listenAt = await findFreePort();
  await dashboardBy({ clientSecret }, { listenAt, publicUrl: dashboard.url });
  const { host } = new URL(dashboard.url);
  return async (visitor, search) => {
    const landed = await visitor.ask(`http://127.0.0.1:${listenAt}${CALLBACK}${search}`, { headers: { host } });
    expect(landed).toMatchObject({ status: 303, headers: { location: '/' } });
    return landed;
  };
}

const IMPERSONATE = { usernameClaim: 'email', groupsClaim: 'groups', groupsPrefix: 'oidc:' };

async function rowsIn(visitor: Visitor, namespace: string): Promise<string[]> {
  const path = `/api/live/releases?namespace=${namespace}`;
  const { releases } = await visitor.first<ListEvents['snapshot']>(path, 'snapshot');
  return releases.map((row) => `${row.namespace}/${row.name}`);
}

describe('a user who signs in at the provider that the cluster trusts', () => {
  test('sees what the user’s groups may see, and no more', async () => {
    const ann = await signInAs(dashboard, ANN, provider);
    expect((await ann.ask('/api/viewer')).json).toMatchObject({
      user: ANN.email,
      groups: [...ANN.groups, 'system:authenticated'],
      signOut: true,
    });
    expect(await rowsIn(ann, 'orchard')).toEqual(['orchard/app']);
    expect(await rowsIn(ann, 'grove')).toEqual(['grove/app']);
    expect(await rowsIn(ann, 'vineyard')).toEqual([]);
    const bob = await signInAs(dashboard, BOB, provider);
    expect(await rowsIn(bob, 'vineyard')).toEqual(['vineyard/app']);
    expect(await rowsIn(bob, 'orchard')).toEqual([]);
    await bob.ask('/api/sign-out', { method: 'POST' });
    expect(await bob.ask('/api/viewer')).toMatchObject({ status: 401 });
  });

  test('shows the token to no script and in no address, and may return to another replica', async () => {
    const replica = await replicaBy(SECRET);
    const ann = new Visitor(dashboard.url);
    const begun = await ann.ask('/api/sign-in/oidc');
    expect(begun.headers['set-cookie']).toEqual([expect.stringMatching(/; HttpOnly; SameSite=Lax$/)]);
    const address = new URL(begun.headers.location ?? '');
    expect(Object.fromEntries(address.searchParams)).toMatchObject({
      code_challenge_method: 'S256',
      scope: 'openid email',
    });
    const answer = await signIn(provider, address, ANN);
    const landed = await replica(ann, `${answer.search}&next=https://evil.example`);
    expect(await ann.ask('/api/viewer')).toMatchObject({ status: 200 });
    const kept = (landed.headers['set-cookie'] ?? []).filter((cookie) => !cookie.includes('Max-Age=0'));
    expect(kept).toEqual([expect.stringMatching(/; HttpOnly; SameSite=Strict$/)]);
    expect(JSON.stringify(landed.headers)).not.toContain('eyJ');
  });

  test('is told why a sign-in failed', async () => {
    const refused = new Visitor(dashboard.url);
    const begun = await refused.ask('/api/sign-in/oidc');
    const state = new URL(begun.headers.location ?? '').searchParams.get('state') ?? '';
    await returnFromProvider(refused, new URL(`${dashboard.url}${CALLBACK}?error=access_denied&state=${state}`));
    expect(await failureOf(refused)).toMatchObject({
      code: 'SignInRefused',
      message: expect.stringContaining('access_denied'),
    });
    const misled = new Visitor(dashboard.url);
    const back = await signIn(provider, (await misled.ask('/api/sign-in/oidc')).headers.location ?? '', ANN);
    await (
      await replicaBy('another secret')
    )(misled, back.search);
    expect(await failureOf(misled)).toMatchObject({ code: 'ProviderRefused' });
    await expect(signIn(provider, begun.headers.location ?? '', { ...ANN, password: 'plum' })).rejects.toThrow(
      'leads nowhere',
    );
    const untrusted = new Visitor((await dashboardBy({ ca: undefined })).url);
    expect(await untrusted.ask('/api/sign-in/oidc')).toMatchObject({ status: 303, headers: { location: '/' } });
    expect(await failureOf(untrusted)).toMatchObject({
      code: 'ProviderUnreachable',
      message: expect.stringContaining('self-signed certificate'),
    });
  });
});

describe('sign-in is refused', () => {
  test('with an answer to a sign-in that was not begun here, was another one, or is over', async () => {
    const [ann, bob] = [new Visitor(dashboard.url), new Visitor(dashboard.url)];
    const begun = await ann.ask('/api/sign-in/oidc');
    const cookie = begun.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    const answer = await signIn(provider, begun.headers.location ?? '', ANN);

    const stranger = new Visitor(dashboard.url);
    await returnFromProvider(stranger, answer);
    expect(await failureOf(stranger)).toMatchObject({ message: expect.stringContaining('has not begun') });

    const forged = new URL(answer);
    forged.searchParams.set('state', 'guessed');
    const guesser = new Visitor(dashboard.url, { cookie });
    expect(await guesser.ask(forged.pathname + forged.search)).toMatchObject({ headers: { location: '/' } });
    expect(await guesser.ask('/api/viewer')).toMatchObject({ status: 401 });

    // Ann's code in Bob's browser.
    const own = await bob.ask('/api/sign-in/oidc');
    const injected = new URL(answer);
    injected.searchParams.set('state', new URL(own.headers.location ?? '').searchParams.get('state') ?? '');
    await returnFromProvider(bob, injected);
    expect(await failureOf(bob)).toMatchObject({
      code: 'Unauthorized',
      message: expect.stringContaining('invalid_grant'),
    });
  });

  test('with a code that was already used', async () => {
    const ann = new Visitor(dashboard.url);
    const begun = await ann.ask('/api/sign-in/oidc');
    const cookie = begun.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    const answer = await signIn(provider, begun.headers.location ?? '', ANN);
    await returnFromProvider(ann, answer);
    expect(await ann.ask('/api/viewer')).toMatchObject({ status: 200 });
    const thief = new Visitor(dashboard.url);
    await thief.ask(answer.pathname + answer.search, { headers: { cookie } });
    expect(await failureOf(thief)).toMatchObject({ code: 'Unauthorized' });
  });

  test('with a token issued for another client', async () => {
    const at = await dashboardBy({ by: other });
    const ann = await signInAs(at, ANN, other);
    expect(await failureOf(ann)).toMatchObject({ message: 'the cluster does not take what the provider says of you' });
  });
});

describe('where the cluster does not know the provider', () => {
  // One group is named by HTTP/2, more of them by HTTP/1.1.
  test.each([[['果园']], [['果园', 'orchard']]])(
    'group names in any script can be impersonated: %j',
    async (groups) => {
      const client = await connect({ kubeconfig: controlPlane.kubeconfig });
      try {
        expect(await whoAmI(client.as('梨', groups))).toMatchObject({
          username: '梨',
          groups: [...groups, 'system:authenticated'],
        });
      } finally {
        await client.close();
      }
    },
  );

  test('the user is impersonated with the configured prefixes, but never as a system user of the cluster', async () => {
    const at = await dashboardBy({ by: other, identity: IMPERSONATE });
    const ann = await signInAs(at, ANN, other);
    expect((await ann.ask('/api/viewer')).json).toMatchObject({
      user: ANN.email,
      groups: ['oidc:orchard', 'oidc:果园', 'system:authenticated'],
    });
    expect(await rowsIn(ann, 'orchard')).toEqual(['orchard/app']);
    expect(await rowsIn(ann, 'grove')).toEqual(['grove/app']);
    expect(await rowsIn(ann, 'vineyard')).toEqual([]);
    const unprefixed = await dashboardBy({ by: other, identity: { ...IMPERSONATE, groupsPrefix: '' } });
    const eve = await signInAs(unprefixed, EVE, other);
    expect(await failureOf(eve)).toMatchObject({
      code: 'Forbidden',
      message: expect.stringContaining("cluster's own"),
    });
  });

  test('a session ends when the provider’s token does, unless the provider renews it', async () => {
    const shortly = await dashboardBy({ by: brief, identity: IMPERSONATE });
    const at = await dashboardBy({ by: brief, identity: IMPERSONATE, scopes: 'openid email offline_access' });
    const lasting = await signInAs(at, ANN, brief);
    const before = (await lasting.ask('/api/viewer')).json as Viewer;
    const ending = await signInAs(shortly, ANN, brief);
    const path = '/api/live/releases?namespace=orchard';
    const [{ message }] = await Promise.all([
      ending.first<ListEvents['ended']>(path, 'ended'),
      // This window asks anew.
      expect(lasting.first(path, 'ended')).rejects.toThrow('without ended'),
    ]);
    expect(message).toContain('does not take this sign-in');
    expect(await ending.ask('/api/viewer')).toMatchObject({ status: 401 });
    expect(await ending.ask('/api/sign-in')).toMatchObject({ json: { ways: ['oidc'] } });
    // By now, the first one would have ended too.
    const after = await lasting.ask('/api/viewer');
    expect(after).toMatchObject({ status: 200, headers: { 'set-cookie': expect.anything() } });
    expect(after.json).toEqual({ ...before, now: expect.any(String) });
    expect(await rowsIn(lasting, 'orchard')).toEqual(['orchard/app']);
    expect(await lasting.send('/api/releases/orchard/app/actions', { action: { do: 'suspend' } })).toMatchObject({
      status: 403,
      json: { error: { code: 'Forbidden' } },
    });
  });
});
