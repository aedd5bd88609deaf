import { afterAll, describe, expect, test } from '@jest/globals';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { boundedByNamespace, codeLabel, MAX_NAMED_NAMESPACES } from '../../../../controller/metrics/bounded-labels.ts';
import { createMetrics } from '../../../../controller/metrics/metrics.ts';
import { serveMetrics } from '../../../../controller/process/metrics-server.ts';

const metrics = createMetrics({ workers: 8, isLeader: () => true });
const seriesOf = async (name: string): Promise<string[]> =>
  (await metrics.text()).split('\n').filter((line) => line.startsWith(`${name}{`));

describe('labels', () => {
  test('with codes are few, whatever a server answers', () => {
    const labels = new Set(Array.from({ length: 1_200 }, (_, code) => codeLabel(code)));
    expect(labels.size).toBeLessThan(30);
    expect([200, 404, 418, 0, 999, 99].map(codeLabel)).toEqual(['200', '404', '4xx', 'none', 'none', 'none']);
  });

  test('with namespaces are bounded; the others are counted together', () => {
    const counts = new Map(Array.from({ length: 5 }, (_, index) => [`n${index}`, index]));
    const sum = (a: number, b: number): number => a + b;
    expect(boundedByNamespace(counts, sum, 3)).toEqual([
      ['n0', 0],
      ['n1', 1],
      ['n2', 2],
      ['_others', 7],
    ]);
    expect(boundedByNamespace(counts, sum, 5).length).toBe(5);
  });
});

describe('the number of tenants', () => {
  test('does not make series without bound', async () => {
    for (let index = 0; index < 2 * MAX_NAMED_NAMESPACES; index++) metrics.passes.added(`n${index}/web`);
    const series = await seriesOf('coxswain_queue_depth');
    expect(series.length).toBe(MAX_NAMED_NAMESPACES + 1);
    expect(series.at(-1)).toBe(`coxswain_queue_depth{release_namespace="_others"} ${MAX_NAMED_NAMESPACES}`);
  });
});

test('the memory that passes hold and wait for is reported', async () => {
  const of = createMetrics({ workers: 1, isLeader: () => true });
  of.followMemory({ waiting: 3, longestWaitMs: 1_500, bytes: 40 });
  const lines = (await of.text()).split('\n').filter((line) => line.startsWith('coxswain_memory_'));
  expect(lines).toEqual([
    'coxswain_memory_waiting 3',
    'coxswain_memory_longest_wait_seconds 1.5',
    'coxswain_memory_held_bytes 40',
  ]);
});

test('the text is the same for everyone who asks within a second', () => {
  const [first, second] = [metrics.text(), metrics.text()];
  expect(second).toBe(first);
});

describe('the server', () => {
  let server: Server | undefined;
  afterAll(() => void server?.close());

  test('serves the metrics, and nothing else', async () => {
    server = await serveMetrics(0, metrics);
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const answer = await fetch(`${origin}/metrics`);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(await answer.text()).toContain('coxswain_build_info{version="');
    expect((await fetch(origin)).status).toBe(404);
  });
});
