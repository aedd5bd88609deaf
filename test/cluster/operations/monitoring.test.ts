import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePorts } from '../../control-plane/processes/ports.ts';
import { story } from '../../support/cluster/story.ts';
import { run } from '../../support/cluster/kubectl.ts';
import { eventually } from '../../support/eventually.ts';
import {
  dashboardQueries,
  prometheusProgram,
  shippedRules,
  startPrometheus,
  type Alert,
  type RunningPrometheus,
} from '../../support/monitoring/prometheus.ts';

const coxswain = story();
let folder: string;
let port: number;
let prometheus: RunningPrometheus;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'coxswain-monitoring-'));
  [port = 0] = await findFreePorts(1);
  await coxswain.restart({ flags: [`--metrics-port=${port}`] });
  prometheus = await startPrometheus(folder, port);
});
afterAll(async () => {
  prometheus.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The metrics that a query names: in PromQL, what is followed by neither a bracket nor an equals sign and is no word of the language. */
const named = (query: string): string[] =>
  [...query.matchAll(/\b[a-z]+(?:_[a-z0-9]+)+\b(?!\s*(?:=|\())/g)]
    .map(([name]) => name)
    .filter((name) => !/^(release_namespace|histogram_quantile)$/.test(name));

describe('the metrics of a controller at work', () => {
  test('tell Prometheus about Releases by namespace and health, about operations, and about each request', async () => {
    const tenant = await coxswain.tenant();
    const chart = await coxswain.push({ name: 'web', templates: { 'config.yaml': CONFIG_MAP } });
    const web = await tenant.apply('web', { ...chart, version: '*' });
    await web.ready();
    const valueOf = async (query: string): Promise<number | undefined> => (await prometheus.query(query))[0]?.value;
    const holds = async (query: string, value: number): Promise<unknown> =>
      eventually(
        async () => valueOf(query),
        (seen) => expect(seen).toBe(value),
      );
    await holds(`coxswain_releases{release_namespace="${tenant.namespace}",health="Green"}`, 1);
    await holds('coxswain_operations_total{operation="Install"}', 1);
    for (const phase of ['resolve', 'pull', 'render', 'apply', 'ready']) {
      await holds(`coxswain_phase_duration_seconds_count{phase="${phase}"}`, 1);
    }
    await holds('leader_election_master_status', 1);
    await holds('sum(rest_client_requests_total{method="PATCH"}) > bool 0', 1);
    await holds('sum(coxswain_registry_requests_total{code="200"}) > bool 0', 1);
    await holds('controller_runtime_reconcile_total{controller="coxswain-release",result="error"}', 0);
    await web.delete();
    await holds(`count(coxswain_releases{release_namespace="${tenant.namespace}"}) or vector(0)`, 0);
  });

  test('have every name that the alerts and the dashboard query', async () => {
    const queries = [
      ...dashboardQueries(),
      ...shippedRules().groups.flatMap(({ rules }) => rules.map(({ expr }) => expr)),
    ];
    const names = [...new Set(queries.flatMap(named))];
    expect(names.length).toBeGreaterThan(15);
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const declared = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    );
    expect(names.filter((name) => !declared.includes(name))).toEqual([]);
  });

  test('answer every query of the dashboard', async () => {
    const tenant = await coxswain.tenant();
    const web = await tenant.apply(
      'web',
      await coxswain.push({ name: 'web', templates: { 'config.yaml': CONFIG_MAP } }),
    );
    await web.ready();
    // What is well, and waits for nothing, has no series here.
    const mayBeEmpty = /coxswain_queue_depth|health=~"Red\|Yellow"/;
    for (const query of dashboardQueries().filter((each) => !mayBeEmpty.test(each))) {
      await eventually(
        async () => prometheus.query(query),
        (series) => expect({ query, series: series.length }).not.toEqual({ query, series: 0 }),
      );
    }
    for (const query of dashboardQueries()) await prometheus.query(query);
  });
});

/** The words of alerts are not compared, as they would stand in two places. */
const withoutText = (rule: Alert): Alert => ({ ...rule, annotations: {} });

describe('the alerts', () => {
  test('fire when they should, and only then', async () => {
    const cases = await readFile(join(import.meta.dirname, 'alert-cases.yaml'), 'utf8');
    for (const { alert } of shippedRules().groups.flatMap(({ rules }) => rules)) {
      expect(cases).toContain(`alertname: ${alert}`);
    }
    const groups = shippedRules().groups.map(({ name, rules }) => ({ name, rules: rules.map(withoutText) }));
    await writeFile(join(folder, 'shipped.json'), JSON.stringify({ groups }));
    await writeFile(join(folder, 'cases.yaml'), `rule_files: [shipped.json]\n${cases}`);
    const { code, stdout, stderr } = await run(await prometheusProgram('promtool'), [
      'test',
      'rules',
      join(folder, 'cases.yaml'),
    ]);
    expect({ code, said: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, said: '' });
  });

  test('are silent while all is well', async () => {
    // Those that a busy machine may cause are left out.
    const bySlowness = 'CoxswainEventLoopLags|CoxswainQueueWaits|CoxswainAPIServerErrors';
    const alerts = await prometheus.query(`ALERTS{alertname!~"${bySlowness}"}`);
    expect(alerts).toEqual([]);
  });
});

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\n';
