// The dashboard in a cluster: every request to the API server carries the token with which a viewer has signed in, or impersonates the user whom
// a provider or an authenticating proxy names.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connect } from '../../kube/index.ts';
import { inTurns } from '../../turns/index.ts';
import { startDashboard } from './dashboard.ts';
import type { IdentityOptions } from './sign-in/identity.ts';
import { OIDC_FLAGS, oidcOptionsOf } from './sign-in/oidc/flags.ts';

const { values: flags } = parseArgs({
  options: {
    port: { type: 'string', default: '8083' },
    address: { type: 'string', default: '0.0.0.0' },
    host: { type: 'string' },
    'plain-http': { type: 'boolean', default: false },
    'cluster-name': { type: 'string', default: 'kubernetes' },
    'session-key-file': { type: 'string' },
    page: { type: 'string', default: join(import.meta.dirname, '..', 'page') },
    kubeconfig: { type: 'string' },
    ...OIDC_FLAGS,
    'trusted-proxy-secret-file': { type: 'string' },
    'trusted-proxy-secret-header': { type: 'string', default: 'X-Coxswain-Proxy-Secret' },
    'trusted-proxy-user-header': { type: 'string', default: 'X-Forwarded-User' },
    'trusted-proxy-groups-header': { type: 'string', default: 'X-Forwarded-Groups' },
  },
});

const USER_AGENT = 'coxswain-dashboard';

/** By tokens, by what a proxy says that knows the secret, or by a provider. */
async function identity(): Promise<IdentityOptions> {
  const access = flags.kubeconfig === undefined ? {} : { kubeconfig: flags.kubeconfig };
  const options = { userAgent: USER_AGENT, unreachable: 'error', inTurns, ...access } as const;
  const secretFile = flags['trusted-proxy-secret-file'];
  const oidc = await oidcOptionsOf(flags, process.env);
  if (oidc !== undefined) {
    if (secretFile !== undefined) throw new Error('people sign in by a proxy or by a provider, not by both');
    const { OidcSignIn } = await import('./sign-in/oidc/oidc-sign-in.ts');
    const client = await connect({ ...options, anonymous: oidc.identity === 'token' });
    return { way: 'oidc', client, oidc: new OidcSignIn(oidc) };
  }
  if (secretFile === undefined) return { way: 'token', client: await connect({ ...options, anonymous: true }) };
  const secret = (await readFile(secretFile, 'utf8')).trim();
  if (secret.length < MIN_SECRET)
    throw new Error(`the secret of the proxy must have at least ${MIN_SECRET} characters`);
  const proxy = {
    secret,
    secretHeader: flags['trusted-proxy-secret-header'],
    userHeader: flags['trusted-proxy-user-header'],
    groupsHeader: flags['trusted-proxy-groups-header'],
  };
  return { way: 'proxy', client: await connect(options), proxy };
}

const MIN_SECRET = 24;

const scheme = flags['plain-http'] ? 'http' : 'https';
const keyFile = flags['session-key-file'];
const running = await startDashboard({
  listen: { host: flags.address, port: Number(flags.port) },
  identity: await identity(),
  publicUrl: flags.host === undefined ? undefined : `${scheme}://${flags.host}`,
  page: flags.page,
  cluster: flags['cluster-name'],
  sessionKey: keyFile === undefined ? undefined : await readFile(keyFile),
  log: (line) => process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), message: line })}\n`),
});
process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), message: `serving ${running.url}` })}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void running.close().then(() => process.exit(0)));
