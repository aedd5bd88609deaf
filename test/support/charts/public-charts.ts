import { mkdir, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { isJsonObject, loadChart, mergeValues, type Json, type JsonObject } from '../../../chart-renderer/index.ts';
import { toJson } from '../../../golang/json/index.ts';
import { ensureBinaries } from '../../control-plane/index.ts';
import { run } from '../cluster/kubectl.ts';

/** A chart as its publisher packages it, with the values that it needs in a cluster without a cloud and for an upgrade. */
export type PublicChart = {
  readonly name: string;
  readonly version: string;
  /** The packaged chart, also as a file. */
  readonly archive: Uint8Array;
  readonly path: string;
  /** Empty, unless a cloud load balancer would be awaited: then another type of Service. */
  readonly values: JsonObject;
  /** The same with one value changed, and which one; undefined where the chart has no number of replicas. */
  readonly upgrade: { readonly path: string; readonly values: JsonObject } | undefined;
};

/** Charts packaged by real Helm into a directory of their own. */
export type PublicCharts = { readonly charts: readonly PublicChart[]; remove(): Promise<void> };

/**
 * Packages, by real Helm, the chart that `helm create` makes, and each chart in a directory (all, or the named ones) whose
 * dependencies are in its `charts/`.
 */
export async function packagePublicCharts(directory?: string, names?: readonly string[]): Promise<PublicCharts> {
  const { helm } = await ensureBinaries(['helm']);
  const folder = await mkdtemp(join(tmpdir(), 'coxswain-charts-'));
  const created = join(folder, 'created');
  await succeed(helm, ['create', created]);
  const given = directory === undefined ? [] : await chartsIn(directory, names);
  const charts: PublicChart[] = [];
  for (const source of [created, ...given]) charts.push(await packageBy(helm, source, join(folder, 'packages')));
  return { charts, remove: async () => rm(folder, { recursive: true, force: true }) };
}

/** Runs a program that must succeed and returns its standard output; throws with its standard error. */
export async function succeed(
  path: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<string> {
  const { code, stdout, stderr } = await run(path, args, { env });
  if (code !== 0) throw new Error(`${path} ${args.join(' ')}: exit code ${code}: ${stderr.trim()}`);
  return stdout;
}

async function chartsIn(directory: string, names?: readonly string[]): Promise<string[]> {
  const entries = names ?? (await readdir(directory)).toSorted();
  const found: string[] = [];
  for (const entry of entries) {
    const files = await readdir(join(directory, entry)).catch((): string[] => []);
    if (files.includes('Chart.yaml')) found.push(join(directory, entry));
    else if (names) throw new Error(`${join(directory, entry)} is no chart: it has no Chart.yaml`);
  }
  return found;
}

async function packageBy(helm: string, source: string, packages: string): Promise<PublicChart> {
  await mkdir(packages, { recursive: true });
  const told = await succeed(helm, ['package', source, '--destination', packages]);
  const path = told.trim().split(': ').at(-1) ?? '';
  const archive = await readFile(path);
  const chart = await loadChart(archive);
  const defaults = toJson(chart.values) as JsonObject;
  const values = withoutLoadBalancers(defaults);
  const replicas = replicasPath(defaults);
  const { name, version } = chart.metadata;
  return { name, version, archive, path, values, upgrade: replicas && upgradeOf(values, replicas) };
}

/** Overrides that make each Service of type LoadBalancer one of type ClusterIP. */
function withoutLoadBalancers(defaults: JsonObject): JsonObject {
  const overrides = Object.entries(defaults).flatMap(([key, value]): [string, Json][] => {
    if (key === 'type' && value === 'LoadBalancer') return [[key, 'ClusterIP']];
    const below = isJsonObject(value) ? withoutLoadBalancers(value) : {};
    return Object.keys(below).length === 0 ? [] : [[key, below]];
  });
  return Object.fromEntries(overrides);
}

type Replicas = { readonly path: readonly string[]; readonly count: number };

/** The first number of replicas in the values, the outermost first. */
function replicasPath(defaults: JsonObject): Replicas | undefined {
  let level: [readonly string[], JsonObject][] = [[[], defaults]];
  while (level.length > 0) {
    const entries = level.flatMap(([path, map]) =>
      Object.entries(map).map(([key, value]) => ({ path: [...path, key], value })),
    );
    for (const { path, value } of entries) {
      if (typeof value === 'number' && /^(replicas|replicaCount)$/.test(path.at(-1) ?? ''))
        return { path, count: value };
    }
    level = entries.flatMap(({ path, value }): [readonly string[], JsonObject][] =>
      isJsonObject(value) ? [[path, value]] : [],
    );
  }
  return undefined;
}

function upgradeOf(values: JsonObject, { path, count }: Replicas): PublicChart['upgrade'] {
  const change = path.reduceRight<Json>((below, key) => ({ [key]: below }), count + 1) as JsonObject;
  return { path: path.join('.'), values: mergeValues(values, change) };
}
