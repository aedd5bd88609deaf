import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { LOOPBACK, proxySettingsIn } from '../../registry-client/index.ts';
import type { ConnectionOptions, Credentials } from '../../registry-client/index.ts';
import { CliError, reasonOf } from '../errors.ts';
import type { Environment } from './credential-helper.ts';
import { credentialsInFile } from './docker-config.ts';

/** Helm's options for how a registry is reached, for `readArguments`; `token-server` is not among Helm's. */
export const REGISTRY_OPTIONS = {
  username: { type: 'string' },
  password: { type: 'string' },
  'password-stdin': { type: 'boolean' },
  'ca-file': { type: 'string' },
  'cert-file': { type: 'string' },
  'key-file': { type: 'string' },
  'plain-http': { type: 'boolean' },
  'token-server': { type: 'string', multiple: true },
} as const;

/** The part of a command's usage about them. */
export const REGISTRY_USAGE = `  --username USER, --password PASSWORD or --password-stdin
                          default: Helm's registry configuration, then docker's, with their credential helpers
  --ca-file FILE          the certificate authorities to trust, in PEM, instead of the system's
  --cert-file FILE, --key-file FILE   a client certificate and its key
  --plain-http            allow a registry without TLS; on this machine it is always allowed
  --token-server URL      a token server on another host that may be told the password; may be repeated`;

/** What the user chose. */
export interface RegistryFlags {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly 'password-stdin'?: boolean | undefined;
  readonly 'ca-file'?: string | undefined;
  readonly 'cert-file'?: string | undefined;
  readonly 'key-file'?: string | undefined;
  readonly 'plain-http'?: boolean | undefined;
  readonly 'token-server'?: readonly string[] | undefined;
}

/**
 * How to reach the registry (`oci://host/space` or `https://host/path`) as the user means it. Credentials for OCI registries come, as
 * in Helm, from the flags, from Helm's registry configuration, or from docker's. Throws CliError.
 */
export async function connectionFor(
  flags: RegistryFlags,
  registry: string,
  name = '',
  environment: Environment = process.env,
): Promise<ConnectionOptions> {
  const [ca, cert, key] = await Promise.all([flags['ca-file'], flags['cert-file'], flags['key-file']].map(pemOf));
  if ((cert === undefined) !== (key === undefined)) {
    throw new CliError('Usage', '--cert-file and --key-file must be given together');
  }
  const given = await givenCredentials(flags);
  const [, repository] = /^oci:\/\/(.+)$/.exec(registry) ?? [];
  const kept = repository === undefined ? undefined : () => keptCredentials(`${repository}/${name}`, environment);
  return {
    credentials: given ?? (await kept?.()),
    tls: { ca, cert, key },
    allowPlainHttp: flags['plain-http'] ?? false,
    tokenServers: flags['token-server']?.map(originOf),
    // Whoever types a command may reach what runs on the machine.
    network: { allow: LOOPBACK },
    proxy: proxySettingsIn(environment),
    userAgent: 'kubectl-release',
  };
}

/** The files that hold credentials, in the order in which they are asked. */
export function credentialFiles(environment: Environment): string[] {
  const { HELM_REGISTRY_CONFIG, HELM_CONFIG_HOME, XDG_CONFIG_HOME, DOCKER_CONFIG } = environment;
  const home = environment['HOME'] || homedir();
  const preferences = process.platform === 'darwin' ? join(home, 'Library', 'Preferences') : join(home, '.config');
  const helm = HELM_CONFIG_HOME || join(XDG_CONFIG_HOME || preferences, 'helm');
  return [
    HELM_REGISTRY_CONFIG || join(helm, 'registry', 'config.json'),
    join(DOCKER_CONFIG || join(home, '.docker'), 'config.json'),
  ];
}

async function keptCredentials(repository: string, environment: Environment): Promise<Credentials | undefined> {
  for (const file of credentialFiles(environment)) {
    const credentials = await credentialsInFile(file, repository, environment);
    if (credentials !== undefined) return credentials;
  }
  return undefined;
}

async function givenCredentials(flags: RegistryFlags): Promise<Credentials | undefined> {
  const { username, password, 'password-stdin': isPiped = false } = flags;
  if (username === undefined && password === undefined && !isPiped) return undefined;
  if (username === undefined || (password === undefined) !== isPiped) {
    throw new CliError('Usage', '--username needs either --password or --password-stdin');
  }
  return { username, password: password ?? (await pipedPassword()) };
}

/** Standard input can be read once, and a copy needs it for both registries. */
let piped: Promise<string> | undefined;

async function pipedPassword(): Promise<string> {
  piped ??= text(process.stdin);
  // As docker does: echo and editors end a line where a password does not.
  return (await piped).replace(/\r?\n$/, '');
}

/** The flags for the registry `other`: those for `registry`, without its user and password if it is a different one. */
export function flagsFor<Flags extends RegistryFlags>(flags: Flags, registry: string, other: string): Flags {
  const hostOf = (url: string): string => url.split('/').slice(0, 3).join('/').toLowerCase();
  if (hostOf(registry) === hostOf(other)) return flags;
  return { ...flags, username: undefined, password: undefined, 'password-stdin': undefined };
}

async function pemOf(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new CliError('Unreadable', `${path} cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

function originOf(url: string): string {
  if (URL.canParse(url) && /^https?:/.test(url)) return new URL(url).origin;
  throw new CliError('Usage', `--token-server ${url} is not a URL such as https://HOST`);
}
