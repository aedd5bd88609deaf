import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { connectionFor, credentialFiles, flagsFor } from '../../../../cli/registry/connection.ts';

const REGISTRY = 'oci://registry.example:5000/team';
const HELPER = `#!/bin/sh
read server
case "$server" in
  registry.example:5000) echo '{"Username":"helper","Secret":"h"}';;
  https://index.docker.io/v1/) echo '{"Username":"hub","Secret":"h"}';;
  *) echo "credentials not found in native keychain"; exit 1;;
esac
`;
let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'credentials-'));
  await write('bin/docker-credential-test', HELPER, 0o755);
});
afterEach(() => rm(home, { recursive: true }));

async function write(path: string, content: unknown, mode = 0o600): Promise<void> {
  await mkdir(dirname(join(home, path)), { recursive: true });
  await writeFile(join(home, path), typeof content === 'string' ? content : JSON.stringify(content), { mode });
}
const auth = (user: string): object => ({ auth: Buffer.from(`${user}:p`).toString('base64') });
const auths = (user: string, host = 'registry.example:5000'): object => ({ auths: { [host]: auth(user) } });
const environment = (more: Record<string, string> = {}) => ({
  HOME: home,
  PATH: `${home}/bin:${process.env['PATH']}`,
  HELM_CONFIG_HOME: join(home, 'helm'),
  ...more,
});
const userFor = async (registry = REGISTRY, more: Record<string, string> = {}): Promise<unknown> => {
  const { credentials } = await connectionFor({}, registry, 'web', environment(more));
  return credentials !== undefined && 'username' in credentials ? credentials.username : credentials;
};

describe('credentials come', () => {
  test('from nowhere if there are none', async () => {
    await expect(userFor()).resolves.toBeUndefined();
  });

  test('from docker’s configuration', async () => {
    await write('.docker/config.json', auths('docker'));
    await expect(userFor()).resolves.toBe('docker');
    await expect(userFor('oci://other.example/team')).resolves.toBeUndefined();
  });

  test('from where DOCKER_CONFIG says', async () => {
    await write('.docker/config.json', auths('docker'));
    await write('elsewhere/config.json', auths('elsewhere'));
    await expect(userFor(REGISTRY, { DOCKER_CONFIG: join(home, 'elsewhere') })).resolves.toBe('elsewhere');
  });

  test('from Helm’s own file first, and from the one in HELM_REGISTRY_CONFIG', async () => {
    await write('.docker/config.json', auths('docker'));
    await write('helm/registry/config.json', auths('helm'));
    await expect(userFor()).resolves.toBe('helm');
    await write('own.json', auths('own'));
    await expect(userFor(REGISTRY, { HELM_REGISTRY_CONFIG: join(home, 'own.json') })).resolves.toBe('own');
    await write('own.json', auths('own', 'other.example'));
    await expect(userFor(REGISTRY, { HELM_REGISTRY_CONFIG: join(home, 'own.json') })).resolves.toBe('docker');
  });

  test('from the flags before anything else', async () => {
    await write('helm/registry/config.json', auths('helm'));
    const flags = { username: 'ada', password: 'p' };
    const { credentials } = await connectionFor(flags, REGISTRY, 'web', environment());
    expect(credentials).toEqual(flags);
  });

  test('from the helper for the host, before the one for all hosts and before the file', async () => {
    const credHelpers = { 'registry.example:5000': 'test' };
    await write('.docker/config.json', { ...auths('docker'), credHelpers, credsStore: 'missing' });
    await expect(userFor()).resolves.toBe('helper');
    await write('.docker/config.json', { ...auths('docker'), credsStore: 'test' });
    await expect(userFor()).resolves.toBe('helper');
    await write('.docker/config.json', { ...auths('docker'), credHelpers: { 'other.example': 'missing' } });
    await expect(userFor()).resolves.toBe('docker');
  });

  test('from docker’s where Helm’s helper has none', async () => {
    await write('helm/registry/config.json', { credsStore: 'test' });
    await write('.docker/config.json', auths('docker', 'other.example'));
    await expect(userFor('oci://other.example/team')).resolves.toBe('docker');
  });

  test('for Docker Hub under the name that docker keeps it', async () => {
    await write('.docker/config.json', { credsStore: 'test' });
    await expect(userFor('oci://registry-1.docker.io/team')).resolves.toBe('hub');
    await write('.docker/config.json', auths('file', 'https://index.docker.io/v1/'));
    await expect(userFor('oci://docker.io/team')).resolves.toBe('file');
  });

  test('as an identity token too', async () => {
    await write('.docker/config.json', { auths: { 'registry.example:5000': { ...auth('x'), identitytoken: 't' } } });
    await expect(userFor()).resolves.toEqual({ identityToken: 't' });
  });

  test('for a classic repository only from the flags, as in Helm', async () => {
    await write('.docker/config.json', auths('docker'));
    await expect(userFor('https://registry.example:5000/team')).resolves.toBeUndefined();
  });
});

