import { readFile } from 'node:fs/promises';

import { isJsonObject } from '../../chart-renderer/index.ts';
import type { Json, JsonObject } from '../../chart-renderer/index.ts';
import { credentialsFor } from '../../registry-client/index.ts';
import type { Credentials } from '../../registry-client/index.ts';
import { CliError, isNotFound, reasonOf } from '../errors.ts';
import { askHelper } from './credential-helper.ts';
import type { Environment } from './credential-helper.ts';

const DOCKER_HUB = ['docker.io', 'index.docker.io', 'registry-1.docker.io'];
/** The name that docker and Helm keep Docker Hub's credentials under. */
const DOCKER_HUB_SERVER = 'https://index.docker.io/v1/';

/**
 * Finds the credentials for a repository (`host[:port]/space/name`) in a docker configuration file: by the host's own helper, else
 * by the helper for all hosts, else among those that the file holds. Undefined where it has none, or is not there. Throws CliError
 * Unreadable naming the file, HelperFailed, or RegistryError InvalidCredentials.
 */
export async function credentialsInFile(
  path: string,
  repository: string,
  environment: Environment,
): Promise<Credentials | undefined> {
  const config = await readConfig(path);
  if (config === undefined) return undefined;
  const [host = ''] = repository.split('/');
  const servers = DOCKER_HUB.includes(host) ? [DOCKER_HUB_SERVER, ...DOCKER_HUB] : [host];
  const helper = helperFor(config, servers);
  if (helper !== undefined) return askHelper(helper, servers[0] ?? host, environment);
  const { auths } = config;
  return isJsonObject(auths) ? credentialsFor(JSON.stringify({ auths }), repository) : undefined;
}

function helperFor({ credHelpers, credsStore }: JsonObject, servers: readonly string[]): string | undefined {
  const helpers: readonly (Json | undefined)[] = isJsonObject(credHelpers)
    ? servers.filter((server) => Object.hasOwn(credHelpers, server)).map((server) => credHelpers[server])
    : [];
  return [...helpers, credsStore].find((name): name is string => typeof name === 'string' && name !== '');
}

async function readConfig(path: string): Promise<JsonObject | undefined> {
  const text = await textOf(path);
  if (text === undefined) return undefined;
  try {
    const config = JSON.parse(text) as Json;
    if (isJsonObject(config)) return config;
  } catch {
    // The parser's message would quote the text, which holds secrets.
  }
  throw new CliError('Unreadable', `the credentials in ${path} cannot be read: that is not a JSON object`);
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (isNotFound(cause)) return undefined;
    throw new CliError('Unreadable', `the credentials in ${path} cannot be read: ${reasonOf(cause)}`, { cause });
  }
}
