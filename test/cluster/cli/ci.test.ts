import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ensureBinaries, findFreePort } from '../../control-plane/index.ts';
import { startRegistry } from '../../conformance/registry-client/real-registry.ts';
import type { RealRegistry } from '../../conformance/registry-client/real-registry.ts';
import { readPipelines } from '../../support/ci-docs.ts';
import { run } from '../../support/cluster/kubectl.ts';
import type { Outcome } from '../../support/cluster/kubectl.ts';
import { story } from '../../support/cluster/story.ts';
import type { Tenant } from '../../support/cluster/tenant.ts';
import { pathWith, PLUGINS } from '../../support/command/command.ts';

// The script of docs/ci.md as it stands there, against a registry with a password that tells the controller of pushes. The interval
// of the Release is such that nothing else could move it.

const REPOSITORY = join(import.meta.dirname, '..', '..', '..');
const SECRET = 'correct horse battery staple';
const USER = { username: 'ada', password: 'pass:word' };
const TIMEOUT_MS = 240_000;

const coxswain = story();
let registry: RealRegistry;
let root: string;
let tenant: Tenant;
let environment: Record<string, string>;

beforeAll(async () => {
  const { controlPlane } = coxswain;
  root = await mkdtemp(join(tmpdir(), 'ci-'));
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}/hooks/registry`;
  const notify = { url, authorization: `Bearer ${SECRET}` };
  registry = await startRegistry({ authentication: { kind: 'basic', ...USER }, notify });
  const webhook = [
    '--webhook-port',
    String(port),
    '--webhook-secret-file',
    await coxswain.file('webhook-secret', SECRET),
  ];
  await coxswain.restart({ flags: [...webhook, '--allow-plain-http', registry.host] });
  await cp(join(REPOSITORY, 'examples', 'charts', 'hello'), join(root, 'hello'), { recursive: true });
  tenant = await coxswain.tenant({ prefix: 'shop' });
  environment = {
    PATH: pathWith(PLUGINS, controlPlane),
    COXSWAIN_NODE: process.execPath,
    KUBECONFIG: controlPlane.kubeconfig,
    HOME: root,
    REGISTRY: `${registry.host}/charts`,
    REGISTRY_USER: USER.username,
    REGISTRY_PASSWORD: USER.password,
    CHART: join(root, 'hello'),
    RELEASE: 'web',
    NAMESPACE: tenant.namespace,
  };
  const login = [`--docker-server=${registry.host}`, `--docker-username=${USER.username}`];
  const secret = ['create', 'secret', 'docker-registry', 'charts', ...login];
  await tenant.kubectl(...secret, `--docker-password=${USER.password}`);
});

afterAll(async () => {
  await registry?.stop();
  await rm(root, { recursive: true, force: true });
});

async function pipeline(version: string, change: (script: string) => string = (script) => script): Promise<Outcome> {
  const script = join(root, 'ci.sh');
  await writeFile(script, change((await readPipelines()).script));
  return run('sh', ['-c', `cd "${root}" && sh "${script}"`], { env: { ...environment, VERSION: version } });
}

async function createRelease(): Promise<void> {
  const chart = { registry: `oci://${registry.host}/charts`, name: 'hello', version: '^1.0.0' };
  await tenant.kubectl.apply({
    apiVersion: 'coxswain.dev/v1alpha1',
    kind: 'Release',
    metadata: { name: 'web' },
    spec: { chart: { ...chart, secretRef: { name: 'charts' } }, interval: '24h' },
  });
}

describe('the script of docs/ci.md', () => {
  test(
    'upgrades the Release that follows the range to the pushed version, and exits 0',
    async () => {
      await createRelease();
      const first = await pipeline('1.1.0');
      expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining('hello-1.1.0') });
      const second = await pipeline('1.2.0');
      expect(second).toMatchObject({ code: 0, stdout: expect.stringContaining('hello-1.2.0') });
      expect(second.stdout).toMatch(/oci:\/\/\S+\/charts\/hello:1\.2\.0@sha256:[0-9a-f]{64}\n/);
      const { status } = await tenant.release('web').get();
      expect(status).toMatchObject({ health: 'Green', chart: { version: '1.2.0' } });
    },
    TIMEOUT_MS,
  );

  test(
    'pushes what real Helm installs',
    async () => {
      const { helm } = await ensureBinaries(['helm']);
      const chart = [`oci://${registry.host}/charts/hello`, '--version', '1.2.0', '--plain-http'];
      const user = ['--username', USER.username, '--password', USER.password];
      const target = ['-n', tenant.namespace, '--wait', '--timeout', '2m'];
      const outcome = await run(helm, ['install', 'by-helm', ...chart, ...user, ...target], { env: environment });
      expect(outcome).toMatchObject({ code: 0, stdout: expect.stringContaining('STATUS: deployed') });
    },
    TIMEOUT_MS,
  );

  test(
    'changes nothing when it is run again for the same commit',
    async () => {
      const again = await pipeline('1.2.0');
      expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining('already exists, unchanged') });
      expect((await tenant.release('web').histories()).length).toBe(2);
    },
    TIMEOUT_MS,
  );

  test(
    'exits 1 where the version exists with other content',
    async () => {
      await writeFile(join(root, 'hello', 'more.txt'), 'more');
      const outcome = await pipeline('1.2.0');
      expect(outcome).toMatchObject({ code: 1, stderr: expect.stringContaining('different content') });
      await rm(join(root, 'hello', 'more.txt'));
    },
    TIMEOUT_MS,
  );

  test(
    'exits 1 and pushes nothing where the chart does not render',
    async () => {
      await writeFile(join(root, 'hello', 'templates', 'broken.yaml'), 'a: {{ .Values.no.such }}\n');
      const outcome = await pipeline('1.3.0');
      expect(outcome).toMatchObject({ code: 1, stdout: expect.stringContaining('broken.yaml:1:') });
      expect(registry.log()).not.toContain('hello/manifests/1.3.0');
      await rm(join(root, 'hello', 'templates', 'broken.yaml'));
    },
    TIMEOUT_MS,
  );

  test(
    'exits 1 with the reason where the cluster refuses what was pushed',
    async () => {
      const trespass = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: kube-system}\n';
      await writeFile(join(root, 'hello', 'templates', 'trespass.yaml'), trespass);
      const outcome = await pipeline('1.4.0');
      expect(outcome.code).toBe(1);
      expect(outcome.stderr).toMatch(/error: .*kube-system/);
      await rm(join(root, 'hello', 'templates', 'trespass.yaml'));
    },
    TIMEOUT_MS,
  );

  test(
    'exits 1 where the registry rejects the password',
    async () => {
      const outcome = await pipeline('1.5.0', (script) => script.replace('"$REGISTRY_PASSWORD"', 'wrong'));
      expect(outcome).toMatchObject({ code: 1, stderr: expect.stringContaining('credentials were refused') });
    },
    TIMEOUT_MS,
  );
});
