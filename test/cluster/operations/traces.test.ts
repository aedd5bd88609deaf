import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findFreePort } from '../../control-plane/index.ts';
import { startRegistry, type RealRegistry } from '../../conformance/registry-client/real-registry.ts';
import { LOOPBACK, pushChart } from '../../../registry-client/index.ts';
import { buildChart } from '../../support/charts/chart-builder.ts';
import { giveUpLease } from '../../support/cluster/controller.ts';
import { story } from '../../support/cluster/story.ts';
import type { Tenant } from '../../support/cluster/tenant.ts';
import { eventually } from '../../support/eventually.ts';
import { startCollector, type Collector, type SeenSpan } from '../../support/otel/collector.ts';

// A controller that sends its traces to the receiver of the OpenTelemetry Collector.

const SECRET = 'correct horse battery staple';
const CONFIG = `apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}}
data: {chart: {{ .Chart.Version | quote }}, greeting: {{ .Values.greeting | default "hello" }}}
`;
/** Without an address it is not Green. */
const BALANCED = `apiVersion: v1
kind: Service
metadata: {name: {{ .Release.Name }}, annotations: {greeting: {{ .Values.greeting | default "hello" }}}}
spec: {type: LoadBalancer, selector: {app: none}, ports: [{port: 80}]}
`;

const coxswain = story();
let collector: Collector;
let registry: RealRegistry;
let flags: string[];

const traced = (): object & { flags: string[]; env: Record<string, string> } => ({
  flags,
  env: {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
    OTEL_BSP_SCHEDULE_DELAY: '100',
    OTEL_RESOURCE_ATTRIBUTES: 'k8s.cluster.name=test',
  },
});

