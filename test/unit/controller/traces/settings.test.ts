import { describe, expect, test } from '@jest/globals';
import { traceSettings } from '../../../../controller/traces/settings.ts';

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };
const OWN = 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT';

describe('what the environment says of traces', () => {
  test('is nothing unless it names an endpoint, or where it turns them off', () => {
    expect(traceSettings({ OTEL_SERVICE_NAME: 'release' })).toBeUndefined();
    expect(traceSettings({ ...ENDPOINT, OTEL_SDK_DISABLED: 'true' })).toBeUndefined();
    expect(traceSettings({ ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' })).toBeUndefined();
  });

  test('is the endpoint for traces as it is, and that for everything with the path for traces', () => {
    expect(traceSettings(ENDPOINT)?.url.href).toBe('http://collector:4318/v1/traces');
    const below = { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://example.com/otlp/' };
    expect(traceSettings(below)?.url.href).toBe('https://example.com/otlp/v1/traces');
    expect(traceSettings({ ...ENDPOINT, [OWN]: 'https://example.com/in' })?.url.href).toBe('https://example.com/in');
  });

  test('is headers, resource and share, by the rules of OpenTelemetry', () => {
    const settings = traceSettings({
      ...ENDPOINT,
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20abc=, x-tenant = shop',
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=other,k8s.cluster.name=one',
      OTEL_SERVICE_NAME: 'coxswain',
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.25',
    });
    expect(settings).toMatchObject({
      headers: { authorization: 'Bearer abc=', 'x-tenant': 'shop' },
      resource: { 'service.name': 'coxswain', 'k8s.cluster.name': 'one' },
      ratio: 0.25,
      timeoutMs: 10_000,
      intervalMs: 5_000,
    });
  });

  test.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc'],
    ['OTEL_TRACES_SAMPLER', 'jaeger_remote'],
    ['OTEL_EXPORTER_OTLP_TIMEOUT', 'soon'],
  ])('is refused where %s is %j', (variable, value) => {
    expect(() => traceSettings({ ...ENDPOINT, [variable]: value })).toThrow(variable);
  });

  test('is refused without the headers, which may be secret, being told', () => {
    const given = { ...ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS: 'hunter2' };
    expect(() => traceSettings(given)).toThrow(/^OTEL_EXPORTER_OTLP_HEADERS takes key=value pairs(?!.*hunter2)/);
  });
});
