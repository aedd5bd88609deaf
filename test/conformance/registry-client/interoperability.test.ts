import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { ensureBinaries } from '../../control-plane/index.ts';
import { run } from '../../support/cluster/kubectl.ts';
import { pgpKey } from '../../support/charts/pgp-signer.ts';
import { certificates } from '../../unit/registry-client/support/certificates.ts';
import { serve, stopServers, trusted } from '../../unit/registry-client/support/server.ts';
import type { Handler } from '../../unit/registry-client/support/server.ts';
import { COLUMNS, type Outcome, pageOf, type Row } from './interoperability-page.ts';
import { startCraneRegistry, startRegistry } from './real-registry.ts';
import type { RealRegistry } from './real-registry.ts';
import { TOKENS, tokenServer } from './token-server.ts';
import { PLUGINS } from '../../support/command/command.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..', '..');
const TABLE = join(REPOSITORY, 'docs', 'interoperability.md');
const USER = 'ada';
const PASSWORD = 'pass:word';
const BASIC = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;
const TIMEOUT_MS = 300_000;

const rows: Row[] = [];
const running = new Set<RealRegistry>();
/** The program under test, and what it calls itself in the table. */
let helm: { readonly path: string; readonly version: string };
let root: string;
let environment: Record<string, string>;

afterAll(async () => {
  for (const registry of running) await registry.stop();
  await stopServers();
});

/** Makes a version of Helm, with a home of its own, the one that the checks run. */
async function useHelm(name: (typeof HELMS)[number]): Promise<void> {
  const programs = await ensureBinaries([name, 'registry', 'crane']);
  helm = { path: programs[name], version: await versionOf(name) };
  root = await mkdtemp(join(tmpdir(), 'interoperability-'));
  environment = {
    HOME: root,
    HELM_CONFIG_HOME: join(root, 'config'),
    HELM_CACHE_HOME: join(root, 'cache'),
    DOCKER_CONFIG: join(root, 'docker'),
  };
  await writeFile(join(root, 'ca.pem'), certificates.ca);
  const key = await pgpKey('Ada');
  await writeFile(join(root, 'public.gpg'), key.keyring);
  await writeFile(join(root, 'secret.gpg'), key.secretKeyring);
  await runHelm('create', join(root, 'web'));
}

async function succeed(program: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run(program, args, { env: environment });
  if (code !== 0) throw new Error(`${basename(program)} ${args.join(' ')}: ${stderr}`);
  return stdout + stderr;
}
const runHelm = async (...args: string[]): Promise<string> => succeed(helm.path, args);
const plugin = async (...args: string[]): Promise<string> => succeed(join(PLUGINS, 'kubectl-release'), args);

/** Packs the chart by us, and by Helm with a signature, under versions of their own. */
async function packages(folder: string): Promise<{ ours: string; helms: string }> {
  await plugin('package', join(root, 'web'), '--version', '1.0.0+ours', '-d', folder);
  const signing = ['--sign', '--key', 'Ada', '--keyring', join(root, 'secret.gpg')];
  await runHelm('package', join(root, 'web'), '--version', '2.0.0-helm', '-d', folder, ...signing);
  return { ours: join(folder, 'web-1.0.0+ours.tgz'), helms: join(folder, 'web-2.0.0-helm.tgz') };
}

/** Packs the chart by Helm with its provenance beside it, for us to push. */
async function signedByHelm(folder: string): Promise<string> {
  // Not below the folder, where `helm repo index` would find it too.
  const signed = await mkdtemp(`${folder}-signed-`);
  const signing = ['--sign', '--key', 'Ada', '--keyring', join(root, 'secret.gpg')];
  await runHelm('package', join(root, 'web'), '--version', '3.0.0', '-d', signed, ...signing);
  return join(signed, 'web-3.0.0.tgz');
}

async function isSame(path: string, other: string): Promise<boolean> {
  return (await readFile(path)).equals(await readFile(other));
}

/** Runs the checks of a row and records how each ended; what failed is thrown after the last. */
async function note(
  row: Omit<Row, 'helm' | 'outcomes'>,
  checks: readonly ((() => Promise<boolean>) | undefined)[],
): Promise<void> {
  const failures: unknown[] = [];
  const outcomes: Outcome[] = [];
  for (const [index, check] of checks.entries()) {
    const isDone = await check?.().catch((error: unknown) => {
      failures.push(error);
      return false;
    });
    outcomes.push(isDone === undefined ? '–' : isDone ? 'yes' : 'no');
    if (isDone === false) failures.push(COLUMNS[index]);
  }
  rows.push({ helm: helm.version, ...row, outcomes });
  expect(failures).toEqual([]);
}

