import { readFile } from 'node:fs/promises';
import type { ClaimMapping } from './claims.ts';
import type { OidcOptions } from './oidc-sign-in.ts';

/** The flags about a provider by which people sign in, for `parseArgs`. */
export const OIDC_FLAGS = {
  'oidc-issuer': { type: 'string' },
  'oidc-client-id': { type: 'string' },
  'oidc-client-secret-file': { type: 'string' },
  'oidc-scopes': { type: 'string', default: 'openid profile email' },
  'oidc-ca-file': { type: 'string' },
  'oidc-identity': { type: 'string', default: 'token' },
  'oidc-username-claim': { type: 'string', default: 'sub' },
  'oidc-username-prefix': { type: 'string' },
  'oidc-groups-claim': { type: 'string' },
  'oidc-groups-prefix': { type: 'string', default: '' },
} as const;

type Flags = { readonly [Name in keyof typeof OIDC_FLAGS]?: string | undefined };

/** In place of a file. */
const SECRET_VARIABLE = 'COXSWAIN_OIDC_CLIENT_SECRET';

/**
 * What the flags say of a provider; undefined where they name none. Throws for what cannot be meant, and where a file cannot be read. The
 * secret may be in the environment in place of a file.
 */
export async function oidcOptionsOf(
  flags: Flags,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<OidcOptions | undefined> {
  const { 'oidc-issuer': issuer, 'oidc-client-id': clientId, 'oidc-client-secret-file': secretFile } = flags;
  if (issuer === undefined) return undefined;
  if (!URL.canParse(issuer) || new URL(issuer).protocol !== 'https:')
    throw new Error('--oidc-issuer has to be an address that begins with https://');
  if (clientId === undefined || clientId === '') throw new Error('--oidc-issuer needs --oidc-client-id');
  const caFile = flags['oidc-ca-file'];
  const secret = secretFile === undefined ? environment[SECRET_VARIABLE] : await readFile(secretFile, 'utf8');
  return {
    issuer,
    clientId,
    clientSecret: secret?.trim() || undefined,
    scopes: scopesIn(flags['oidc-scopes']),
    ca: caFile === undefined ? undefined : await readFile(caFile, 'utf8'),
    identity: identityIn(flags),
  };
}

function scopesIn(flag = ''): string {
  return [...new Set(['openid', ...flag.split(/[\s,]+/)])].filter((scope) => scope !== '').join(' ');
}

function identityIn(flags: Flags): 'token' | ClaimMapping {
  const identity = flags['oidc-identity'];
  if (identity === 'token') return identity;
  if (identity !== 'impersonate') throw new Error('--oidc-identity is token or impersonate');
  return {
    usernameClaim: flags['oidc-username-claim'] ?? 'sub',
    // As kube-apiserver has it, an empty one is none that was given.
    usernamePrefix: flags['oidc-username-prefix'] || undefined,
    groupsClaim: flags['oidc-groups-claim'],
    groupsPrefix: flags['oidc-groups-prefix'] ?? '',
  };
}
