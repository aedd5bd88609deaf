import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SpanExporter } from '../../../controller/traces/exporter.ts';
import { traceSettings } from '../../../controller/traces/settings.ts';
import { childOf, rootOf, type Span } from '../../../controller/traces/span.ts';
import { eventually } from '../../support/eventually.ts';
import { startCollector, type Collector } from '../../support/otel/collector.ts';

let collector: Collector;

beforeAll(async () => {
  collector = await startCollector();
}, 1_200_000);
afterAll(async () => collector?.stop());

test('the receiver of the OpenTelemetry Collector reads spans as they were meant', async () => {
  const settings = traceSettings({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
    OTEL_BSP_SCHEDULE_DELAY: '10',
    OTEL_RESOURCE_ATTRIBUTES: 'k8s.cluster.name=one%2Ctwo',
  });
  if (!settings) throw new Error('the environment names a collector');
  const ends = { sent: 0, dropped: 0 };
  const onEnd = (end: keyof typeof ends, count: number): number => (ends[end] += count);
  const exporter = new SpanExporter({ settings, proxy: {}, log: () => undefined, onEnd });
  const [root, before] = [rootOf('uid', '2026-01-01T00:00:00Z', 2), rootOf('uid', '2026-01-01T00:00:00Z', 1)];
  const beganAt = Date.parse('2026-01-01T00:00:00.123Z');
  const install: Span = {
    ...root,
    name: 'install',
    beganAt,
    endedAt: beganAt + 1500,
    attributes: { 'k8s.namespace.name': 'shop', 'coxswain.version': 2, 'coxswain.resumed': true },
    links: [before],
  };
  const apply: Span = {
    ...childOf(root),
    name: 'apply',
    beganAt: beganAt + 10,
    endedAt: beganAt + 20,
    attributes: { text: '"é\u2028' },
    error: 'Refused',
  };
  exporter.add('shop', apply);
  exporter.add('shop', install);
  const spans = await eventually(
    async () => collector.spans(),
    (seen) => seen.length === 2,
  );
  await exporter.stop();
  expect(ends).toEqual({ sent: 2, dropped: 0 });
  const resource = {
    'service.name': 'coxswain-controller',
    'service.instance.id': expect.any(String),
    'k8s.cluster.name': 'one,two',
  };
  expect(spans).toEqual([
    {
      ...apply,
      attributes: { text: '"é\u2028', 'error.type': 'Refused' },
      resource,
      links: [],
    },
    {
      ...install,
      parentSpanId: '',
      attributes: { 'k8s.namespace.name': 'shop', 'coxswain.version': '2', 'coxswain.resumed': true },
      resource,
      error: undefined,
    },
  ]);
});