type Place = { title: string; transport: 'HTTP' | 'TLS'; authentication: string; start: () => Promise<RealRegistry> };

const token = async (): Promise<RealRegistry> => {
  const tokens = await serve(tokenServer({ authorization: BASIC }), trusted);
  tokenFlags = ['--token-server', tokens.origin];
  const authentication = { kind: 'token', realm: `${tokens.origin}/token`, ...TOKENS } as const;
  return startRegistry({ authentication, transport: 'https' });
};
const password = { kind: 'basic', username: USER, password: PASSWORD } as const;
let tokenFlags: string[] = [];

const PLACES: Place[] = [
  { title: 'distribution', transport: 'HTTP', authentication: 'none', start: () => startRegistry() },
  {
    title: 'distribution',
    transport: 'TLS',
    authentication: 'password',
    start: () => startRegistry({ authentication: password, transport: 'https' }),
  },
  { title: 'distribution', transport: 'TLS', authentication: 'token', start: token },
  { title: 'go-containerregistry', transport: 'HTTP', authentication: 'none', start: startCraneRegistry },
];

const HELMS = ['helm', 'helm4'] as const;

describe.each(HELMS)('%s and an OCI registry', (name) => {
  beforeAll(() => useHelm(name), 1_200_000);
  afterAll(() => rm(root, { recursive: true, force: true }));

  test.each(PLACES)(
    '$title over $transport, authentication: $authentication',
    async ({ title, transport, authentication, start }) => {
      tokenFlags = [];
      const registry = await start();
      running.add(registry);
      const folder = await mkdtemp(join(root, 'place-'));
      const { ours, helms } = await packages(folder);
      const signed = await signedByHelm(folder);
      const space = `oci://${registry.host}/team/charts`;
      const secured = transport === 'TLS' ? ['--ca-file', join(root, 'ca.pem')] : ['--plain-http'];
      const flags = [...secured, ...tokenFlags];
      const keyring = ['--keyring', join(root, 'public.gpg')];
      if (authentication !== 'none') {
        // Written by Helm, and read by both.
        await runHelm('registry', 'login', registry.host, '-u', USER, '-p', PASSWORD, ...secured);
      }
      await note({ registry: `${title} ${await versionOf(title)}`, transport, authentication }, [
        async () => {
          await plugin('push', ours, space, ...flags);
          await mkdir(join(folder, 'a'));
          await runHelm('pull', `${space}/web`, '--version', '1.0.0+ours', '-d', join(folder, 'a'), ...secured);
          return isSame(join(folder, 'a', 'web-1.0.0+ours.tgz'), ours);
        },
        async () =>
          (await runHelm('template', `${space}/web`, '--version', '1.0.0+ours', ...secured)).includes('Deployment'),
        async () => {
          await runHelm('push', helms, space, ...secured);
          await plugin('pull', `${space}/web:2.0.0-helm`, '-d', join(folder, 'b'), ...flags);
          return isSame(join(folder, 'b', 'web-2.0.0-helm.tgz'), helms);
        },
        async () => {
          const again = await plugin('push', helms, space, ...flags);
          await runHelm('push', ours, space, ...secured);
          await plugin('pull', `${space}/web:1.0.0_ours`, '-d', join(folder, 'c'), ...flags);
          return again.includes('unchanged') && (await isSame(join(folder, 'c', 'web-1.0.0+ours.tgz'), ours));
        },
        async () => {
          await plugin('push', signed, space, ...flags);
          await mkdir(join(folder, 'd'));
          const pulled = ['--version', '3.0.0', '-d', join(folder, 'd'), '--verify', ...keyring];
          // A copy keeps its provenance.
          await plugin('push', `${space}/web:3.0.0`, `${space}/copied`, ...flags);
          await plugin('pull', `${space}/copied/web:3.0.0`, '--prov', '-d', join(folder, 'd'), ...flags);
          const isKept = await isSame(join(folder, 'd', 'web-3.0.0.tgz.prov'), `${signed}.prov`);
          return isKept && (await runHelm('pull', `${space}/web`, ...pulled, ...secured)).includes('Ada');
        },
        async () => {
          const pulled = await plugin('pull', `${space}/web:2.0.0-helm`, '-d', join(folder, 'e'), ...keyring, ...flags);
          return pulled.includes('signed by Ada');
        },
        async () => {
          const charts = await plugin('charts', `oci://${registry.host}/team`, ...flags);
          const versions = await plugin('versions', `${space}/web`, ...flags);
          return charts === 'charts/copied/web\ncharts/web\n' && versions === '3.0.0\n2.0.0-helm\n1.0.0+ours\n';
        },
      ]);
    },
    TIMEOUT_MS,
  );
});

