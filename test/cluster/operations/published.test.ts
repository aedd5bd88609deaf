import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load, loadAll } from 'js-yaml';
import type { KubeObject } from '../../../resources/index.ts';
import { writePublished } from '../../../tools/publish/publish.ts';
import { ensureBinaries, startControlPlane, type ControlPlane } from '../../control-plane/index.ts';
import { buildChart } from '../../support/charts/chart-builder.ts';
import { startController, type RunningController } from '../../support/cluster/controller.ts';
import { established, kubectlFor, run } from '../../support/cluster/kubectl.ts';
import { viewRelease } from '../../support/cluster/installation.ts';
import { createTenant } from '../../support/cluster/tenant.ts';
import { PLUGINS } from '../../support/command/command.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const HOME = 'coxswain-system';
const URL = 'https://files.example.com/v1';
const folder = mkdtempSync(join(tmpdir(), 'published-'));
const published = join(folder, 'first');
const fileNamed = (pattern: RegExp): string => {
  const name = readdirSync(published).find((each) => pattern.test(each));
  if (name === undefined) throw new Error(`nothing is named ${pattern.source}`);
  return join(published, name);
};

const objectsIn = (text: string): KubeObject[] =>
  (loadAll(text) as (KubeObject | null)[]).filter((object) => object !== null);
const keyOf = ({ kind, metadata }: KubeObject): string => `${kind}/${metadata.namespace ?? ''}/${metadata.name}`;
const sorted = (objects: KubeObject[]): KubeObject[] => objects.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
const manifests = (...names: string[]): KubeObject[] =>
  sorted(names.flatMap((name) => objectsIn(readFileSync(join(ROOT, name), 'utf8'))));
const DEFINITIONS = ['releasehistories', 'releasepreviews', 'releases'].map((name) => `crds/${name}.yaml`);
const SHIPPED = ['deploy/access.yaml', 'deploy/people.yaml', 'deploy/controller.yaml'];

beforeAll(async () => {
  await writePublished(published, { url: URL });
  await writePublished(join(folder, 'second'), { url: URL });
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true }));

test('the same sources give the same files, with matching digests', async () => {
  const names = readdirSync(published);
  expect(names.length).toBeGreaterThan(6);
  for (const name of names) {
    const same = readFileSync(join(published, name)).equals(readFileSync(join(folder, 'second', name)));
    expect({ name, same }).toEqual({ name, same: true });
  }
  const { code, stdout } = await run('sh', ['-c', `cd '${published}' && sha256sum --check SHA256SUMS`]);
  expect(code).toBe(0);
  expect(stdout.trim().split('\n').length).toBe(names.length - 1);
});

test('the bill of materials lists the packages that are shipped, and no others', () => {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version: string; dev?: true; devOptional?: true }>;
  };
  const shipped = Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && dev !== true && devOptional !== true)
    .map(([path, { version }]) => `${path.split('node_modules/').at(-1)}@${version}`);
  const { components } = JSON.parse(readFileSync(fileNamed(/^sbom/), 'utf8')) as {
    components: { name: string; version: string }[];
  };
  expect(components.map(({ name, version }) => `${name}@${version}`).toSorted()).toEqual(
    [...new Set(shipped)].toSorted(),
  );
});

test('the provenance names each file, with its digest, and the sources', async () => {
  const { _type, predicateType, subject, predicate } = JSON.parse(readFileSync(fileNamed(/^provenance/), 'utf8')) as {
    _type: string;
    predicateType: string;
    subject: { name: string; digest: { sha256: string } }[];
    predicate: { buildDefinition: { resolvedDependencies: { digest?: { gitCommit?: string } }[] } };
  };
  expect({ _type, predicateType }).toEqual({
    _type: 'https://in-toto.io/Statement/v1',
    predicateType: 'https://slsa.dev/provenance/v1',
  });
  const others = readFileSync(join(published, 'SHA256SUMS'), 'utf8').replace(/.* provenance\.json\n/, '');
  expect(subject.map(({ name, digest }) => `${digest.sha256}  ${name}\n`).join('')).toBe(others);
  const { stdout: commit } = await run('git', ['-C', ROOT, 'rev-parse', 'HEAD']);
  // Where the sources are no checkout there is no commit to name.
  const [source] = predicate.buildDefinition.resolvedDependencies;
  expect(source?.digest?.gitCommit).toBe(commit.trim() || undefined);
});

test('krew finds the command where its manifest says it is', () => {
  const { spec } = load(readFileSync(fileNamed(/^release\.yaml$/), 'utf8')) as {
    spec: { platforms: { uri: string; sha256: string }[] };
  };
  const [platform] = spec.platforms;
  const archive = fileNamed(/^kubectl-release-.*\.tgz$/);
  expect(platform?.uri).toBe(`${URL}${archive.slice(published.length)}`);
  expect(readFileSync(join(published, 'SHA256SUMS'), 'utf8')).toContain(`${platform?.sha256}  kubectl-release-`);
});

test('the command runs from its archive, and from npm', async () => {
  const home = join(folder, 'npm');
  const env = { HOME: home, XDG_CACHE_HOME: home, KUBECONFIG: '', COXSWAIN_NODE: process.execPath };
  const quiet = ['--offline', '--no-audit', '--no-fund', '--prefix', home];
  expect(await run('npm', ['install', fileNamed(/^kubectl-release-/), ...quiet], { env })).toMatchObject({ code: 0 });
  const version = await run(join(home, 'node_modules', '.bin', 'kubectl-release'), ['version', '--client'], { env });
  expect(version).toMatchObject({ code: 0, stderr: '' });
});

