import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LOOPBACK, pushChart } from '../../registry-client/index.ts';
import type { RealRegistry } from '../../test/conformance/registry-client/real-registry.ts';
import { ensureBinaries } from '../../test/control-plane/index.ts';
import { buildChart } from '../../test/support/charts/chart-builder.ts';
import { eventually } from '../../test/support/eventually.ts';
import { releaseOf, type Installation } from '../../test/support/cluster/installation.ts';
import { succeed } from '../../test/support/charts/public-charts.ts';
import { createTenant } from '../../test/support/cluster/tenant.ts';

const RELEASES = 200;
const CHARTS = 20;
const TENANTS = 10;
const VERSION = '1.0.0';
const CONFIG = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\n';
const PATIENCE = { timeoutMs: 600_000, intervalMs: 1_000 };

/** What a registry was asked for. */
interface Asked {
  manifests: number;
  blobs: number;
  tagHeads: number;
}

/** Prints what 200 Releases of 20 charts ask of a registry, and 20 more after a restart; whether each chart was downloaded once. */
export async function measureDownloads(
  installation: Installation,
  registry: RealRegistry,
  restart: () => Promise<void>,
): Promise<boolean> {
  const source = `oci://${registry.host}/downloads`;
  for (let chart = 0; chart < CHARTS; chart++) await push(source, `chart-${chart}`);
  const tenants = await Promise.all(Array.from({ length: TENANTS }, () => createTenant(installation.kubectl, 'bench')));
  const first = await askedWhile(registry, () => install(installation, source, tenants, 'first', RELEASES));
  await restart();
  const second = await askedWhile(registry, () => install(installation, source, tenants, 'second', CHARTS));
  const helm = await askedWhile(registry, () => pullByHelm(source));
  print('what is pulled', 'manifests', 'blobs', 'HEADs of tags');
  printAsked(`Coxswain: ${RELEASES} Releases of ${CHARTS} charts, ${TENANTS} tenants`, first);
  printAsked(`Coxswain: ${CHARTS} more after a restart`, second);
  printAsked(`Helm: ${RELEASES} times helm pull of ${CHARTS} charts`, helm);
  const isOnce = first.manifests === CHARTS && first.blobs === CHARTS;
  return isOnce && second.manifests === 0 && second.blobs === 0;
}

async function push(registry: string, name: string): Promise<void> {
  const archive = buildChart({ name, version: VERSION, templates: { 'config.yaml': CONFIG } });
  await pushChart(archive, { registry, metadata: { name, version: VERSION }, network: { allow: LOOPBACK } });
}

async function install(
  { kubectl }: Installation,
  registry: string,
  tenants: readonly string[],
  prefix: string,
  count: number,
): Promise<void> {
  const releases = Array.from({ length: count }, (_, index) => {
    const namespace = tenants[index % tenants.length] ?? '';
    // Every tenant has Releases of every chart.
    const name = `chart-${Math.floor(index / tenants.length) % CHARTS}`;
    return releaseOf(namespace, `${prefix}-${index}`, { registry, name, version: VERSION });
  });
  await kubectl.apply(...releases);
  const ready = async (): Promise<number> => {
    const line = '{range .items[*]}{.metadata.name} {.status.conditions[?(@.type=="Ready")].status}{"\\n"}{end}';
    const lines = await kubectl('get', 'releases', '--all-namespaces', `--output=jsonpath=${line}`);
    return lines.split('\n').filter((each) => each.startsWith(prefix) && each.endsWith('True')).length;
  };
  await eventually(ready, (found) => found === count, PATIENCE);
}

async function pullByHelm(registry: string): Promise<void> {
  const { helm } = await ensureBinaries(['helm']);
  const directory = await mkdtemp(join(tmpdir(), 'coxswain-helm-'));
  try {
    for (let index = 0; index < RELEASES; index++) {
      const chart = `${registry}/chart-${index % CHARTS}`;
      const args = ['pull', chart, '--version', VERSION, '--plain-http', '--destination', directory];
      await succeed(helm, args, { HOME: directory });
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** By the access log of the registry. */
async function askedWhile(registry: RealRegistry, work: () => Promise<void>): Promise<Asked> {
  const before = registry.log().length;
  await work();
  const log = registry.log().slice(before);
  const count = (request: RegExp): number => log.match(request)?.length ?? 0;
  return {
    manifests: count(/"GET \/v2\/\S+\/manifests\/\S+ HTTP\/1.1" 200/g),
    blobs: count(/"GET \/v2\/\S+\/blobs\/\S+ HTTP\/1.1" 200/g),
    tagHeads: count(/"HEAD \/v2\/\S+\/manifests\/\S+ HTTP\/1.1" 200/g),
  };
}

function printAsked(what: string, { manifests, blobs, tagHeads }: Asked): void {
  print(what, String(manifests), String(blobs), String(tagHeads));
}

function print(what: string, ...cells: string[]): void {
  process.stdout.write(`${what.padEnd(58)}${cells.map((cell) => cell.padStart(15)).join('')}\n`);
}
