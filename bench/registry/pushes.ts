import { setTimeout as delay } from 'node:timers/promises';
import { connect, type KubeClient } from '../../kube/index.ts';
import { LOOPBACK, pushChart } from '../../registry-client/index.ts';
import type { KubeObject } from '../../resources/index.ts';
import type { RealRegistry } from '../../test/conformance/registry-client/real-registry.ts';
import { buildChart } from '../../test/support/charts/chart-builder.ts';
import { releaseOf, viewRelease, type Installation } from '../../test/support/cluster/installation.ts';
import { createTenant } from '../../test/support/cluster/tenant.ts';
import { median } from '../measure.ts';

const PUSHES = 10;
const FOLLOWERS = 5;
const LOOK_EVERY_MS = 10;
const CONFIG_MAPS = { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true, verbs: [] };
const CONFIG =
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\ndata: {version: {{ .Chart.Version }}}\n';

/** Prints how long it takes from the beginning of a push to what the Releases that follow the chart have changed by it. */
export async function measurePushes({ kubectl, controlPlane }: Installation, registry: RealRegistry): Promise<void> {
  const source = `oci://${registry.host}/pushes`;
  await push(source, '1.0.0');
  const namespaces = await Promise.all(Array.from({ length: FOLLOWERS }, () => createTenant(kubectl, 'bench')));
  for (const namespace of namespaces) {
    const chart = { registry: source, name: 'web', version: '^1.0.0' };
    await kubectl.apply(releaseOf(namespace, 'web', chart, { interval: '24h' }));
  }
  await Promise.all(namespaces.map((namespace) => viewRelease(kubectl, namespace, 'web').ready({ timeoutMs: 60_000 })));
  const client = await connect({ kubeconfig: controlPlane.kubeconfig });
  const pushed: number[] = [];
  const timesMs: number[] = [];
  for (let minor = 1; minor <= PUSHES; minor++) {
    const startedMs = performance.now();
    await push(source, `1.${minor}.0`);
    pushed.push(performance.now() - startedMs);
    await Promise.all(namespaces.map((namespace) => untilApplied(client, namespace, `1.${minor}.0`)));
    timesMs.push(performance.now() - startedMs);
  }
  await client.close();
  const told = (times: number[]): string =>
    `${Math.round(median(times))} ms, at most ${Math.round(Math.max(...times))} ms`;
  process.stdout.write(
    `\n${PUSHES} pushes of a chart that ${FOLLOWERS} Releases of ${FOLLOWERS} tenants follow by a range\n`,
  );
  process.stdout.write(`${'the push itself'.padEnd(58)}${told(pushed).padStart(30)}\n`);
  process.stdout.write(`${'from its beginning until all have applied it'.padEnd(58)}${told(timesMs).padStart(30)}\n`);
}

async function untilApplied(client: KubeClient, namespace: string, version: string): Promise<void> {
  const applied = async (): Promise<unknown> => {
    const { data } = await client.get<KubeObject & { data: { version: string } }>(CONFIG_MAPS, namespace, 'web');
    return data.version;
  };
  while ((await applied()) !== version) await delay(LOOK_EVERY_MS);
}

async function push(registry: string, version: string): Promise<void> {
  const archive = buildChart({ name: 'web', version, templates: { 'config.yaml': CONFIG } });
  await pushChart(archive, { registry, metadata: { name: 'web', version }, network: { allow: LOOPBACK } });
}
