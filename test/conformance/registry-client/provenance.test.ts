import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';

import { LOOPBACK, pullChart, pushChart } from '../../../registry-client/index.ts';
import type { VerificationPolicy } from '../../../registry-client/index.ts';
import { ensureBinaries } from '../../control-plane/index.ts';
import { buildChart } from '../../support/charts/chart-builder.ts';
import { pgpKey, provenanceOf } from '../../support/charts/pgp-signer.ts';
import type { PgpKey } from '../../support/charts/pgp-signer.ts';
import { local, serve, stopServers } from '../../unit/registry-client/support/server.ts';
import { startRegistry } from './real-registry.ts';
import type { RealRegistry } from './real-registry.ts';

const run = promisify(execFile);
const network = { allow: LOOPBACK };

const HELMS = ['helm', 'helm4'] as const;
type HelmName = (typeof HELMS)[number];

let registry: RealRegistry;
let programs: Readonly<Record<HelmName, string>>;
let directory: string;
let alice: PgpKey;
let mallory: PgpKey;

beforeAll(async () => {
  programs = await ensureBinaries(['helm', 'helm4']);
  [alice, mallory] = await Promise.all([pgpKey('Alice'), pgpKey('Mallory')]);
  registry = await startRegistry();
  directory = await mkdtemp(join(tmpdir(), 'coxswain-provenance-'));
  await writeFile(join(directory, 'secring.gpg'), alice.secretKeyring);
  await writeFile(join(directory, 'pubring.gpg'), alice.keyring);
  await writeFile(join(directory, 'other.gpg'), mallory.keyring);
}, 1_200_000);
afterEach(stopServers);
afterAll(async () => {
  await registry?.stop();
  await rm(directory, { recursive: true, force: true });
});

const runHelm = async (helm: HelmName, ...args: string[]): Promise<string> => {
  const env = { ...process.env, HOME: directory, HELM_CACHE_HOME: join(directory, 'cache') };
  const { stdout, stderr } = await run(programs[helm], args, { cwd: directory, env });
  return stdout + stderr;
};

const policyOf = ({ keyring }: PgpKey): VerificationPolicy => ({
  provider: 'Helm',
  keys: [{ name: 'pubring.gpg', content: keyring }],
});

/** Has real Helm package and sign a chart; returns the name of the tarball, beside which its .prov stands. */
const packageSigned = async (helm: HelmName, name: string, version = '1.2.3+build.5'): Promise<string> => {
  await mkdir(join(directory, name, 'templates'), { recursive: true });
  const metadata = `apiVersion: v2\nname: ${name}\nversion: ${version}\ndescription: "a - dashed\\n--- text"\n`;
  await writeFile(join(directory, name, 'Chart.yaml'), metadata);
  await runHelm(helm, 'package', name, '--sign', '--key', 'Alice', '--keyring', 'secring.gpg');
  return `${name}-${version}.tgz`;
};

const signedByAlice = { provider: 'Helm', key: 'pubring.gpg', signer: 'Alice <alice@example.com>' };

describe.each(HELMS)('a chart signed by real %s', (helm) => {
  test('and pushed to a registry is verified', async () => {
    const file = await packageSigned(helm, `pushed-${helm}`);
    await runHelm(helm, 'push', file, `oci://${registry.host}/helm`, '--plain-http');
    const chart = {
      registry: `oci://${registry.host}/helm`,
      name: `pushed-${helm}`,
      version: '1.2.3+build.5',
      network,
    };
    const pulled = await pullChart({ ...chart, verify: policyOf(alice) });
    expect((await pulled.content.bytes()).equals(await readFile(join(directory, file)))).toBe(true);
    expect(pulled.verified).toMatchObject(signedByAlice);
    await expect(pullChart({ ...chart, verify: policyOf(mallory) })).rejects.toMatchObject({
      code: 'VerificationFailed',
    });
  });

  test('and indexed is verified in a classic repository', async () => {
    const file = await packageSigned(helm, `indexed-${helm}`, '0.1.0');
    const files = join(directory, `repository-${helm}`);
    await mkdir(files, { recursive: true });
    for (const name of [file, `${file}.prov`]) await copyFile(join(directory, name), join(files, name));
    await runHelm(helm, 'repo', 'index', files);
    const server = await serve(async ({ url = '' }, response) => {
      const content = await readFile(join(files, url)).catch(() => undefined);
      if (content === undefined) response.writeHead(404).end();
      else response.end(content);
    });
    const chart = { ...local, registry: server.origin, name: `indexed-${helm}`, allowPlainHttp: true };
    const pulled = await pullChart({ ...chart, verify: policyOf(alice) });
    expect(pulled.verified).toMatchObject(signedByAlice);
    await rm(join(files, `${file}.prov`));
    await expect(pullChart({ ...chart, verify: policyOf(alice) })).rejects.toMatchObject({
      code: 'VerificationFailed',
    });
  });
});

describe.each(HELMS)('a chart pushed with a provenance file, and %s', (helm) => {
  const push = async (name: string, key: PgpKey) => {
    const version = '2.0.0';
    const tarball = buildChart({ name, version });
    const provenance = Buffer.from(await provenanceOf(key, tarball, { name, version }));
    const metadata = { apiVersion: 'v2', name, version };
    await pushChart(tarball, { registry: `oci://${registry.host}/ours`, network, metadata, provenance });
  };
  const helmPull = (name: string, keyring: string): Promise<string> =>
    runHelm(helm, 'pull', `oci://${registry.host}/ours/${name}`, '--plain-http', '--verify', '--keyring', keyring);

  test('real helm pulls and verifies it', async () => {
    await push(`good-${helm}`, alice);
    const output = await helmPull(`good-${helm}`, 'pubring.gpg');
    expect(output).toContain('Signed by: Alice <alice@example.com>');
    await expect(runHelm(helm, 'verify', `good-${helm}-2.0.0.tgz`, '--keyring', 'pubring.gpg')).resolves.toContain(
      alice.privateKey.getFingerprint().toUpperCase(),
    );
  });

  test('real helm and this client both refuse it if another key signed', async () => {
    await push(`bad-${helm}`, mallory);
    await expect(helmPull(`bad-${helm}`, 'pubring.gpg')).rejects.toThrow('openpgp: signature made by unknown entity');
    const chart = { registry: `oci://${registry.host}/ours`, name: `bad-${helm}`, network, verify: policyOf(alice) };
    await expect(pullChart(chart)).rejects.toMatchObject({ code: 'VerificationFailed' });
  });
});