describe('an unusable configuration', () => {
  test.each([
    ['no JSON', '{"auths": "s3cret', 'Unreadable'],
    ['no object', '["s3cret"]', 'Unreadable'],
    ['a helper of another folder (R9)', { credHelpers: { 'registry.example:5000': '../../evil' } }, 'HelperFailed'],
    ['a user name with a newline (R9)', auths('a\nb'), 'InvalidCredentials'],
  ])('%s', async (_, content, code) => {
    await write('.docker/config.json', content);
    const error: Error = await userFor().then(
      () => new Error('found'),
      (thrown) => thrown,
    );
    expect(error).toMatchObject({ code });
    expect(error.message).not.toContain('s3cret');
  });

  test.each([
    [{ username: 'ada' }],
    [{ password: 'p' }],
    [{ 'password-stdin': true }],
    [{ username: 'ada', password: 'p', 'password-stdin': true }],
    [{ 'cert-file': 'x' }],
    [{ 'key-file': 'x' }],
    [{ 'token-server': ['auth.example'] }],
  ])('%j is a usage error', async (flags) => {
    await write('x', 'pem');
    const given = Object.fromEntries(
      Object.entries(flags).map(([name, value]) => [name, value === 'x' ? join(home, 'x') : value]),
    );
    await expect(connectionFor(given, REGISTRY, 'web', environment())).rejects.toMatchObject({ code: 'Usage' });
  });

  test('a missing certificate file', async () => {
    const flags = { 'ca-file': join(home, 'none.pem') };
    await expect(connectionFor(flags, REGISTRY, 'web', environment())).rejects.toMatchObject({ code: 'Unreadable' });
  });
});

test('flags become options', async () => {
  await write('ca.pem', 'authority');
  const flags = { 'ca-file': join(home, 'ca.pem'), 'plain-http': true, 'token-server': ['https://auth.example/token'] };
  await expect(connectionFor(flags, REGISTRY, 'web', environment())).resolves.toMatchObject({
    tls: { ca: 'authority', cert: undefined, key: undefined },
    allowPlainHttp: true,
    tokenServers: ['https://auth.example'],
  });
});

test('a password is used for one registry only', () => {
  const flags = { username: 'ada', password: 'p', 'password-stdin': true, 'plain-http': true };
  expect(flagsFor(flags, 'oci://a.example/dev', 'oci://A.example/prod')).toEqual(flags);
  for (const other of ['oci://b.example/dev', 'https://a.example/dev', 'oci://a.example:444/dev']) {
    expect(flagsFor(flags, 'oci://a.example/dev', other)).toEqual({ 'plain-http': true });
  }
});

test('files are looked for where Helm and docker keep them', () => {
  const files = (more: Record<string, string>) => credentialFiles({ HOME: '/h', ...more });
  expect(files({ XDG_CONFIG_HOME: '/x' })).toEqual(['/x/helm/registry/config.json', '/h/.docker/config.json']);
  expect(files({ HELM_CONFIG_HOME: '/c', DOCKER_CONFIG: '/d' })).toEqual(['/c/registry/config.json', '/d/config.json']);
});