describe('what is installed', () => {
  test('with kubectl is the same from one file and from the kustomization', async () => {
    const { kubectl } = await ensureBinaries(['kubectl']);
    const all = manifests(...DEFINITIONS, ...SHIPPED);
    expect(sorted(objectsIn(readFileSync(fileNamed(/^install\.yaml$/), 'utf8')))).toEqual(all);
    const { code, stdout } = await run(kubectl, ['kustomize', ROOT]);
    expect({ code, objects: sorted(objectsIn(stdout)) }).toEqual({ code: 0, objects: all });
  });

  test.each(['helm', 'helm4'] as const)('with the chart is the same, rendered by %s', async (helm) => {
    const expected = manifests(...SHIPPED).filter(({ kind }) => kind !== 'Namespace');
    expect(await rendered(helm)).toEqual(expected);
  });

  test('with the chart is the same, rendered by kubectl release', async () => {
    const program = join(PLUGINS, 'kubectl-release');
    const args = ['template', 'coxswain', fileNamed(/^coxswain-/), '--namespace', HOME];
    const { code, stdout } = await run(program, args, { env: { COXSWAIN_NODE: process.execPath, KUBECONFIG: '' } });
    const expected = manifests(...SHIPPED).filter(({ kind }) => kind !== 'Namespace');
    expect({ code, objects: sorted(objectsIn(stdout)) }).toEqual({ code: 0, objects: expected });
  });

  test('with every value of the chart has all that the values ask for', async () => {
    const values = join(folder, 'values.yaml');
    writeFileSync(values, VALUES);
    const objects = await rendered('helm4', '--values', values);
    const optional = [
      'editors',
      'approvers',
      'monitoring/service-monitor',
      'monitoring/alerts',
      'monitoring/network-policy',
    ];
    const expected = [...SHIPPED, ...optional.map((name) => `deploy/${name}.yaml`)];
    const kinds = manifests(...expected).filter(({ kind }) => kind !== 'Namespace');
    expect(objects.map(keyOf)).toEqual(kinds.map(keyOf));
    const rules = (all: KubeObject[]): unknown => all.find(({ kind }) => kind === 'PrometheusRule')?.['spec'];
    expect(rules(objects)).toEqual(rules(kinds));
    const deployment = objects.find(({ kind }) => kind === 'Deployment');
    expect(deployment?.['spec']).toMatchObject({
      replicas: 3,
      template: {
        spec: {
          imagePullSecrets: [{ name: 'pull' }],
          priorityClassName: 'system-cluster-critical',
          nodeSelector: { pool: 'system' },
          tolerations: [{ key: 'system', operator: 'Exists' }],
          containers: [
            {
              image: 'registry.example.com/coxswain:1',
              args: expect.arrayContaining([
                '--render-workers=4',
                '--allow-registry=registry.example.com/acme',
                '--log-level=debug',
              ]),
              env: expect.arrayContaining([{ name: 'HTTPS_PROXY', value: 'http://proxy:3128' }]),
              resources: { limits: { memory: '4Gi' } },
            },
          ],
        },
      },
    });
  });
});

describe('a cluster into which Helm installs the chart', () => {
  let controlPlane: ControlPlane;
  let controller: RunningController | undefined;

  beforeAll(async () => {
    controlPlane = await startControlPlane();
  }, 1_200_000);
  afterAll(async () => {
    await controller?.stop();
    await controlPlane.stop();
  });

  test('has a controller that works with the rights that the chart grants', async () => {
    const { helm4 } = await ensureBinaries(['helm4']);
    const env = { KUBECONFIG: controlPlane.kubeconfig };
    const into = ['--namespace', HOME, '--create-namespace'];
    const installed = await run(helm4, ['install', 'coxswain', fileNamed(/^coxswain-/), ...into], { env });
    expect({ code: installed.code, stderr: installed.stderr }).toEqual({ code: 0, stderr: '' });
    const kubectl = kubectlFor(controlPlane);
    await established(
      kubectl,
      ...['releases', 'releasehistories', 'releasepreviews'].map((kind) => `${kind}.coxswain.dev`),
    );
    controller = await startController({ controlPlane });
    const namespace = await createTenant(kubectl);
    const inline = Buffer.from(buildChart({ name: 'web', templates: { 'config.yaml': CONFIG_MAP } })).toString(
      'base64',
    );
    await kubectl.apply({
      apiVersion: 'coxswain.dev/v1alpha1',
      kind: 'Release',
      metadata: { name: 'web', namespace },
      spec: { chart: { inline } },
    });
    await viewRelease(kubectl, namespace, 'web').ready();
  });
});

async function rendered(helm: 'helm' | 'helm4', ...flags: string[]): Promise<KubeObject[]> {
  const programs = await ensureBinaries([helm]);
  const args = ['template', 'coxswain', fileNamed(/^coxswain-/), '--namespace', HOME, ...flags];
  const { code, stdout, stderr } = await run(programs[helm], args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return sorted(objectsIn(stdout));
}

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n';

const VALUES = `
image: registry.example.com/coxswain:1
imagePullSecrets: [pull]
replicas: 3
renderWorkers: 4
resources: {limits: {memory: 4Gi}}
allowedRegistries: [registry.example.com/acme]
args: [--log-level=debug]
env: [{name: HTTPS_PROXY, value: http://proxy:3128}]
priorityClassName: system-cluster-critical
nodeSelector: {pool: system}
tolerations: [{key: system, operator: Exists}]
editors: true
approvers: true
serviceMonitor: true
alerts: true
metricsNamespace: monitoring
`;