describe.each(HELMS)('%s and a classic repository', (name) => {
  beforeAll(() => useHelm(name), 1_200_000);
  afterAll(() => rm(root, { recursive: true, force: true }));

  test(
    'indexed by Helm, over TLS with a password',
    async () => {
      const folder = await mkdtemp(join(root, 'place-'));
      const { ours, helms } = await packages(folder);
      const signed = await signedByHelm(folder);
      for (const suffix of ['', '.prov']) await copyFile(`${signed}${suffix}`, join(folder, `web-3.0.0.tgz${suffix}`));
      await runHelm('repo', 'index', folder);
      const server = await serve(filesOf(folder), trusted);
      const repository = ['--repo', `${server.origin}/charts`];
      const flags = ['--ca-file', join(root, 'ca.pem'), '--username', USER, '--password', PASSWORD];
      const keyring = ['--keyring', join(root, 'public.gpg')];
      const pulledTo = (name: string): string[] => ['-d', join(folder, name), ...repository, ...flags];
      await note({ registry: 'classic, `helm repo index`', transport: 'TLS', authentication: 'password' }, [
        async () => {
          await mkdir(join(folder, 'a'));
          await runHelm('pull', 'web', '--version', '1.0.0+ours', ...pulledTo('a'));
          return isSame(join(folder, 'a', 'web-1.0.0+ours.tgz'), ours);
        },
        async () =>
          (await runHelm('template', 'web', '--version', '1.0.0+ours', ...repository, ...flags)).includes('Deployment'),
        async () => {
          await plugin('pull', 'web', '--version', '2.0.0-helm', ...pulledTo('b'));
          return isSame(join(folder, 'b', 'web-2.0.0-helm.tgz'), helms);
        },
        undefined,
        async () => {
          await mkdir(join(folder, 'd'));
          const verified = ['--version', '3.0.0', '--verify', ...keyring];
          return (await runHelm('pull', 'web', ...verified, ...pulledTo('d'))).includes('Ada');
        },
        async () => {
          const version = ['--version', '2.0.0-helm'];
          const pulled = await plugin('pull', 'web', ...version, ...keyring, ...pulledTo('e'));
          await plugin('pull', 'web', '--version', '3.0.0', '--prov', ...pulledTo('e'));
          const isKept = await isSame(join(folder, 'e', 'web-3.0.0.tgz.prov'), `${signed}.prov`);
          return isKept && pulled.includes('signed by Ada');
        },
        async () => {
          const charts = await plugin('charts', `${server.origin}/charts`, ...flags);
          const versions = await plugin('versions', 'web', ...repository, ...flags);
          return charts === 'web\n' && versions === '3.0.0\n2.0.0-helm\n1.0.0+ours\n';
        },
      ]);
    },
    TIMEOUT_MS,
  );
});

/** Serves the files of a folder below /charts/, to those with the password. */
function filesOf(folder: string): Handler {
  return async ({ url = '', headers }, response) => {
    if (headers.authorization !== BASIC) return void response.writeHead(401, { 'www-authenticate': 'Basic' }).end();
    const path = decodeURIComponent(url.replace('/charts/', ''));
    const file = await readFile(join(folder, path)).catch(() => undefined);
    if (file === undefined) response.writeHead(404).end();
    else response.end(file);
  };
}

const MODULES: Readonly<Record<string, [folder: string, module: string]>> = {
  distribution: ['registry', 'github.com/distribution/distribution/v3'],
  'go-containerregistry': ['crane', 'github.com/google/go-containerregistry'],
  helm: ['helm', 'helm.sh/helm/v3'],
  helm4: ['helm4', 'helm.sh/helm/v4'],
};

async function versionOf(program: string): Promise<string> {
  const [folder, module] = MODULES[program] ?? ['', ''];
  const goMod = await readFile(join(REPOSITORY, 'test', folder, 'go.mod'), 'utf8');
  return goMod.match(new RegExp(`${module} v(\\S+)`))?.[1] ?? '';
}

describe('docs/interoperability.md', () => {
  test('reports what was found; UPDATE_DOCS=1 rewrites it', async () => {
    const text = pageOf(rows, await Promise.all(HELMS.map(versionOf)));
    if (process.env['UPDATE_DOCS'] === '1') await writeFile(TABLE, text);
    expect(await readFile(TABLE, 'utf8')).toBe(text);
  });
});
