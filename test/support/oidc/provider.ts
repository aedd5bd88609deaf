import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBinaries } from '../../control-plane/binaries/binaries.ts';
import { findFreePort } from '../../control-plane/processes/ports.ts';
import { eventually } from '../eventually.ts';
import { tethered } from '../processes/tethered.ts';

/** One who can sign in. */
export type ProviderUser = {
  readonly name: string;
  readonly password: string;
  readonly email: string;
  readonly groups: readonly string[];
};

/** The client that a provider knows: it is public where it has no secret. `redirect` is where a browser comes back to. */
export type ProviderClient = { readonly id: string; readonly secret?: string; readonly redirect: string };

/** An OpenID provider at work, with PKCE, whose ID tokens have `email` and `groups`. */
export type Provider = {
  readonly issuer: string;
  /** The file of the certificate to trust, in PEM. */
  readonly certificate: string;
  /** An AuthenticationConfiguration by which an API server takes its tokens: users are emails, groups are as they are. */
  readonly authentication: object;
  stop(): Promise<void>;
};

/** Starts a provider on a free port and resolves when it answers; its ID tokens are valid for `lifetime`, in Go's notation. */
export async function startProvider(options: {
  readonly users: readonly ProviderUser[];
  readonly client: ProviderClient;
  readonly lifetime?: string;
}): Promise<Provider> {
  const { users, client, lifetime = '1h' } = options;
  const { 'oidc-provider': program } = await ensureBinaries(['oidc-provider']);
  const directory = await mkdtemp(join(tmpdir(), 'oidc-'));
  const certificate = join(directory, 'provider.crt');
  const usersFile = join(directory, 'users.json');
  await writeFile(usersFile, JSON.stringify(users));
  const address = `127.0.0.1:${await findFreePort()}`;
  const flags = { address, certificate, users: usersFile, client: client.id, redirect: client.redirect, lifetime };
  const args = Object.entries({ ...flags, secret: client.secret ?? '' }).map(([name, value]) => `-${name}=${value}`);
  const running = await tethered(join(directory, 'log'), [program, ...args], {});
  const issuer = `https://${address}`;
  await eventually(
    async () => statusOf(`${issuer}/.well-known/openid-configuration`, await readFile(certificate)),
    (status) => status === 200,
  );
  return {
    issuer,
    certificate,
    authentication: authenticationBy(issuer, client.id, await readFile(certificate, 'utf8')),
    stop: async () => {
      await running.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function authenticationBy(url: string, audience: string, certificateAuthority: string): object {
  return {
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'AuthenticationConfiguration',
    jwt: [
      {
        issuer: { url, audiences: [audience], certificateAuthority },
        claimMappings: { username: { claim: 'email', prefix: '' }, groups: { claim: 'groups', prefix: '' } },
      },
    ],
  };
}

async function statusOf(url: string, ca: Buffer): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { ca, agent: false }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode));
    });
    sent.on('error', reject).end();
  });
}
