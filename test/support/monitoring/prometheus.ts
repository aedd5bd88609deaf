import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { load } from 'js-yaml';
import { findFreePorts } from '../../control-plane/processes/ports.ts';
import { unpackedPackages } from '../../real-node/machine/debian.ts';
import { eventually } from '../eventually.ts';

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'deploy', 'monitoring');

/** A rule that alerts. */
export type Alert = { alert: string; expr: string; for?: string; annotations: Record<string, string> };

type Rules = { groups: { name: string; rules: Alert[] }[] };

/** What is shipped as a PrometheusRule, as the file of rules that Prometheus reads. */
export function shippedRules(): Rules {
  return (load(readFileSync(join(FOLDER, 'alerts.yaml'), 'utf8')) as { spec: Rules }).spec;
}

/** The queries of the dashboard that is shipped, with a value in place of each of its variables. */
export function dashboardQueries(): string[] {
  const text = readFileSync(join(FOLDER, 'dashboard.json'), 'utf8');
  const { panels } = JSON.parse(text) as { panels: { targets: { expr: string }[] }[] };
  return panels
    .flatMap(({ targets }) => targets.map(({ expr }) => expr))
    .map((expr) => expr.replaceAll('$__rate_interval', '1m').replaceAll('$release_namespace', '.*'));
}

/** The path of `prometheus` or `promtool`: from PATH, else from Debian's package, fetched once. Throws MachineLacks. */
export async function prometheusProgram(name: 'prometheus' | 'promtool'): Promise<string> {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const installed = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  return installed ?? join(await unpackedPackages(['prometheus']), 'usr', 'bin', name);
}

/** A Prometheus at work. */
export type RunningPrometheus = {
  /** The result of an instant query, by its series. */
  query(expr: string): Promise<{ metric: Record<string, string>; value: number }[]>;
  stop(): void;
};

/** Starts a Prometheus that reads the metrics of this port each second and keeps its data in the folder. Resolves once it has read some. */
export async function startPrometheus(folder: string, metricsPort: number): Promise<RunningPrometheus> {
  const rules = join(folder, 'rules.json');
  await writeFile(rules, JSON.stringify(shippedRules()));
  const scrape = {
    job_name: 'coxswain',
    scrape_interval: '1s',
    static_configs: [{ targets: [`127.0.0.1:${metricsPort}`] }],
  };
  const config = { global: { evaluation_interval: '1s' }, rule_files: [rules], scrape_configs: [scrape] };
  await writeFile(join(folder, 'prometheus.json'), JSON.stringify(config));
  const [port = 0] = await findFreePorts(1);
  const args = [
    `--config.file=${join(folder, 'prometheus.json')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  const child = spawn(await prometheusProgram('prometheus'), args, { stdio: 'ignore' });
  const query: RunningPrometheus['query'] = async (expr) => resultOf(`http://127.0.0.1:${port}`, expr);
  const isUp = async (): Promise<number> => (await query('up == 1').catch(() => [])).length;
  await eventually(isUp, (series) => series === 1);
  return { query, stop: () => void child.kill('SIGKILL') };
}

type Answer = {
  status: string;
  error?: string;
  data?: { result: { metric: Record<string, string>; value: [number, string] }[] };
};

async function resultOf(origin: string, expr: string): Promise<{ metric: Record<string, string>; value: number }[]> {
  const response = await fetch(`${origin}/api/v1/query?query=${encodeURIComponent(expr)}`);
  const { error, data } = (await response.json()) as Answer;
  if (!data) throw new Error(`${expr}: ${error}`);
  return data.result.map(({ metric, value: [, value] }) => ({ metric, value: Number(value) }));
}