beforeAll(async () => {
  collector = await startCollector();
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}/hooks/registry`;
  registry = await startRegistry({ notify: { url, authorization: `Bearer ${SECRET}` } });
  flags = ['--webhook-port', String(port), '--webhook-secret-file', await coxswain.file('secret', SECRET)];
  await coxswain.restart(traced());
});

afterAll(async () => {
  await registry?.stop();
  await collector?.stop();
});

/** The traces of a Release whose roots have arrived, each with its root first, and its spans in the order of their beginnings. */
async function tracesOf({ namespace }: Tenant, name: string, count: number): Promise<SeenSpan[][]> {
  const look = async (): Promise<SeenSpan[][]> => {
    const spans = await collector.spans();
    const isRoot = ({ parentSpanId, attributes }: SeenSpan): boolean =>
      parentSpanId === '' &&
      attributes['k8s.namespace.name'] === namespace &&
      attributes['coxswain.release.name'] === name;
    return spans.filter(isRoot).map((root) => {
      const others = spans.filter(({ traceId, spanId }) => traceId === root.traceId && spanId !== root.spanId);
      return [root, ...others.toSorted((a, b) => a.beganAt - b.beganAt || a.endedAt - b.endedAt)];
    });
  };
  return eventually(look, (traces) => expect(traces).toHaveLength(count));
}

/** All spans are below the root and within its time. */
function expectNested([root, ...others]: readonly SeenSpan[]): void {
  for (const span of others) {
    expect(span.parentSpanId).toBe(root?.spanId);
    expect(span.beganAt).toBeGreaterThanOrEqual(root?.beganAt ?? Infinity);
    expect(span.endedAt).toBeLessThanOrEqual(root?.endedAt ?? 0);
    expect(span.endedAt).toBeGreaterThanOrEqual(span.beganAt);
  }
}

const namesOf = (trace: readonly SeenSpan[] | undefined): string[] => (trace ?? []).map(({ name }) => name);

async function giveAddress({ kubectl }: Tenant, name: string): Promise<void> {
  const status = JSON.stringify({ status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } });
  await kubectl('patch', 'service', name, '--subresource=status', '--type=merge', `--patch=${status}`);
}

describe('a trace', () => {
  test('goes from the push of a chart until its version is Green', async () => {
    const push = async (version: string): Promise<void> => {
      const metadata = { name: 'pushed', version };
      const archive = buildChart({ ...metadata, templates: { 'config.yaml': CONFIG } });
      const to = { registry: `oci://${registry.host}/charts`, metadata, network: { allow: LOOPBACK } };
      await pushChart(archive, to);
    };
    await push('1.0.0');
    const tenant = await coxswain.tenant();
    const chart = { registry: `oci://${registry.host}/charts`, name: 'pushed', version: '^1.0.0' };
    const web = await tenant.apply('web', chart, { interval: '24h' });
    const { metadata } = await web.ready();
    const pushedAt = Date.now();
    await push('1.1.0');
    await web.inForce(2);

    const [install, upgrade] = await tracesOf(tenant, 'web', 2);
    for (const trace of [install ?? [], upgrade ?? []]) {
      expectNested(trace);
      expect(namesOf(trace)).toEqual(
        expect.arrayContaining(['resolve', 'pull', 'render', 'preflight', 'record', 'apply']),
      );
      expect(trace.filter(({ error }) => error !== undefined)).toEqual([]);
    }
    const of = {
      'k8s.namespace.name': tenant.namespace,
      'coxswain.release.name': 'web',
      'coxswain.release.uid': metadata.uid,
      'coxswain.chart.name': 'pushed',
      'coxswain.health': 'Green',
    };
    expect(install?.[0]).toMatchObject({
      name: 'install',
      attributes: { ...of, 'coxswain.version': '1', 'coxswain.chart.version': '1.0.0', 'coxswain.trigger': 'edit' },
      resource: { 'service.name': 'coxswain-controller', 'k8s.cluster.name': 'test' },
      links: [],
    });
    expect(upgrade?.[0]).toMatchObject({
      name: 'upgrade',
      attributes: { ...of, 'coxswain.version': '2', 'coxswain.chart.version': '1.1.0', 'coxswain.trigger': 'push' },
    });
    expect(upgrade?.[0]?.beganAt).toBeGreaterThanOrEqual(pushedAt);
  });

  test('says why a version could not be made, in a word and without its values', async () => {
    const tenant = await coxswain.tenant();
    const chart = await coxswain.push({ name: 'broken', templates: { 'config.yaml': '{{ fail .Values.password }}' } });
    const web = await tenant.apply('web', chart, { values: { password: 'hunter2' } });
    await web.failed('TemplateFailed');
    const [failed = []] = await tracesOf(tenant, 'web', 1);
    expectNested(failed);
    expect(namesOf(failed)).toEqual(['change', 'pull', 'render']);
    expect(failed.map(({ error }) => error)).toEqual(['TemplateFailed', undefined, 'TemplateFailed']);
    expect(failed[0]?.attributes).toMatchObject({ 'error.type': 'TemplateFailed' });
    expect(JSON.stringify(await collector.spans())).not.toContain('hunter2');
  });

  test('of a version that another one replaces ends there, and the next one names it', async () => {
    const tenant = await coxswain.tenant();
    const chart = await coxswain.push({ name: 'balanced', templates: { 'service.yaml': BALANCED } });
    const web = await tenant.apply('web', chart);
    await web.until(({ status }) => status?.operation?.phase === 'Done');
    await web.patch({ values: { greeting: 'hi' } });
    await web.until(({ status }) => status?.version === 2 && status.operation?.phase === 'Done');
    await giveAddress(tenant, 'web');
    await web.ready();
    const [install = [], upgrade = []] = await tracesOf(tenant, 'web', 2);
    expect(install[0]?.attributes).toMatchObject({ 'coxswain.superseded': true });
    expect(upgrade[0]?.links).toMatchObject([{ traceId: install[0]?.traceId, spanId: install[0]?.spanId }]);
    expect(namesOf(upgrade).at(-1)).toBe('wait until Green');
    expectNested(upgrade);
  });

  test('stays one where the controller is killed in the middle', async () => {
    const tenant = await coxswain.tenant();
    const chart = await coxswain.push({ name: 'interrupted', templates: { 'service.yaml': BALANCED } });
    const web = await tenant.apply('web', chart);
    const { metadata, status } = await web.until((seen) => seen.status?.operation?.phase === 'Done');
    const isApplied = ({ name, beganAt }: SeenSpan): boolean =>
      name === 'apply' && beganAt === Date.parse(status?.operation?.startedAt ?? '');
    await eventually(
      async () => collector.spans(),
      (spans) => spans.some(isApplied),
    );
    coxswain.controller.kill('SIGKILL');
    await coxswain.controller.exited;
    await giveUpLease(coxswain.controlPlane);
    await coxswain.restart(traced());
    await giveAddress(tenant, 'web');
    await web.ready();
    const [trace = []] = await tracesOf(tenant, 'web', 1);
    const [root] = trace;
    expect(root?.attributes).toMatchObject({ 'coxswain.release.uid': metadata.uid, 'coxswain.resumed': true });
    expect(namesOf(trace).toSorted()).toEqual(
      ['apply', 'install', 'preflight', 'pull', 'record', 'render', 'wait until Green'].toSorted(),
    );
    expect(trace.slice(1).every(({ parentSpanId }) => parentSpanId === root?.spanId)).toBe(true);
    const instances = new Set(trace.map(({ traceId }) => traceId));
    expect(instances.size).toBe(1);
  });
});
