import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { createGunzip } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { EventStream } from '../../../../dashboard/server/http/event-stream.ts';
import { Batches } from '../../../../dashboard/server/live/batches.ts';
import { PendingRows } from '../../../../dashboard/server/live/pending-rows.ts';
import { eventually } from '../../../support/eventually.ts';
import type { ReleaseRow } from '../../../../dashboard/api/index.ts';

const server = createServer();
const logged: string[] = [];
/** A megabyte that does not get much smaller. */
const MEGABYTE = randomBytes(768 * 1024).toString('base64');

beforeEach(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => void server.close(resolve));
});

/** A stream to somebody who has asked for it, and reads only when told to. */
async function opened(slowReaderMs: number, encoding = 'identity') {
  const { port } = server.address() as AddressInfo;
  const reader = connect(port, '127.0.0.1');
  reader.pause();
  reader.write(`GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: ${encoding}\r\n\r\n`);
  const [, response] = (await once(server, 'request')) as [unknown, ServerResponse];
  return {
    reader,
    response,
    stream: new EventStream(response, { heartbeatMs: 60_000, slowReaderMs }, (line) => logged.push(line)),
  };
}

/** More than the system keeps for a connection. */
function sendMuch(stream: EventStream): void {
  for (let sent = 0; sent < 64; sent += 1) stream.send('changed', MEGABYTE);
}

test.each(['identity', 'gzip'])('a reader who does not read what was sent is disconnected (%s)', async (encoding) => {
  const { reader, stream } = await opened(20, encoding);
  sendMuch(stream);
  expect(stream.isBlocked).toBe(true);
  if (!stream.ended.aborted) await once(stream.ended, 'abort');
  reader.destroy();
});

test.each(['identity', 'gzip'])(
  'while somebody reads slowly, changes wait, and are then sent once (%s)',
  async (encoding) => {
    const { reader, stream } = await opened(60_000, encoding);
    let told = 0;
    const batches = new Batches(stream, 1, () => (told += 1));
    sendMuch(stream);
    for (let change = 0; change < 5; change += 1) {
      batches.soon();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(told).toBe(0);
    reader.resume();
    await eventually(
      async () => told,
      (times) => times === 1,
    );
    reader.destroy();
  },
);

test('a compressed stream hands over each event as it is sent, and ends', async () => {
  const { port } = server.address() as AddressInfo;
  const request = get({ port, headers: { 'accept-encoding': 'gzip, br' } });
  const [, response] = (await once(server, 'request')) as [unknown, ServerResponse];
  const stream = new EventStream(response, { heartbeatMs: 60_000, slowReaderMs: 60_000 }, (line) => logged.push(line));
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  expect(answer.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
  const events = answer.pipe(createGunzip()).setEncoding('utf8');
  for (const number of [1, 2]) {
    stream.send('changed', { number });
    expect(await once(events, 'data')).toEqual([`event: changed\ndata: {"number":${number}}\n\n`]);
  }
  stream.end('enough');
  expect(await once(events, 'data')).toEqual(['event: ended\ndata: {"message":"enough"}\n\n']);
  await once(events.resume(), 'end');
});

test('a stream that has ended is disconnected where its end is not read', async () => {
  const { reader, response, stream } = await opened(20);
  sendMuch(stream);
  stream.close();
  await once(response, 'close');
  reader.destroy();
});

test('a defect ends the stream of one viewer, and is logged', async () => {
  const { reader, stream } = await opened(60_000);
  const batches = new Batches(stream, 1, () => {
    throw new Error('too odd');
  });
  batches.soon();
  await once(stream.ended, 'abort');
  expect(logged.splice(0)).toEqual([expect.stringMatching(/^defect: Error: too odd/)]);
  reader.destroy();
});

test('for frequent changes the last state is sent, and for a deleted row its deletion', () => {
  const row = (name: string, message: string): ReleaseRow => ({ namespace: 'shop', name, message }) as ReleaseRow;
  const pending = new PendingRows();
  for (const message of ['one', 'two']) pending.put(row('web', message));
  pending.put(row('api', 'one'));
  pending.drop({ namespace: 'shop', name: 'api' });
  expect(pending.take()).toEqual({ changed: [row('web', 'two')], gone: [{ namespace: 'shop', name: 'api' }] });
  expect(pending.take()).toEqual({ changed: [], gone: [] });
});
