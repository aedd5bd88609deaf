import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SpanExporter } from '../../../../controller/traces/exporter.ts';
import { childOf, rootOf, type Span } from '../../../../controller/traces/span.ts';
import { eventually } from '../../../support/eventually.ts';

const ROOT = rootOf('uid', '2026-01-01T00:00:00Z', 1);
const span = (name: string): Span => ({ ...childOf(ROOT), name, beganAt: 1000, endedAt: 2000, attributes: {} });

/** What the collector answers, one after the other; the last one from then on. `never`: not at all. */
let answers: (number | 'never')[];
let received: string[][];
let ends: Record<'sent' | 'dropped', number>;
let lines: string[];
let server: Server;

beforeEach(async () => {
  [answers, received, ends, lines] = [[200], [], { sent: 0, dropped: 0 }, []];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      const [answer] = answers.length > 1 ? answers.splice(0, 1) : answers;
      received.push([...body.matchAll(/"name":"(span-\d+)"/g)].map(([, name = '']) => name));
      if (answer !== 'never') response.writeHead(answer ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const exporter = (intervalMs = 1): SpanExporter =>
  new SpanExporter({
    settings: {
      url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`),
      headers: {},
      ca: undefined,
      timeoutMs: 10_000,
      intervalMs,
      resource: { 'service.name': 'test' },
    },
    proxy: {},
    log: (_, message) => lines.push(message),
    onEnd: (end, count) => (ends[end] += count),
  });

test('spans arrive, those that come while others are sent too', async () => {
  const sending = exporter();
  sending.add('shop', span('span-1'));
  await eventually(
    () => received,
    (seen) => expect(seen).toEqual([['span-1']]),
  );
  sending.add('shop', span('span-2'));
  await eventually(
    () => ends,
    (seen) => expect(seen).toEqual({ sent: 2, dropped: 0 }),
  );
  expect(received.flat()).toEqual(['span-1', 'span-2']);
  await sending.stop();
});

test('spans that a collector cannot take now are sent again, and told once; those that it refuses are not', async () => {
  answers = [503, 200, 400];
  const sending = exporter();
  sending.add('shop', span('span-1'));
  await eventually(
    () => ends,
    (seen) => expect(seen).toEqual({ sent: 1, dropped: 0 }),
  );
  expect(received).toEqual([['span-1'], ['span-1']]);
  expect(lines).toEqual(['traces are not delivered', 'traces are delivered again']);
  sending.add('shop', span('span-2'));
  await eventually(
    () => ends,
    (seen) => expect(seen).toEqual({ sent: 1, dropped: 1 }),
  );
  await sending.stop();
});

test('a collector that does not answer costs one request at a time, and the spans beyond what may wait', async () => {
  answers = ['never'];
  const sending = exporter();
  for (let n = 1; n <= 5_000; n += 1) sending.add('shop', span(`span-${n}`));
  expect(ends).toEqual({ sent: 0, dropped: 5_000 - 2_048 });
  await eventually(
    () => received,
    (seen) => expect(seen).toHaveLength(1),
  );
  expect(received[0]).toHaveLength(512);
  answers = [200];
  await sending.stop();
  expect(ends).toEqual({ sent: 2_048, dropped: 5_000 - 2_048 });
});

test('what is left when the process stops is sent once, and not again if that fails', async () => {
  answers = [503];
  const sending = exporter(3_600_000);
  sending.add('shop', span('span-1'));
  await sending.stop();
  expect(received).toEqual([['span-1']]);
  sending.add('shop', span('span-2'));
  expect(ends).toEqual({ sent: 0, dropped: 2 });
});
